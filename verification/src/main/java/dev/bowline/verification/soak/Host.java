package dev.bowline.verification.soak;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.soak.Ledger.Count;
import dev.bowline.websocket.BroadcastResult;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.OverflowPolicy;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.UpgradeDecision;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The server, one after the other on the same port: every second one calls its listener on an executor. Broadcasts and
 * sends to users go out from here, by one thread.
 */
final class Host {
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000; // above, the client ends of connections take ports

    private final SoakOptions options;
    private final Ledger ledger;
    private final Heartbeat heartbeat;
    private final @Nullable Tls tls;
    private final int port;
    private final int users;
    private final ExecutorService executor =
            Executors.newFixedThreadPool(4, task -> new Thread(task, "soak-callbacks"));

    /** Odd while the server is down or goes down; whoever saw the same even number twice was not disturbed. */
    private final AtomicInteger epoch = new AtomicInteger();

    private final AtomicInteger broadcastsUnderWay = new AtomicInteger();
    private final AtomicLong number = new AtomicLong(); // of broadcasts and of sends to users
    private volatile WebSocketServer server;

    /** @param tls null for none */
    Host(SoakOptions options, Ledger ledger, Heartbeat heartbeat, @Nullable Tls tls, Seeded random) {
        this.options = options;
        this.ledger = ledger;
        this.heartbeat = heartbeat;
        this.tls = tls;
        this.users = Math.max(1, options.connections() / 3);
        this.port = freePort(random);
        this.server = start();
    }

    private static int freePort(Seeded random) {
        while (true) {
            int port = random.intBetween(LOWEST_PORT, HIGHEST_PORT);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // Taken; the next one.
            }
        }
    }

    /** Whether the present server calls its listener on an executor. */
    boolean usesExecutor() {
        return (epoch.get() + 1) / 2 % 2 != 0; // the epoch is odd while the next one starts
    }

    private WebSocketServer start() {
        ConnectionOptions.Builder connection = ConnectionOptions.builder()
                .heartbeat(heartbeat)
                .closeTimeout(options.patience().dividedBy(3))
                .maxQueuedBytes(2 << 20)
                .overflowPolicy(OverflowPolicy.CLOSE)
                .extensions(List.of(PermessageDeflate.builder()
                        .ownContext(true)
                        .ownWindowBits(11)
                        .peerContext(true)
                        .build()));
        if (usesExecutor()) {
            connection.callbackExecutor(executor);
        }
        ServerOptions.Builder some = ServerOptions.builder()
                .eventLoops(2)
                .backlog(4096)
                .handshakeTimeout(options.patience().dividedBy(2))
                .connection(connection.build());
        if (tls != null) {
            some.tls(tls.server());
        }
        WebSocketServer.Builder builder = WebSocketServer.builder()
                .port(port)
                .options(some.build())
                .endpoint(Endpoint.of("/*", new Guest.Listener(ledger)).onUpgrade(request -> UpgradeDecision.accept()
                        .user(String.valueOf(request.queryParameter("user")))));
        while (true) {
            try {
                return builder.start();
            } catch (IOException e) {
                ledger.complain("the port of a server that was stopped is not free: " + e.getMessage());
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        }
    }

    int port() {
        return port;
    }

    int users() {
        return users;
    }

    int epoch() {
        return epoch.get();
    }

    /** Whether the server has run undisturbed since {@link #epoch} was {@code then}. */
    boolean undisturbedSince(int then) {
        return then % 2 == 0 && epoch.get() == then;
    }

    /** How many connections the server has. */
    int connections() {
        return server.connections().size();
    }

    /** Stops the server, looks at what it leaves, and starts the next one. */
    void restart(Duration grace) throws InterruptedException {
        epoch.incrementAndGet();
        WebSocketServer old = server;
        old.stop(grace);
        checkEmpty();
        server = start();
        epoch.incrementAndGet();
        ledger.count(Count.RESTARTS);
    }

    /** Nobody may be there. */
    void checkEmpty() {
        if (!server.connections().isEmpty()) {
            ledger.complain(server.connections().size() + " connections are left in the server's view");
        }
        for (int user = 0; user < users; user++) {
            if (!server.user(Integer.toString(user)).isEmpty()) {
                ledger.complain("users have connections left in the server's view, " + user + " is the first");
                return;
            }
        }
    }

    /** One message to all, or to about half of them. */
    void broadcast(boolean half) {
        long n = number.incrementAndGet();
        byte[] content = Content.broadcast(n);
        PreparedMessage message = Content.isText(n)
                ? PreparedMessage.text(new String(content, StandardCharsets.UTF_8))
                : PreparedMessage.binary(ByteBuffer.wrap(content));
        broadcastsUnderWay.incrementAndGet();
        CompletionStage<BroadcastResult> stage = server.broadcast(
                message, socket -> !half || socket.remoteAddress().getPort() % 2 == 0);
        stage.whenComplete((result, error) -> {
            broadcastsUnderWay.decrementAndGet();
            if (error != null) {
                ledger.complain("a broadcast failed: " + error);
            }
        });
    }

    int broadcastsUnderWay() {
        return broadcastsUnderWay.get();
    }

    /** A message to a user, on every connection. */
    void sendToUser(long user) {
        long n = number.incrementAndGet();
        byte[] content = Content.toUser(user, n);
        for (WebSocket socket : server.user(Long.toString(user))) {
            if (Content.isText(n)) {
                socket.send(new String(content, StandardCharsets.UTF_8));
            } else {
                socket.send(ByteBuffer.wrap(content));
            }
        }
    }

    void close() {
        server.close();
        executor.shutdown();
    }
}
