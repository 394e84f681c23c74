/** What makes a WebSocket outlive its connections. */
@NullMarked
package dev.bowline.websocket.internal.reconnect;

import org.jspecify.annotations.NullMarked;
