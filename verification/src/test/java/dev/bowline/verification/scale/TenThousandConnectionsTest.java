package dev.bowline.verification.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.support.LineProcess;
import dev.bowline.verification.support.Requirements;
import dev.bowline.websocket.BroadcastResult;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.UpgradeDecision;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand idle connections, on a server with default settings but for a faster heartbeat, in a JVM with the
 * settings of every test here.
 */
@Tag("once")
class TenThousandConnectionsTest {
    private static final System.Logger LOG = System.getLogger(TenThousandConnectionsTest.class.getName());

    private static final int CONNECTIONS = 10_000;

    /** The server's sockets, and room for what a JVM has open beside them. */
    private static final long FILES_NEEDED = 12_000;

    /** For a machine with other things to do; nothing here depends on how fast it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Heartbeat HEARTBEAT = new Heartbeat(Duration.ofSeconds(3), Duration.ofSeconds(60));

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger closedUncleanly = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Recorder<String> said = new Recorder<>();

    @Test
    void areAllHeldAndPingedAndReachedByNameAndByBroadcast() throws Exception {
        Requirements.openFiles(FILES_NEEDED);
        long start = System.nanoTime();
        ServerOptions options = ServerOptions.builder()
                .connection(ConnectionOptions.builder().heartbeat(HEARTBEAT).build())
                .build();
        try (WebSocketServer server = WebSocketServer.builder()
                        .options(options)
                        .endpoint(Endpoint.of("/", new Counting()).onUpgrade(request -> UpgradeDecision.accept()
                                .user(String.valueOf(request.queryParameter("user")))))
                        .start();
                LineProcess clients = LineProcess.java(
                        said::record,
                        List.of("-Xmx512m"),
                        IdleClients.class,
                        Integer.toString(server.port()),
                        "0",
                        Integer.toString(CONNECTIONS))) {
            expect("open " + CONNECTIONS);
            Await.untilEquals("connections", server.connections()::size, CONNECTIONS);
            log("opened", start);

            expect("pinged " + CONNECTIONS);
            assertThat(server.connections()).hasSize(CONNECTIONS);
            log("pinged", start);

            reachOne(server);
            reachAll(server);
            log("reached", start);

            clients.say("close");
            String pings = said.take(PATIENCE);
            expect("closed " + CONNECTIONS + " " + CONNECTIONS + " 0");
            log("heard", start);
            Await.untilEquals("connections left", () -> server.connections().size(), 0);
            Await.untilEquals("connections told closed", closed::get, CONNECTIONS);
            LOG.log(System.Logger.Level.INFO, pings);
            log("closed", start);
        }
        assertThat(opened).hasValue(CONNECTIONS);
        assertThat(closedUncleanly).hasValue(0);
        assertThat(failed).hasValue(0);
        said.assertEmpty();
    }

    /** A message to a user arrives there; that it arrived nowhere else shows with the broadcast, which comes behind it. */
    private void reachOne(WebSocketServer server) {
        Collection<WebSocket> devices = server.user("u7321");
        assertThat(devices).hasSize(1);
        devices.forEach(
                socket -> assertThat(socket.send("for you").isAccepted()).isTrue());
        expect("message u7321 for you");
    }

    private void reachAll(WebSocketServer server) throws Exception {
        BroadcastResult result = server.broadcast(PreparedMessage.text("for all"))
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(result).isEqualTo(new BroadcastResult(CONNECTIONS, 0));
        Set<String> reached = new HashSet<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            String message = said.take(PATIENCE);
            assertThat(message).matches("message u[0-9]+ for all");
            assertThat(reached.add(message)).as("%s twice", message).isTrue();
        }
    }

    private void expect(String line) {
        assertThat(said.take(PATIENCE)).isEqualTo(line);
    }

    private static void log(String what, long start) {
        Runtime runtime = Runtime.getRuntime();
        LOG.log(
                System.Logger.Level.INFO,
                "{0} after {1} ms, heap {2} MiB",
                what,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    private final class Counting implements WebSocketListener {
        @Override
        public void onOpen(WebSocket socket) {
            opened.incrementAndGet();
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            failed.incrementAndGet();
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            closed.incrementAndGet();
            if (!event.wasClean()) {
                closedUncleanly.incrementAndGet();
            }
        }
    }
}
