package dev.bowline.cli.serve;

import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * What is sent back to one peer, with nothing lost and in order: when the peer reads too slowly, what the connection refused
 * waits here, and no more is read from the peer until it has left.
 *
 * <p>So no more waits than the message that was refused and what had been read already by then, 64 KiB. Touched by
 * the connection's event loop alone.
 */
final class Outbox {
    private final WebSocket socket;
    private final Queue<Supplier<SendResult>> refused = new ArrayDeque<>();

    Outbox(WebSocket socket) {
        this.socket = socket;
    }

    void send(String text) {
        if (mustWait(() -> socket.send(text))) {
            keep(() -> socket.send(text));
        }
    }

    /**
     * @param data copied where it must wait
     */
    void send(ByteBuffer data) {
        if (mustWait(() -> socket.send(data))) {
            ByteBuffer copy =
                    ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
            keep(() -> socket.send(copy));
        }
    }

    /** The connection has room again. */
    void drained() {
        if (refused.isEmpty()) {
            return;
        }
        for (Supplier<SendResult> next = refused.peek(); next != null; next = refused.peek()) {
            if (next.get() == SendResult.QUEUE_FULL) {
                return;
            }
            refused.remove();
        }
        socket.resumeReading();
    }

    private boolean mustWait(Supplier<SendResult> sending) {
        return !refused.isEmpty() || sending.get() == SendResult.QUEUE_FULL;
    }

    private void keep(Supplier<SendResult> sending) {
        refused.add(sending);
        socket.pauseReading();
    }
}
