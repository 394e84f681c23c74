package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.websocket.internal.tls.TlsPeer;
import dev.bowline.websocket.tls.ClientTls;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** The client over TLS, with a server driven by hand. */
class TlsClientTest extends ClientTestBase {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();

    private static ClientOptions.Builder options() {
        return ClientOptions.builder().tls(ClientTls.of(AUTHORITY.context()));
    }

    private URI secureUri() {
        return URI.create("wss://localhost:" + server.port() + "/chat");
    }

    private CompletableFuture<WebSocket> connectSecurely(ClientOptions options) {
        return client.connect(secureUri(), new RecordingListener(events), options)
                .toCompletableFuture();
    }

    /** Speaks TLS, and the opening handshake within it. */
    private static TlsPeer shakeHands(RawPeer peer, String host) throws SSLException {
        TlsPeer tls = TlsPeer.server(AUTHORITY.issue(host).context(), parameters -> {});
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            tls.receive(peer.read(1));
            head += new String(tls.takeReceived(), StandardCharsets.ISO_8859_1);
            send(peer, tls);
        }
        assertThat(RawHandshake.header(head, "Host")).startsWith(host);
        tls.send(RawHandshake.response(key(head)).getBytes(StandardCharsets.ISO_8859_1));
        send(peer, tls);
        return tls;
    }

    private static void send(RawPeer peer, TlsPeer tls) {
        byte[] output = tls.takeOutput();
        if (output.length > 0) {
            peer.write(output);
        }
    }

    private static RawFrame frame(RawPeer peer, TlsPeer tls) throws SSLException {
        RawFrame frame = null;
        ByteBuffer bytes = ByteBuffer.allocate(0);
        while (frame == null) {
            tls.receive(peer.read(1));
            byte[] more = tls.takeReceived();
            bytes = ByteBuffer.allocate(bytes.remaining() + more.length)
                    .put(bytes)
                    .put(more)
                    .flip();
            frame = RawFrame.parse(bytes);
        }
        return frame.withoutMask();
    }

    @Test
    void opensAndClosesInOrder() throws IOException {
        CompletableFuture<WebSocket> opening = connectSecurely(options().build());
        try (RawPeer peer = server.accept()) {
            TlsPeer tls = shakeHands(peer, "localhost");
            WebSocket socket = get(opening);
            events.expect("open");
            tls.send(RawFrame.concat(RawFrame.text("from the server")));
            send(peer, tls);
            events.expect("text from the server");
            socket.close(1000, "");
            assertThat(frame(peer, tls)).isEqualTo(RawFrame.close(1000, ""));
            tls.send(RawFrame.concat(RawFrame.close(1000, "")));
            tls.end();
            send(peer, tls);
            peer.shutdownOutput();
            while (!tls.isCloseNotified()) {
                tls.receive(peer.read(1));
            }
            peer.expectEof();
            events.expect("close 1000 clean");
        }
    }

    @Test
    void opensThroughAProxysTunnel() throws IOException {
        // Only the proxy knows where that is.
        URI uri = URI.create("wss://chat.example/room");
        CompletableFuture<WebSocket> opening = client.connect(
                        uri,
                        new RecordingListener(events),
                        options()
                                .proxy(HttpProxy.of("127.0.0.1", server.port()))
                                .build())
                .toCompletableFuture();
        try (RawPeer peer = server.accept()) {
            assertThat(peer.readHead()).startsWith("CONNECT chat.example:443 HTTP/1.1\r\n");
            peer.write("HTTP/1.1 200 OK\r\n\r\n");
            TlsPeer tls = shakeHands(peer, "chat.example");
            WebSocket socket = get(opening);
            events.expect("open");
            assertThat(socket.request().tls()).isNotNull();
            socket.send("Hello");
            assertThat(frame(peer, tls)).isEqualTo(RawFrame.text("Hello"));
            socket.terminate();
            events.expect("close 1006 unclean");
        }
    }

    @Test
    void aServerThatSaysNothingRunsIntoTheTimeForTheHandshake() {
        // A slow machine may need more than the first to connect.
        for (int millis : new int[] {150, 1000, 10_000}) {
            IOException failure = failure(connectSecurely(
                    options().handshakeTimeout(Duration.ofMillis(millis)).build()));
            assertThat(failure).isInstanceOf(SocketTimeoutException.class);
            if (String.valueOf(failure.getMessage()).contains("connected")) {
                assertThat(failure)
                        .hasMessage("can't connect to " + secureUri()
                                + ": connected, but the TLS handshake did not end within " + millis + " ms");
                return;
            }
        }
        throw new AssertionError("no connection within 10 s");
    }

    @Test
    void anAnswerThatDoesNotComeIsNotTheHandshakesFault() throws IOException {
        // A slow machine may need more than the first for the TLS handshake alone.
        for (int millis : new int[] {400, 2000, 10_000}) {
            CompletableFuture<WebSocket> opening = connectSecurely(
                    options().handshakeTimeout(Duration.ofMillis(millis)).build());
            try (RawPeer peer = server.accept()) {
                TlsPeer tls = TlsPeer.server(AUTHORITY.issue("localhost").context(), parameters -> {});
                while (tls.receivedBytes() == 0 && !opening.isDone()) {
                    tls.receive(peer.read(1));
                    send(peer, tls);
                }
                if (tls.receivedBytes() > 0) {
                    assertThat(failure(opening))
                            .hasMessage("can't connect to " + secureUri() + ": connected, but no answer came within "
                                    + millis + " ms");
                    return;
                }
            } catch (SSLException | AssertionError tooSlow) {
                assertThat(failure(opening)).hasMessageContaining("the TLS handshake did not end within");
            }
        }
        throw new AssertionError("no TLS handshake within 10 s");
    }

    @Test
    void aServerThatEndsBreaksTheHandshake() {
        CompletableFuture<WebSocket> opening = connectSecurely(options().build());
        server.accept().close();
        assertThat(failure(opening).getMessage()).startsWith("can't connect to " + secureUri() + ": connected, but ");
    }

    @Test
    void anAttemptThatIsCancelledEndsTheStream() {
        CompletableFuture<WebSocket> opening = connectSecurely(options().build());
        try (RawPeer peer = server.accept()) {
            opening.cancel(true);
            peer.readToEnd();
        }
    }

    @Test
    void aServerThatWantsAnotherProtocolIsNamedSo() throws IOException {
        CompletableFuture<WebSocket> opening = connectSecurely(options().build());
        try (RawPeer peer = server.accept()) {
            TlsPeer tls = TlsPeer.server(
                    AUTHORITY.issue("localhost").context(),
                    parameters ->
                            parameters.setApplicationProtocols(List.of("h2").toArray(String[]::new)));
            while (true) {
                try {
                    tls.receive(peer.read(1));
                } catch (SSLException refused) {
                    break;
                }
            }
            send(peer, tls);
            assertThat(failure(opening))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("the alert no_application_protocol; it does not speak HTTP/1.1 there");
        }
    }
}
