package dev.bowline.verification.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Seeded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/** What can be done before there is a WebSocket. */
class HostileHandshakesTest extends HostileSuite {
    HostileHandshakesTest() {
        super(limits(connectionLimits()).build());
    }

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
    void tooManyHeaderFields() {
        String request = RawHandshake.request("localhost", "/").replace("\r\n\r\n", "\r\n" + "A: b\r\n".repeat(65));
        for (RawPeer peer : peers(200, i -> connect())) {
            peer.write(request);
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(431);
        }
    }

    @Test
    void pagesOfForeignOrigins() {
        try (CapturedLog log = CapturedLog.of("dev.bowline.websocket.internal.server.Gate")) {
            for (RawPeer peer : peers(300, i -> connect())) {
                peer.write(RawHandshake.request("localhost", "/" + "a".repeat(6_000), "Origin: https://evil.example"));
                assertThat(RawHandshake.status(peer.readHead())).isEqualTo(403);
            }
            // Ten a minute, and nothing of what the peer may choose at any length.
            assertThat(log.lines()).hasSizeBetween(1, 30).allMatch(line -> line.length() < 1_000);
        }
    }

    @Test
    void oneByteWrites() {
        byte[] request = RawHandshake.request("localhost", "/").getBytes(StandardCharsets.US_ASCII);
        byte[] hello = many(1, RawFrame.text("hello"));
        List<RawPeer> trickling = peers(50, i -> connect());
        for (byte[] bytes : List.of(request, hello)) {
            for (byte next : bytes) {
                trickling.forEach(peer -> peer.write(next));
            }
        }
        for (RawPeer peer : trickling) {
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
            readUntil(peer, RawFrame.text("hello"));
        }
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
        assertServed();
        // Each of these takes its event loop several turns, in which it lets go of those of the first flood.
        for (int i = 0; i < 8; i++) {
            assertThat(isServed()).isTrue();
        }
        List<RawPeer> many = peers(MAX_CONNECTIONS + 50, i -> connect());
        assertThat(RawHandshake.status(many.get(many.size() - 1).readHead())).isEqualTo(503);
        assertServed();
        many.forEach(RawPeer::close);
        Await.until("room for a new user", PATIENCE, this::isServed);
    }
}
