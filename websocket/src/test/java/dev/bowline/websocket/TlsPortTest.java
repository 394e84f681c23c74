package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.websocket.internal.tls.TlsPeer;
import dev.bowline.websocket.tls.ServerTls;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers of a TLS port that speak something else, or begin and do not go on. */
class TlsPortTest {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final Duration SHORT = Duration.ofSeconds(1);

    @RegisterExtension
    final TestServer server = new TestServer();

    private void start() {
        start(Duration.ofSeconds(10));
    }

    private void start(Duration handshakeTimeout) {
        server.start(
                new EchoListener(),
                ServerOptions.builder()
                        .tls(ServerTls.of(AUTHORITY.issue("localhost").context()))
                        .handshakeTimeout(handshakeTimeout)
                        .maxConnections(3) // so that one which is not let go is missed
                        .build());
    }

    private static TlsPeer client() {
        return TlsPeer.client(AUTHORITY.context(), "localhost", parameters -> {});
    }

    /** Whoever speaks TLS is served as ever, though a slow machine may not be quick enough at once. */
    private void serves() {
        Await.until("TLS is served", () -> {
            try (Socket socket = AUTHORITY.context().getSocketFactory().createSocket("localhost", server.port())) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readNBytes(13), StandardCharsets.US_ASCII)
                        .equals("HTTP/1.1 426 ");
            } catch (IOException tooSlow) {
                return false;
            }
        });
    }

    @Test
    void plainHttpIsAnsweredInPlainText() {
        start();
        RawPeer peer = server.connect();
        peer.write("GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n");
        String answer = new String(peer.readToEnd(), StandardCharsets.US_ASCII);
        assertThat(answer)
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("\r\nConnection: close\r\n")
                .endsWith("\r\n\r\nThis port speaks TLS: use wss:// or https://.\n");
        peer.close();
        serves();
    }

    @Test
    void theAnswerIsNotResetByWhatComesBehindTheRequest() {
        start();
        RawPeer peer = server.connect();
        peer.write("POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n");
        peer.readHead();
        peer.tryWrite(new byte[200_000]);
        assertThat(peer.read(46)).asString(StandardCharsets.US_ASCII).startsWith("This port");
        peer.expectEof();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get / http/1.1\r\n\r\n", "\u0000\u0001\u0002\u0003\u0004\u0005", "SSH-2.0-x\r\n"})
    void garbageIsEndedWithoutNoise(String garbage) {
        start();
        try (CapturedLog log = CapturedLog.of("dev.bowline")) {
            RawPeer peer = server.connect();
            peer.write(garbage);
            byte[] answer = peer.readToEnd();
            assertThat(answer.length).as("no more than an alert").isLessThanOrEqualTo(14);
            peer.close();
            serves();
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void aHandshakeThatStopsHalfWayEndsAtTheDeadline() {
        start(SHORT);
        byte[] hello = client().takeOutput();
        List<RawPeer> stopped = new ArrayList<>();
        for (int length : new int[] {0, 1, 5, 6, hello.length - 1, hello.length}) {
            RawPeer peer = server.connect();
            if (length > 0) {
                peer.write(Arrays.copyOf(hello, length));
            }
            stopped.add(peer);
            if (stopped.size() == 3) { // as many as the server takes
                stopped.forEach(RawPeer::readToEnd);
                stopped.clear();
                serves();
            }
        }
    }

    @Test
    void aHandshakeOfSingleBytesIsOneHandshake() throws SSLException {
        start();
        RawPeer peer = server.connect();
        TlsPeer tls = client();
        peer.writeOneByteAtATime(tls.takeOutput());
        while (!tls.isOpen()) {
            tls.receive(peer.read(1));
            byte[] output = tls.takeOutput();
            if (output.length > 0) {
                peer.writeOneByteAtATime(output);
            }
        }
    }

    @Test
    void theRequestMustFollowInTheSameTime() {
        start(SHORT);
        serves();
        for (int attempt = 0; attempt < 5; attempt++) {
            RawPeer peer = server.connect();
            try {
                TlsPeer tls = client();
                while (!tls.isOpen()) {
                    exchange(peer, tls);
                }
                while (!tls.isCloseNotified()) {
                    exchange(peer, tls);
                }
                peer.expectEof();
                return;
            } catch (SSLException | AssertionError tooSlow) {
                peer.close(); // the time was over before the handshake was
            }
        }
        throw new AssertionError("never a TLS handshake within " + SHORT);
    }

    private static void exchange(RawPeer peer, TlsPeer tls) throws SSLException {
        byte[] output = tls.takeOutput();
        if (output.length > 0) {
            peer.write(output);
        }
        tls.receive(peer.read(1));
    }
}
