package dev.bowline.codec;

import java.nio.ByteBuffer;

/**
 * What a {@link WebSocketProtocol} tells its owner while it receives. Called in the order of the wire, on the thread
 * that called {@code receive}.
 *
 * <p>Every payload stands between position and limit of the given buffer, unmasked, and is valid only during the call:
 * it may be the read buffer itself. Copy what must outlive the call, and do not look at or touch bytes outside. The
 * callee may send, close and fail the connection from within a call.
 */
public interface ProtocolHandler {
    /** A whole text message, valid UTF-8. */
    void onText(ByteBuffer utf8);

    /** A whole binary message. */
    void onBinary(ByteBuffer data);

    /** A ping; its pong is queued already (RFC 6455 §5.5.2). */
    void onPing(ByteBuffer payload);

    /** A pong, asked for or not (§5.5.3). */
    void onPong(ByteBuffer payload);
}
