package dev.bowline.websocket.internal.reconnect;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for a connection, and the switch between waiting and sending. Safe from any thread; the lock is
 * never held while a connection or the application is called.
 *
 * <p>Messages of one thread keep their order: the switch is turned to a connection only when nothing waits any more, in
 * the same breath, and a connection that has refused for being closed is never tried again.
 */
final class Outbox {
    /** What a message counts beside its payload: the largest frame header, as in a connection's own queue. */
    static final int OVERHEAD_BYTES = 14;

    private final long maxBytes;
    private final long maxConnectionBytes;

    private final Object lock = new Object();
    private final Queue<PreparedMessage> waiting = new ArrayDeque<>(); // guarded by lock
    private boolean ended; // guarded by lock; nothing is taken any more
    private long waitingBytes; // guarded by lock
    private volatile @Nullable WebSocket live; // written under lock; null while messages must wait

    /**
     * @param maxBytes how much may wait here
     * @param maxConnectionBytes how much may wait in a connection; a larger message can never be sent
     */
    Outbox(long maxBytes, long maxConnectionBytes) {
        this.maxBytes = maxBytes;
        this.maxConnectionBytes = maxConnectionBytes;
    }

    /**
     * Sends or queues.
     *
     * @param direct sends the message on a connection
     * @param framed makes the message that waits
     */
    SendResult send(Function<WebSocket, SendResult> direct, Supplier<PreparedMessage> framed) {
        WebSocket tried = null;
        PreparedMessage message = null;
        while (true) {
            WebSocket socket = live;
            if (socket != null && socket != tried) {
                SendResult result = direct.apply(socket);
                if (result != SendResult.CLOSED) {
                    return result;
                }
                tried = socket;
            }
            if (message == null) {
                message = framed.get();
            }
            synchronized (lock) {
                if (ended) {
                    return SendResult.CLOSED;
                }
                if (live == null || live == tried) {
                    return queue(message);
                }
            }
            // There is a new connection meanwhile.
        }
    }

    /** Under the lock. */
    private SendResult queue(PreparedMessage message) {
        long bytes = cost(message);
        if (bytes > maxConnectionBytes || waitingBytes + bytes > maxBytes) {
            return SendResult.QUEUE_FULL;
        }
        waiting.add(message);
        waitingBytes += bytes;
        return SendResult.ACCEPTED;
    }

    /**
     * Hands what waits to a connection, and when nothing does, turns the switch to it. Called by one thread at a time.
     *
     * @return false if the connection has no more room now: call it again when it has drained
     */
    boolean flush(WebSocket socket) {
        while (true) {
            PreparedMessage next;
            synchronized (lock) {
                next = waiting.peek();
                if (next == null) {
                    live = ended ? null : socket;
                    return true;
                }
            }
            // Asked before, as a connection may be set to end when more is sent than fits.
            if (socket.bufferedAmount() + cost(next) > maxConnectionBytes) {
                return false;
            }
            SendResult result = socket.send(next);
            if (result != SendResult.ACCEPTED) {
                return result == SendResult.CLOSED; // what waits, waits for the next connection
            }
            synchronized (lock) {
                waiting.remove();
                waitingBytes -= cost(next);
            }
        }
    }

    /** There is no connection any more. */
    void detach() {
        synchronized (lock) {
            live = null;
        }
    }

    /** Takes nothing any more. */
    void refuse() {
        synchronized (lock) {
            ended = true;
            live = null;
        }
    }

    /** Takes nothing any more, and gives back what waits, the oldest first. */
    List<PreparedMessage> end() {
        synchronized (lock) {
            ended = true;
            live = null;
            List<PreparedMessage> left = List.copyOf(waiting);
            waiting.clear();
            waitingBytes = 0;
            return left;
        }
    }

    /** The bytes that wait here. */
    long waitingBytes() {
        synchronized (lock) {
            return waitingBytes;
        }
    }

    private static long cost(PreparedMessage message) {
        return (long) message.payloadBytes() + OVERHEAD_BYTES;
    }
}
