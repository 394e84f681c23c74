/**
 * WebSocket server and client. Start at {@link dev.bowline.websocket.WebSocketServer},
 * {@link dev.bowline.websocket.WebSocketClient} and {@link dev.bowline.websocket.WebSocket}.
 */
@NullMarked
package dev.bowline.websocket;

import org.jspecify.annotations.NullMarked;
