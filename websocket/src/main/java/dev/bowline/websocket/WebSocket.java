package dev.bowline.websocket;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.PreparedMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection; the same for server and client.
 *
 * <p><b>Life.</b> It is {@link ReadyState#OPEN} when the listener first sees it, in {@code onOpen}. It becomes
 * {@link ReadyState#CLOSING} when {@link #close} is called or the peer's Close frame comes, and {@link ReadyState#CLOSED} when the TCP stream is
 * gone; then {@code onClose} is called, once, whatever the cause. It never comes back: what reconnects is
 * a {@code ReconnectingWebSocket}.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and none blocks. Messages sent by one thread leave in
 * the order in which that thread sent them. What is sent within one callback, or one turn of the event loop, leaves in
 * one write.
 *
 * <p><b>Bounds.</b> The outgoing queue is capped in bytes ({@link ConnectionOptions#maxQueuedBytes}); look at what
 * {@code send} returns, and at {@code onDrained}.
 */
public interface WebSocket {
    /**
     * Sends a text message.
     *
     * @param text any text; a surrogate without its pair is sent as a question mark
     */
    SendResult send(String text);

    /**
     * Sends a binary message.
     *
     * @param data the bytes between position and limit; copied, position and limit unchanged, so the caller may use the
     *     buffer again at once
     */
    SendResult send(ByteBuffer data);

    /** Sends a message that was framed once, for sending to many. */
    SendResult send(PreparedMessage message);

    /**
     * Sends a Ping frame (RFC 6455 §5.5.2); its pong comes as {@code onPong}.
     *
     * @param payload at most 125 bytes between position and limit; copied
     * @throws IllegalArgumentException for a longer payload
     */
    SendResult ping(ByteBuffer payload);

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

    /** Cuts the TCP stream at once; what is queued is lost, and both ends see 1006. */
    void terminate();

    ReadyState readyState();

    /** The bytes that were accepted and not yet handed to the operating system, framing included. */
    long bufferedAmount();

    /** The subprotocol both ends agreed on; empty for none. */
    String protocol();

    /** The extensions both ends agreed on, as in the header field; empty for none. */
    String extensions();

    /** The request that opened the connection: what the client sent, for either end. */
    UpgradeRequest request();

    /** The name of the authenticated user, where {@code onUpgrade} gave one; null otherwise and on a client. */
    @Nullable
    String user();

    InetSocketAddress remoteAddress();

    /** The time between the last answered heartbeat ping and its pong; empty before the first. */
    Optional<Duration> roundTripTime();

    /**
     * Stops reading from the peer until {@link #resumeReading}: TCP then slows the peer down. Messages that were read
     * already are still delivered, at most 64 KiB of them. While reading is paused neither messages nor pongs nor the
     * peer's Close are seen. {@link #close} ends the pause, as the peer's answer must be read.
     */
    void pauseReading();

    void resumeReading();

    /** What the application attached; null at first. */
    @Nullable
    Object attachment();

    /** Attaches an object of the application's to the connection, in place of the one before. */
    void attach(@Nullable Object attachment);
}
