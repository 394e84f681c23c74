/** An open WebSocket over a stream, for either role. */
@NullMarked
package dev.bowline.websocket.internal.connection;

import org.jspecify.annotations.NullMarked;
