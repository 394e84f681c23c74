package dev.bowline.websocket.internal.server;

import dev.bowline.codec.CloseCode;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.ServerStatistics;
import dev.bowline.websocket.StaticResource;
import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.Transport;
import dev.bowline.websocket.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A running server: its event loops, of which the first one accepts for all, and its listening socket.
 */
public final class Server implements Transport.AcceptHandler {
    private static final Log LOG = Log.of(Server.class);

    /** How long not to accept after it failed: file descriptors have run out, and some may be released meanwhile. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    /** A failure may come and go with every connection that ends; it is logged no more often than this. */
    private static final Duration ACCEPT_LOG_INTERVAL = Duration.ofMinutes(1);

    /** How long terminated connections have to tell their listeners so. */
    private static final Duration TERMINATION_GRACE = Duration.ofSeconds(1);

    private final ServerContext context;
    private final List<EventLoop> loops;
    private final Registry registry;
    private final Transport.Acceptor acceptor;
    private final CountDownLatch accepting = new CountDownLatch(1); // zero when the acceptor is closed

    // Touched by the accepting loop alone.
    private int nextLoop;
    private boolean acceptFailureLogged;
    private long acceptFailureLoggedNanos;

    private Server(ServerContext context, List<EventLoop> loops, InetSocketAddress address) throws IOException {
        this.context = context;
        this.loops = loops;
        this.registry = new Registry(loops, context.admission());
        this.acceptor = listen(address);
    }

    /**
     * Binds and begins to accept.
     *
     * @throws IOException if the address can't be bound; the message says which and why
     */
    public static Server start(
            InetSocketAddress address,
            ServerOptions options,
            List<Endpoint> endpoints,
            Map<String, StaticResource> resources)
            throws IOException {
        List<EventLoop> loops = new ArrayList<>();
        try {
            for (int i = 0; i < options.eventLoops(); i++) {
                loops.add(EventLoop.start("bowline-server-" + address.getPort() + "-" + i, false, options.transport()));
            }
            return new Server(new ServerContext(options, endpoints, resources), loops, address);
        } catch (IOException | RuntimeException | Error e) {
            loops.forEach(EventLoop::stop);
            throw e;
        }
    }

    private Transport.Acceptor listen(InetSocketAddress address) throws IOException {
        EventLoop loop = loops.get(0);
        CompletableFuture<Transport.Acceptor> listening = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                listening.complete(
                        loop.transport().listen(address, context.options().backlog(), this));
            } catch (IOException | RuntimeException e) {
                listening.completeExceptionally(e);
            }
        });
        try {
            return listening.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = address.isUnresolved()
                    ? "unknown host"
                    : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(
                    "can't listen on " + address.getHostString() + ":" + address.getPort() + ": " + why, cause);
        }
    }

    public boolean isSecure() {
        return context.tls() != null;
    }

    /** Speaks TLS with other keys, or other trust, on connections accepted from now on. From any thread. */
    public void tls(ServerTls tls) {
        context.tls(tls);
    }

    public Registry registry() {
        return registry;
    }

    /** What it has done, and what it holds. From any thread. */
    public ServerStatistics statistics() {
        return registry.statistics();
    }

    public InetSocketAddress localAddress() {
        return acceptor.localAddress();
    }

    // ---- Accepting, on the first loop ----

    @Override
    public void onAccepted(Stream stream) {
        ServerCounters accepting = registry.of(0).counters();
        accepting.accepted();
        int index = nextLoop;
        nextLoop = (nextLoop + 1) % loops.size();
        Admission.Verdict verdict =
                context.admission().admit(stream.remoteAddress().getAddress());
        if (verdict != Admission.Verdict.ADMITTED && !context.admission().admitRefused()) {
            stream.close();
            accepting.unanswered(ServerCounters.DROPPED);
            return;
        }
        loops.get(index).execute(() -> takeOver(registry.of(index), stream, verdict));
    }

    private void takeOver(Registry.LoopConnections owner, Stream stream, Admission.Verdict verdict) {
        HttpConnection connection = new HttpConnection(context, owner, stream, verdict == Admission.Verdict.ADMITTED);
        switch (verdict) {
            case ADMITTED -> connection.start();
            case SERVER_FULL ->
                connection.refuse(HttpResponses.refusal(
                        503, "The server has no room for more connections.", HttpResponses.RETRY, false));
            case ADDRESS_FULL -> connection.refuse(HttpResponses.addressFull());
        }
    }

    @Override
    public void onAcceptFailed(Transport.Acceptor failing, IOException cause) {
        EventLoop loop = loops.get(0);
        long now = loop.nowNanos();
        if (!acceptFailureLogged || now - acceptFailureLoggedNanos >= ACCEPT_LOG_INTERVAL.toNanos()) {
            acceptFailureLogged = true;
            acceptFailureLoggedNanos = now;
            LOG.log(System.Logger.Level.WARNING, "Accepting connections fails; trying again until it works", cause);
        }
        failing.accepting(false);
        TimingWheel.Timer pause = TimingWheel.Timer.of(() -> {
            if (!context.isStopping()) {
                failing.accepting(true);
            }
        });
        loop.timers().set(pause, now + ACCEPT_PAUSE.toNanos());
    }

    // ---- Stopping ----

    /** Accepts no more connections; those that are open WebSockets stay. From any thread, and more than once. */
    public void stopAccepting() {
        context.stopping();
        loops.get(0).execute(() -> {
            acceptor.close();
            accepting.countDown();
        });
    }

    /** Stops accepting, closes with 1001, waits, cuts; returns when all event loops have ended, but for blocked ones. */
    public void stop(Duration grace) throws InterruptedException {
        stopAccepting();
        registry.closeAll(CloseCode.GOING_AWAY, "server is shutting down");
        registry.awaitEmpty(grace);
        registry.terminateAll(); // where all are gone, too: one may just be opening
        registry.awaitEmpty(TERMINATION_GRACE);
        // Else what the first loop still accepts would be handed to one that has ended, where nobody would ever close
        // it.
        if (!accepting.await(TERMINATION_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.log(System.Logger.Level.DEBUG, "The event loop that accepts is blocked; it is ended all the same");
        }
        EventLoop.end(loops);
    }
}
