package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.BufferSource;
import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.Role;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.testkit.RawFrame;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.TextHeartbeat;
import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server's connection on an event loop of its own and a stream in memory. */
final class ConnectionHarness implements AfterEachCallback, ConnectionOwner {
    private static final int MASK = 0x01020304;

    final EventLoop loop = EventLoop.start("bowline-test-connection", true, TransportKind.AUTOMATIC);
    final AtomicInteger open = new AtomicInteger();

    /** Opens a connection on the stream. */
    Connection open(FakeStream stream, ConnectionOptions options, WebSocketListener listener) {
        return open(stream, options, listener, loop.buffers());
    }

    /** Opens a connection on the stream, whose queue takes its chunks from the source given. */
    Connection open(FakeStream stream, ConnectionOptions options, WebSocketListener listener, BufferSource chunks) {
        return inLoop(() -> {
            Opened opened = new Opened(
                    Role.SERVER,
                    new UpgradeRequest(
                            new RequestHead("GET", "/", HttpHeaders.EMPTY), List.of(), stream.remoteAddress()),
                    "",
                    null,
                    null,
                    new EncodedTextHeartbeat(TextHeartbeat.PING_PONG));
            Connection connection =
                    new Connection(loop, stream, new OutputQueue(chunks), options, opened, listener, this);
            connection.start(ByteBuffer.allocate(0));
            return connection;
        });
    }

    /** The peer sends frames, in one read. */
    void receive(FakeStream stream, RawFrame... frames) {
        RawFrame[] masked = new RawFrame[frames.length];
        for (int i = 0; i < frames.length; i++) {
            masked[i] = frames[i].withMask(MASK);
        }
        inLoop(() -> {
            stream.incoming(RawFrame.concat(masked));
            stream.handler().onReadable();
            return true;
        });
    }

    /** The peer ends its side of the stream. */
    void end(FakeStream stream) {
        stream.end();
        inLoop(() -> {
            stream.handler().onReadable();
            return true;
        });
    }

    /** Runs something on the loop, and waits until the turn's flush is done too. */
    <T> T inLoop(Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(action.call());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        T value = result.join();
        turn();
        return value;
    }

    /** Waits for the end of the loop's turn, and of the one that it may have caused. */
    void turn() {
        for (int i = 0; i < 2; i++) {
            CompletableFuture<Boolean> flushed = new CompletableFuture<>();
            loop.execute(() -> loop.flushLater(() -> flushed.complete(true)));
            flushed.join();
        }
    }

    @Override
    public void onOpened(Connection connection) {
        open.incrementAndGet();
    }

    @Override
    public void onClosed(Connection connection, CloseEvent event) {
        open.decrementAndGet();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        loop.stop();
    }
}
