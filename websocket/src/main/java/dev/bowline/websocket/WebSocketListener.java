package dev.bowline.websocket;

import dev.bowline.codec.CloseEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What happens on connections. One listener serves any number of them; state that belongs to a connection is
 * {@linkplain WebSocket#attach attached} to it.
 *
 * <p><b>Order.</b> For each connection: {@code onOpen}, then messages, pings, pongs, errors and drained in the order in
 * which they happen, then {@code onClose}, once. Never two at a time for one connection.
 *
 * <p><b>Threads.</b> Callbacks run on the connection's event loop and must not block: a blocked loop delays all its
 * connections and is logged after 1 s. With {@link ConnectionOptions#callbackExecutor} they run there instead and may
 * block.
 *
 * <p><b>Exceptions.</b> A callback that throws closes its connection with 1011 "internal error"; the throwable goes to
 * {@link #onError}. Other connections are not touched.
 */
public interface WebSocketListener {
    /** The connection is open. */
    default void onOpen(WebSocket socket) {}

    /** A whole text message. */
    default void onText(WebSocket socket, String text) {}

    /**
     * A whole text message, as bytes. Implement this in place of {@link #onText} to spare the {@code String}.
     *
     * @param utf8 valid UTF-8 between position and limit; valid only during the call
     */
    default void onTextBytes(WebSocket socket, ByteBuffer utf8) {
        byte[] bytes = new byte[utf8.remaining()];
        utf8.get(bytes);
        onText(socket, new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * A whole binary message.
     *
     * @param data the message between position and limit; valid only during the call, as it may be the read buffer
     *     itself. Copy what must outlive the call
     */
    default void onBinary(WebSocket socket, ByteBuffer data) {}

    /**
     * A ping from the peer, which is answered already.
     *
     * @param payload at most 125 bytes; valid only during the call
     */
    default void onPing(WebSocket socket, ByteBuffer payload) {}

    /**
     * A pong from the peer, but for those that answer the heartbeat's own pings.
     *
     * @param payload at most 125 bytes; valid only during the call
     */
    default void onPong(WebSocket socket, ByteBuffer payload) {}

    /** The outgoing queue was more than half full and has fallen below half: a good time to go on sending. */
    default void onDrained(WebSocket socket) {}

    /**
     * A callback threw. {@code onClose} follows. That the stream failed is no error: {@code onClose} says so.
     *
     * @param error what was thrown by the callback
     */
    default void onError(WebSocket socket, Throwable error) {
        System.getLogger(WebSocketListener.class.getName())
                .log(System.Logger.Level.WARNING, () -> "Connection " + socket + " failed", error);
    }

    /** The connection is gone; called once for each connection that was open. */
    default void onClose(WebSocket socket, CloseEvent event) {}
}
