package dev.bowline.verification.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.verification.support.Requirements;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * One server, one peaceful user of it, and what peers can do to it. After each attack the user has had every answer, its
 * connection is the only one left, and memory and threads are what they were, within the bounds below.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileSuite {
    private static final System.Logger LOG = System.getLogger(HostileSuite.class.getName());

    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(1);
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    static final Heartbeat HEARTBEAT = new Heartbeat(Duration.ofMillis(500), Duration.ofSeconds(3));
    static final int MESSAGE_BYTES = 1 << 20;
    static final int QUEUE_BYTES = 1 << 20;
    static final int MAX_CONNECTIONS = 600;

    /** What an attack may leave on the heap: far less than any of them would, were it kept. */
    private static final long HEAP_BOUND = 4 << 20;

    /** The chunks that two event loops may keep for the next use, 4 MiB each, and a little. */
    private static final long DIRECT_BOUND = 10 << 20;

    /** How long the server may take to be done with an attack, beyond what its own options say. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Both ends of what the attacks open at once; a peer of the testkit has three files. */
    private static final long FILES_NEEDED = 4_000;

    static final int MASK = 0x5A1EC0DE;

    final WebSocketServer server;
    private final EchoProbe probe;
    private final List<RawPeer> peers = new ArrayList<>();
    private Resources before = Resources.NONE;

    /**
     * @param options what the attacks need, beside the limits of this suite
     * @param client who the peaceful user is
     */
    HostileSuite(ServerOptions options, HttpClient client) {
        try {
            server = WebSocketServer.builder()
                    .options(options)
                    .endpoint("/*", new Echo())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String scheme = options.tls() == null ? "ws" : "wss";
        probe = new EchoProbe(client, URI.create(scheme + "://127.0.0.1:" + server.port() + "/"));
    }

    HostileSuite(ServerOptions options) {
        this(options, HttpClient.newHttpClient());
    }

    /** Limits that are soon reached. */
    static ServerOptions.Builder limits(ConnectionOptions.Builder connection) {
        return ServerOptions.builder()
                .eventLoops(2)
                .handshakeTimeout(HANDSHAKE_TIMEOUT)
                .maxConnections(MAX_CONNECTIONS)
                .connection(connection.build());
    }

    static ConnectionOptions.Builder connectionLimits() {
        return ConnectionOptions.builder()
                .heartbeat(HEARTBEAT)
                .closeTimeout(CLOSE_TIMEOUT)
                .maxMessageBytes(MESSAGE_BYTES)
                .maxFrameBytes(MESSAGE_BYTES)
                .maxQueuedBytes(QUEUE_BYTES)
                .extensions(List.of(PermessageDeflate.DEFAULT));
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            socket.send(data);
        }
    }

    @AfterAll
    void stop() throws InterruptedException {
        probe.stop();
        server.close();
    }

    @BeforeEach
    void measure() throws InterruptedException {
        Requirements.openFiles(FILES_NEEDED);
        probe.assertServed();
        if (before.equals(Resources.NONE)) { // later it is what the last attack left
            before = Resources.now();
        }
    }

    @AfterEach
    void nothingHasHappened(TestInfo test) throws InterruptedException {
        probe.assertServed();
        peers.forEach(RawPeer::close);
        peers.clear();
        awaitOnlyTheProbe();
        Resources after = Resources.now();
        // What has been cut may still be in the hands of other threads, where the machine is busy.
        long start = System.nanoTime();
        while (!isAsBefore(after) && System.nanoTime() - start < PATIENCE.toNanos()) {
            after = Resources.now();
        }
        LOG.log(
                System.Logger.Level.INFO,
                "{0}: {1}, before {2}; {3} answers, the slowest in {4} ms",
                test.getDisplayName(),
                after,
                before,
                probe.answers(),
                probe.longestMillis());
        assertThat(isAsBefore(after)).as("%s, but before %s", after, before).isTrue();
        probe.assertServed();
        before = after;
    }

    private boolean isAsBefore(Resources after) {
        return after.heapBytes() < before.heapBytes() + HEAP_BOUND
                && after.directBytes() < before.directBytes() + DIRECT_BOUND
                // Those that other tests have left may end meanwhile.
                && before.serverThreads().containsAll(after.serverThreads());
    }

    /** What the JVM used before the attack. */
    Resources before() {
        return before;
    }

    // ---- tools

    /** A TCP connection that says nothing yet. */
    RawPeer connect() {
        return RawPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 0);
    }

    /** Past the handshake, and a slow reader: its receive buffer is small. */
    RawPeer open(String... headerLines) {
        return openAt("/", headerLines);
    }

    RawPeer openAt(String target, String... headerLines) {
        RawPeer peer = RawPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 4_096);
        peer.handshakeAsClient(target, headerLines);
        return peer.deadline(PATIENCE);
    }

    /** The peer of an attack that needs only one. */
    RawPeer openOne(String... headerLines) {
        return peers(1, i -> open(headerLines)).get(0);
    }

    List<RawPeer> peers(int count, IntFunction<RawPeer> make) {
        List<RawPeer> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawPeer peer = make.apply(i);
            peers.add(peer); // closed after the test, whatever happens
            made.add(peer);
        }
        return made;
    }

    /** Whether a new user would be served. */
    boolean isServed() {
        try (RawPeer peer = connect()) {
            peer.write(RawHandshake.request("localhost", "/"));
            return RawHandshake.status(peer.readHead()) == 101;
        }
    }

    void assertServed() {
        probe.assertServed();
    }

    /** Only the peaceful user is left, though the attackers have not gone: the server has ended them. */
    void awaitOnlyTheProbe() {
        Await.untilEquals("connections", PATIENCE, () -> server.connections().size(), 1);
    }

    /** The same frame again and again, as bytes. */
    static byte[] many(int count, RawFrame frame) {
        return RawFrame.concat(Collections.nCopies(count, frame.withMask(MASK)).toArray(RawFrame[]::new));
    }

    static void readUntil(RawPeer peer, RawFrame wanted) {
        RawFrame frame;
        do {
            frame = peer.readFrame(PATIENCE);
        } while (!frame.equals(wanted));
    }

    /** Reads up to the Close frame, and the end of the stream behind it. */
    static RawFrame readClose(RawPeer peer) {
        RawFrame frame;
        do {
            frame = peer.readFrame(PATIENCE);
        } while (frame.opcode() != RawFrame.CLOSE);
        return frame;
    }
}
