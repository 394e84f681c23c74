package dev.bowline.websocket.internal.client;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.connection.Connection;
import dev.bowline.websocket.internal.connection.ConnectionOwner;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What stands behind a client: its event loops, its attempts and its connections. Safe from any thread. */
public final class Client implements ConnectionOwner {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** How long terminated connections have to tell their listeners so. */
    private static final Duration TERMINATION_GRACE = Duration.ofSeconds(1);

    /** The loop of all clients that have none of their own; started when the first one connects. */
    private static final class Shared {
        static final List<EventLoop> LOOPS = List.of(EventLoop.start("bowline-client", true, TransportKind.AUTOMATIC));
    }

    /** What opens connections on this client whenever it needs one. */
    public interface Dependent {
        /** The client is closed: it is to end, and to say so by {@link Client#ended}. Called from any thread. */
        void clientCloses();
    }

    private final @Nullable List<EventLoop> ownLoops;
    private final AddressResolver resolver;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Set<Runnable> pending = // each makes an attempt fail
            ConcurrentHashMap.newKeySet();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Dependent> dependents = ConcurrentHashMap.newKeySet();
    private final Object empty = new Object(); // notified when neither is left
    private volatile boolean closed;

    /**
     * @param ownEventLoops how many loops to start for this client alone; zero to share the program's
     * @param transport of its own loops
     * @param resolver null for the system's
     */
    public Client(int ownEventLoops, TransportKind transport, @Nullable AddressResolver resolver) {
        this.resolver = resolver == null ? SystemResolver.INSTANCE : resolver;
        if (ownEventLoops == 0) {
            this.ownLoops = null;
        } else {
            String name = "bowline-client-" + NUMBER.incrementAndGet() + "-";
            this.ownLoops = IntStream.range(0, ownEventLoops)
                    .mapToObj(i -> EventLoop.start(name + i, true, transport))
                    .toList();
        }
    }

    AddressResolver resolver() {
        return resolver;
    }

    /** The loops in turn. */
    public EventLoop nextLoop() {
        List<EventLoop> loops = loops();
        return loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
    }

    private List<EventLoop> loops() {
        return ownLoops == null ? Shared.LOOPS : ownLoops;
    }

    /** Throws {@link IllegalStateException} if the client is closed. */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    /** Closes this one, too, when the client is closed; until {@link #ended}. */
    public void began(Dependent dependent) {
        dependents.add(dependent);
        if (closed) {
            dependent.clientCloses();
        }
    }

    public void ended(Dependent dependent) {
        dependents.remove(dependent);
        notifyIfEmpty();
    }

    /** Begins to connect, on the given loop of this client; the result is completed there. */
    public CompletableFuture<WebSocket> connect(
            EventLoop loop, URI uri, ClientOptions options, WebSocketListener listener) {
        CompletableFuture<WebSocket> result = new CompletableFuture<>();
        CompletionStage<WebSocket> stage = result;
        Runnable cancellation = () ->
                result.completeExceptionally(new IOException("the client was closed before the connection was open"));
        pending.add(cancellation);
        stage.whenComplete((socket, error) -> pending.remove(cancellation));
        loop.execute(() -> {
            if (result.isDone()) {
                return; // cancelled already
            }
            Attempt attempt = new Attempt(this, loop, uri, options, listener, result);
            stage.whenComplete((socket, error) -> {
                if (error != null) {
                    loop.execute(attempt::abandon); // where it is not the attempt itself that has failed
                }
            });
            attempt.start();
        });
        if (closed) {
            cancellation.run();
        }
        return result;
    }

    @Override
    public void onOpened(Connection connection) {
        connections.add(connection);
        if (closed) {
            connection.close(CloseCode.GOING_AWAY, "");
        }
    }

    @Override
    public void onClosed(Connection connection, CloseEvent event) {
        connections.remove(connection);
        notifyIfEmpty();
    }

    /** Ends attempts and connections, waits, cuts what is left; then ends the loops, where they are its own. */
    public void stop(Duration grace) throws InterruptedException {
        boolean unused = ownLoops == null && nextLoop.get() == 0;
        if (!unused && loops().stream().anyMatch(EventLoop::isInLoop)) {
            throw new IllegalStateException("a client can't be closed on its event loop, which it would wait for");
        }
        closed = true;
        dependents.forEach(Dependent::clientCloses);
        if (!unused) {
            // Behind what the dependents have given their loops to do: they end their attempts and connections in their
            // own way.
            loops().forEach(loop -> loop.execute(() -> {
                pending.forEach(Runnable::run);
                closeConnections(loop);
            }));
        }
        if (!awaitEmpty(grace)) {
            connections.forEach(WebSocket::terminate);
            awaitEmpty(TERMINATION_GRACE);
        }
        pending.forEach(Runnable::run); // where a callback blocks the loop
        if (ownLoops != null) {
            // One may just be opening; its own loop sees it.
            ownLoops.forEach(loop -> loop.execute(() -> connections.forEach(WebSocket::terminate)));
            EventLoop.end(ownLoops);
        }
    }

    private void closeConnections(EventLoop loop) {
        connections.forEach(socket -> {
            if (socket.loop() == loop) {
                socket.close(CloseCode.GOING_AWAY, "");
            }
        });
    }

    private boolean isEmpty() {
        return connections.isEmpty() && dependents.isEmpty();
    }

    private void notifyIfEmpty() {
        if (isEmpty()) {
            synchronized (empty) {
                empty.notifyAll();
            }
        }
    }

    private boolean awaitEmpty(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (empty) {
            while (!isEmpty()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    return false;
                }
                empty.wait(millis);
            }
        }
        return true;
    }
}
