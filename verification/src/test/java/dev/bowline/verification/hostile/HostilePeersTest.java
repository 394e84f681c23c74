package dev.bowline.verification.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Seeded;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * One server, one peaceful user of it, and what peers can do to it. After each attack the user has had every answer, its
 * connection is the only one left, and memory and threads are what they were, within the bounds below.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostilePeersTest {
    private static final System.Logger LOG = System.getLogger(HostilePeersTest.class.getName());

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Heartbeat HEARTBEAT = new Heartbeat(Duration.ofMillis(500), Duration.ofSeconds(3));
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final int QUEUE_BYTES = 1 << 20;
    private static final int MAX_CONNECTIONS = 600;

    /** What an attack may leave on the heap: far less than any of them would, were it kept. */
    private static final long HEAP_BOUND = 4 << 20;

    /** The chunks that two event loops may keep for the next use, 4 MiB each, and a little. */
    private static final long DIRECT_BOUND = 10 << 20;

    /** How long the server may take to be done with an attack, beyond what its own options say. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Both ends of what the attacks open at once; a peer of the testkit has three files. */
    private static final long FILES_NEEDED = 4_000;

    private static final int MASK = 0x5A1EC0DE;

    private final WebSocketServer server = startServer();
    private final EchoProbe probe = new EchoProbe(URI.create("ws://127.0.0.1:" + server.port() + "/"));
    private final List<RawPeer> peers = new ArrayList<>();
    private Resources before = Resources.NONE;

    private static WebSocketServer startServer() {
        try {
            return WebSocketServer.builder()
                    .options(ServerOptions.builder()
                            .eventLoops(2)
                            .handshakeTimeout(HANDSHAKE_TIMEOUT)
                            .maxConnections(MAX_CONNECTIONS)
                            .connection(ConnectionOptions.builder()
                                    .heartbeat(HEARTBEAT)
                                    .closeTimeout(CLOSE_TIMEOUT)
                                    .maxMessageBytes(MESSAGE_BYTES)
                                    .maxFrameBytes(MESSAGE_BYTES)
                                    .maxQueuedBytes(QUEUE_BYTES)
                                    .build())
                            .build())
                    .endpoint("/", new Echo())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        before = Resources.now();
    }

    @AfterEach
    void nothingHasHappened(TestInfo test) throws InterruptedException {
        probe.assertServed();
        peers.forEach(RawPeer::close);
        peers.clear();
        Await.untilEquals("connections", PATIENCE, () -> server.connections().size(), 1);
        Resources after = Resources.now();
        LOG.log(
                System.Logger.Level.INFO,
                "{0}: {1}, before {2}; {3} answers, the slowest in {4} ms",
                test.getDisplayName(),
                after,
                before,
                probe.answers(),
                probe.longestMillis());
        assertThat(after.heapBytes()).isLessThan(before.heapBytes() + HEAP_BOUND);
        assertThat(after.directBytes()).isLessThan(before.directBytes() + DIRECT_BOUND);
        assertThat(after.serverThreads()).isEqualTo(before.serverThreads());
        probe.assertServed();
    }

    // ---- before the handshake

    @Test
    void handshakesByteByByte() throws InterruptedException {
        List<RawPeer> slow = peers(50, i -> connect());
        byte[] request = RawHandshake.request("localhost", "/").getBytes(StandardCharsets.US_ASCII);
        long start = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            byte next = request[i];
            slow.forEach(peer -> peer.tryWrite(next));
            Thread.sleep(HANDSHAKE_TIMEOUT.toMillis() / 20); // the pace of the attack
        }
        slow.forEach(peer -> assertThat(RawHandshake.status(peer.readHead())).isEqualTo(408));
        slow.forEach(RawPeer::readToEnd);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    }

    @Test
    void handshakesThatStopHalfWay() {
        List<RawPeer> silent = peers(200, i -> connect());
        List<RawPeer> halfWay = peers(200, i -> connect());
        String request = RawHandshake.request("localhost", "/");
        for (int i = 0; i < halfWay.size(); i++) {
            halfWay.get(i).write(request.substring(0, 1 + i % (request.length() - 1)));
        }
        for (RawPeer peer : halfWay) {
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(408);
            peer.readToEnd();
        }
        silent.forEach(peer -> assertThat(peer.readToEnd()).isEmpty());
    }

    @Test
    void headsWithoutEnd() {
        floodsUntilCut("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ", "a".repeat(64 * 1024), 431);
        floodsUntilCut("GET / HTTP/1.1\r\nHost: localhost\r\n", "X-Many: 1\r\n".repeat(5_000), 431);
        floodsUntilCut("GET /", "a".repeat(64 * 1024), 414);
    }

    /** Writes the rest for ever, reads the answer, and goes on until the server cuts the line. */
    private void floodsUntilCut(String begin, String rest, int status) {
        RawPeer peer = peers(1, i -> connect()).get(0);
        byte[] bytes = rest.getBytes(StandardCharsets.US_ASCII);
        peer.write(begin);
        peer.write(bytes);
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(status);
        Await.until("the end of a request with status " + status, PATIENCE, () -> !peer.tryWrite(bytes));
    }

    @Test
    void garbage() {
        Seeded.run(300, random -> {
            try (RawPeer peer = connect()) {
                if (random.nextBoolean()) {
                    peer.handshakeAsClient("/");
                }
                peer.tryWrite(random.bytes(random.intBetween(1, 4_000)));
                peer.shutdownOutput();
                peer.readToEnd();
            }
        });
    }

    @Test
    void tls() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", server.port());
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        for (RawPeer peer : peers(50, i -> connect())) {
            peer.write(Arrays.copyOf(hello.array(), hello.position()));
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(400);
            peer.shutdownOutput();
            peer.readToEnd();
        }
    }

    @Test
    void floodsOfConnections() {
        for (int i = 0; i < 2_000; i++) {
            RawPeer peer = connect();
            if (i % 2 == 0) {
                peer.reset();
            } else {
                peer.write("GET");
                peer.close();
            }
        }
        probe.assertServed();
        // Each of these takes its event loop several turns, in which it lets go of those of the first flood.
        for (int i = 0; i < 8; i++) {
            assertThat(isServed()).isTrue();
        }
        List<RawPeer> many = peers(MAX_CONNECTIONS + 50, i -> connect());
        assertThat(RawHandshake.status(many.get(many.size() - 1).readHead())).isEqualTo(503);
        probe.assertServed();
        many.forEach(RawPeer::close);
        Await.until("room for a new user", PATIENCE, this::isServed);
    }

    private boolean isServed() {
        try (RawPeer peer = connect()) {
            peer.write(RawHandshake.request("localhost", "/"));
            return RawHandshake.status(peer.readHead()) == 101;
        }
    }

    // ---- after the handshake

    @Test
    void halfAFrameThenSilence() throws InterruptedException {
        List<RawPeer> silent = peers(400, i -> open());
        byte[] half = RawFrame.binary(new byte[100])
                .withMask(MASK)
                .withDeclaredLength(MESSAGE_BYTES)
                .withLengthForm(RawFrame.LengthForm.BITS_64)
                .bytes();
        silent.forEach(peer -> peer.write(half));
        // Were room made for what is only announced, this would be 400 MiB.
        assertThat(Resources.now().heapBytes()).isLessThan(before.heapBytes() + 100 * (long) (1 << 20));
        for (RawPeer peer : silent) {
            peer.deadline(PATIENCE);
            assertThat(RawFrame.parse(ByteBuffer.wrap(peer.readToEnd())))
                    .as("the ping before the end")
                    .extracting(frame -> Objects.requireNonNull(frame).opcode())
                    .isEqualTo(RawFrame.PING);
        }
    }

    @Test
    void pingsWithoutReading() {
        RawPeer peer = peers(1, i -> open()).get(0);
        byte[] payload = new byte[125];
        RawFrame[] batch = Collections.nCopies(1_000, RawFrame.ping(payload).withMask(MASK))
                .toArray(RawFrame[]::new);
        byte[] bytes = RawFrame.concat(batch);
        for (int i = 0; i < 100; i++) {
            peer.write(bytes);
            server.connections()
                    .forEach(socket -> assertThat(socket.bufferedAmount()).isLessThan(2L * QUEUE_BYTES));
        }
        peer.send(RawFrame.ping((byte) 1).withMask(MASK));
        readUntil(peer, RawFrame.pong((byte) 1));
    }

    @Test
    void echoesWithoutReading() {
        RawPeer peer = peers(1, i -> open()).get(0);
        byte[] message = RawFrame.binary(new byte[64 * 1024]).withMask(MASK).bytes();
        for (int i = 0; i < 500; i++) {
            peer.write(message);
            server.connections()
                    .forEach(socket -> assertThat(socket.bufferedAmount()).isLessThan(2L * QUEUE_BYTES));
        }
    }

    @Test
    void tinyFragmentsUpToTheLimit() {
        RawPeer peer = peers(1, i -> open()).get(0);
        peer.send(RawFrame.binary((byte) 1).withFin(false).withMask(MASK));
        RawFrame fragment = RawFrame.continuation((byte) 1).withFin(false).withMask(MASK);
        byte[] batch = RawFrame.concat(Collections.nCopies(1 << 13, fragment).toArray(RawFrame[]::new));
        for (int sent = 0; sent < MESSAGE_BYTES; sent += 1 << 13) {
            peer.write(batch);
        }
        assertThat(readUntil(peer, RawFrame.CLOSE).closeCode()).isEqualTo(1009);
    }

    @Test
    void emptyFragments() {
        RawPeer peer = peers(1, i -> open()).get(0);
        peer.send(RawFrame.text("").withFin(false).withMask(MASK));
        RawFrame fragment = RawFrame.continuation().withFin(false).withMask(MASK);
        byte[] batch = RawFrame.concat(Collections.nCopies(1 << 13, fragment).toArray(RawFrame[]::new));
        for (int i = 0; i < 100; i++) {
            peer.write(batch);
        }
        peer.send(RawFrame.continuation((byte) '!').withMask(MASK));
        readUntil(peer, RawFrame.text("!"));
    }

    // ---- tools

    private RawPeer connect() {
        return RawPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 0);
    }

    /** Past the handshake, and a slow reader: its receive buffer is small. */
    private RawPeer open() {
        RawPeer peer = RawPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 4_096);
        peer.handshakeAsClient("/");
        return peer;
    }

    private List<RawPeer> peers(int count, IntFunction<RawPeer> make) {
        List<RawPeer> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawPeer peer = make.apply(i);
            peers.add(peer); // closed after the test, whatever happens
            made.add(peer);
        }
        return made;
    }

    private static void readUntil(RawPeer peer, RawFrame wanted) {
        RawFrame frame;
        do {
            frame = peer.readFrame(PATIENCE);
        } while (!frame.equals(wanted));
    }

    private static RawFrame readUntil(RawPeer peer, int opcode) {
        RawFrame frame;
        do {
            frame = peer.readFrame(PATIENCE);
        } while (frame.opcode() != opcode);
        return frame;
    }
}
