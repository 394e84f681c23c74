package dev.bowline.verification.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Seeded;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.websocket.tls.ServerTls;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** What can be done to a server that speaks TLS, before TLS is spoken. */
class HostileTlsTest extends HostileSuite {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final SSLContext CLIENT = AUTHORITY.context();

    HostileTlsTest() {
        super(
                limits(connectionLimits())
                        .tls(ServerTls.of(
                                AUTHORITY.issue("localhost", "127.0.0.1").context()))
                        .build(),
                HttpClient.newBuilder().sslContext(CLIENT).build());
    }

    /** What a client says first. */
    private byte[] hello() throws SSLException {
        SSLEngine engine = CLIENT.createSSLEngine("localhost", server.port());
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    @Test
    void handshakesThatStopHalfWay() throws SSLException {
        byte[] hello = hello();
        List<RawPeer> silent = peers(100, i -> connect());
        List<RawPeer> halfWay = peers(200, i -> connect());
        List<RawPeer> afterTheHello = peers(200, i -> connect());
        for (int i = 0; i < halfWay.size(); i++) {
            halfWay.get(i).write(Arrays.copyOf(hello, 1 + i % (hello.length - 1)));
        }
        afterTheHello.forEach(peer -> peer.write(hello));
        silent.forEach(peer -> assertThat(peer.deadline(PATIENCE).readToEnd()).isEmpty());
        halfWay.forEach(peer -> peer.deadline(PATIENCE).readToEnd());
        // With the server's hello or without: whether 200 of them are made in time is for the machine to say.
        afterTheHello.forEach(peer -> peer.deadline(PATIENCE).readToEnd());
    }

    @Test
    void handshakesByteByByte() throws Exception {
        byte[] hello = hello();
        List<RawPeer> slow = peers(50, i -> connect());
        for (int i = 0; i < 40; i++) {
            byte next = hello[i];
            slow.forEach(peer -> peer.tryWrite(next));
            Thread.sleep(HANDSHAKE_TIMEOUT.toMillis() / 20); // the pace of the attack
        }
        slow.forEach(peer -> peer.deadline(PATIENCE).readToEnd()); // which comes, though the handshake went on
    }

    @Test
    void garbage() throws SSLException {
        byte[] hello = hello();
        Seeded.run(200, random -> {
            try (RawPeer peer = connect()) {
                byte[] bytes = random.bytes(random.intBetween(1, 20_000));
                if (random.nextBoolean()) {
                    peer.tryWrite(Arrays.copyOf(hello, random.intBetween(0, hello.length)));
                } else {
                    bytes[0] = 22; // a record of a handshake, of any length
                }
                peer.tryWrite(bytes);
                peer.shutdownOutput();
                peer.deadline(PATIENCE).readToEnd();
            }
        });
    }

    @Test
    void plainHttp() {
        for (RawPeer peer : peers(100, i -> connect())) {
            peer.write(RawHandshake.request("localhost", "/"));
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(400);
        }
    }

    @Test
    void floodsOfHellos() throws SSLException {
        byte[] hello = hello();
        for (int i = 0; i < 300; i++) { // each costs the server a signature
            RawPeer peer = connect();
            peer.write(hello);
            if (i % 2 == 0) {
                peer.reset();
            } else {
                peer.close();
            }
        }
        assertServed();
    }
}
