package dev.bowline.websocket;

import dev.bowline.codec.Compression;
import dev.bowline.codec.PreparedMessage;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A WebSocket that outlives its connections: {@link WebSocketClient#keepConnected}.
 *
 * <p><b>Life.</b> It connects; when the connection ends, or an attempt fails, it waits ({@link Backoff}) and connects again,
 * for ever, until {@link #close()}, a code or an answer that says give up ({@link ReconnectRule}), or
 * {@link ReconnectOptions#maxAttempts}. A link that died in silence is noticed by the connection's {@link Heartbeat}. The
 * {@link ReconnectListener} is told each step, at last {@code onEnd}.
 *
 * <p><b>Sending.</b> While there is no connection, messages wait in a queue with a cap in bytes, and leave in order when
 * there is one. Messages sent by one thread leave in the order in which that thread sent them, over a reconnect too.
 *
 * <p><b>Loss.</b> A queued message is never dropped in silence: what can't be sent any more comes back in
 * {@code onEnd}. But a message that a connection has accepted is out of this object's hands: if that connection dies,
 * nobody here knows whether it has arrived, and it is not sent again, as that might double it. What the server sent while
 * there was no connection is not sent again either. Sessions will know better; plain WebSocket has no acknowledgement.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and none blocks.
 */
public interface ReconnectingWebSocket extends MessageSender {
    /**
     * Sends or queues a text message.
     *
     * @return {@link SendResult#ACCEPTED} if it was handed to the connection or queued; {@link SendResult#QUEUE_FULL} if
     *     there is no room where it would have to wait, or it is larger than a connection's queue; {@link SendResult#CLOSED}
     *     after {@code close} or at the end
     */
    @Override
    SendResult send(String text, Compression compression);

    /** As {@link #send(String, Compression)}. */
    @Override
    SendResult send(ByteBuffer data, Compression compression);

    /** As {@link #send(String, Compression)}. */
    @Override
    SendResult send(PreparedMessage message);

    /**
     * Ends it: closes the connection, or stops waiting and connecting; {@code onEnd} follows. What is still in the queue
     * comes back there. Does nothing when it has ended already.
     */
    @Override
    void close(int code, String reason);

    /** Connects at once if it waits; for signs that only your program sees, such as a network that is back. */
    void connectNow();

    /**
     * {@link ReadyState#OPEN} while there is a connection that takes messages, {@link ReadyState#CONNECTING} while it
     * connects or waits, {@link ReadyState#CLOSING} after {@code close}, {@link ReadyState#CLOSED} at the end.
     */
    @Override
    ReadyState readyState();

    /** The bytes that wait: in the queue, and in the connection's own. */
    @Override
    long bufferedAmount();

    /** The present connection; empty while there is none. */
    Optional<WebSocket> connection();

    URI uri();
}
