/** Runs the server's half of sessions on the event loops of a server. */
@NullMarked
package dev.bowline.realtime.internal.hub;

import org.jspecify.annotations.NullMarked;
