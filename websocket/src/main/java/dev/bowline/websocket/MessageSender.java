package dev.bowline.websocket;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.Compression;
import dev.bowline.codec.PreparedMessage;
import java.nio.ByteBuffer;

/**
 * What sends messages: one connection ({@link WebSocket}), or one after the other ({@link ReconnectingWebSocket}).
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and none blocks. Messages sent by one thread leave in
 * the order in which that thread sent them.
 *
 * <p><b>Bounds.</b> What waits to be sent is capped in bytes: look at what {@code send} returns.
 */
public interface MessageSender {
    /** As {@link #send(String, Compression)}, compressed where that was negotiated and is worth it. */
    default SendResult send(String text) {
        return send(text, Compression.AUTO);
    }

    /** As {@link #send(ByteBuffer, Compression)}, compressed where that was negotiated and is worth it. */
    default SendResult send(ByteBuffer data) {
        return send(data, Compression.AUTO);
    }

    /**
     * Sends a text message.
     *
     * @param text any text; a surrogate without its pair is sent as a question mark
     * @param compression whether to compress it; without effect where no compression was negotiated
     */
    SendResult send(String text, Compression compression);

    /**
     * Sends a binary message.
     *
     * @param data the bytes between position and limit; copied, position and limit unchanged, so the caller may use the
     *     buffer again at once
     * @param compression whether to compress it; without effect where no compression was negotiated
     */
    SendResult send(ByteBuffer data, Compression compression);

    /** Sends a message that was framed once, for sending to many. It says itself whether it is to be compressed. */
    SendResult send(PreparedMessage message);

    /** Closes with 1000 "normal" and no reason. */
    default void close() {
        close(CloseCode.NORMAL, "");
    }

    /**
     * Begins the closing handshake behind what is queued. Does nothing when it has begun already.
     *
     * @param code 1000–1003, 1007–1014 or 3000–4999, or {@link CloseCode#NO_STATUS_RECEIVED} for none
     * @param reason at most 123 bytes of UTF-8
     * @throws IllegalArgumentException for any other code or a longer reason
     */
    void close(int code, String reason);

    ReadyState readyState();

    /** The bytes that were accepted and not yet handed to the operating system, framing included. */
    long bufferedAmount();
}
