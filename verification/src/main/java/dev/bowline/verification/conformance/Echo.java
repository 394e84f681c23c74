package dev.bowline.verification.conformance;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the side under test does: it sends every message back. It also keeps the books of the connections, for each must
 * be closed once.
 */
final class Echo implements WebSocketListener {
    /** The largest message of any case. */
    static final int LARGEST_MESSAGE = 16 << 20;

    /** What is negotiated: not the defaults but all that there is, so that every message is compressed, with context. */
    private static final List<ExtensionNegotiator> EXTENSIONS = List.of(PermessageDeflate.builder()
            .thresholdBytes(0)
            .ownContext(true)
            .peerContext(true)
            .build());

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();

    /**
     * The defaults, but for what the cases need: room for their largest message, and no heartbeat, as a judge that is
     * busy for long is not to be taken for dead.
     */
    static ConnectionOptions.Builder options() {
        return ConnectionOptions.builder()
                .maxMessageBytes(LARGEST_MESSAGE)
                .maxFrameBytes(LARGEST_MESSAGE)
                .maxQueuedBytes(4L * LARGEST_MESSAGE)
                .closeTimeout(Duration.ofSeconds(5))
                .heartbeat(Heartbeat.OFF)
                .extensions(EXTENSIONS);
    }

    @Override
    public void onOpen(WebSocket socket) {
        opened.incrementAndGet();
    }

    @Override
    public void onText(WebSocket socket, String text) {
        check(socket, socket.send(text));
    }

    @Override
    public void onBinary(WebSocket socket, ByteBuffer data) {
        check(socket, socket.send(data));
    }

    private void check(WebSocket socket, SendResult result) {
        if (result == SendResult.QUEUE_FULL) {
            troubles.add(socket + ": an echo found the queue full");
        }
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        troubles.add(socket + ": " + error);
    }

    @Override
    public void onClose(WebSocket socket, CloseEvent event) {
        closed.incrementAndGet();
    }

    int opened() {
        return opened.get();
    }

    int closed() {
        return closed.get();
    }

    /** What should not have happened, in words. */
    Queue<String> troubles() {
        return troubles;
    }
}
