package dev.bowline.websocket;

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
public interface WebSocket extends MessageSender {
    /**
     * Sends a Ping frame (RFC 6455 §5.5.2); its pong comes as {@code onPong}.
     *
     * @param payload at most 125 bytes between position and limit; copied
     * @throws IllegalArgumentException for a longer payload
     */
    SendResult ping(ByteBuffer payload);

    /** Cuts the TCP stream at once; what is queued is lost, and both ends see 1006. */
    void terminate();

    /** The subprotocol both ends agreed on; empty for none. */
    String protocol();

    /** The extensions both ends agreed on, as in the header field; empty for none. */
    String extensions();

    /** The request that opened the connection: what the client sent, for either end. */
    UpgradeRequest request();

    /** The name of the authenticated user, where {@code onUpgrade} gave one; null otherwise and on a client. */
    @Nullable
    String user();

    /**
     * Where the other end is; on a server behind {@linkplain ServerOptions.Builder#trustedProxies trusted proxies} the client that they
     * speak for, with port 0.
     */
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
