/**
 * Sessions that survive the network, over WebSocket. Start at {@link dev.bowline.realtime.Bowline} and
 * {@link dev.bowline.realtime.SessionClient}.
 */
@NullMarked
package dev.bowline.realtime;

import org.jspecify.annotations.NullMarked;
