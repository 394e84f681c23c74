package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.ServerTls;
import dev.bowline.websocket.tls.TlsSession;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Server and client over TLS. */
class TlsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final TestIdentity LOCALHOST = AUTHORITY.issue("localhost", "127.0.0.1", "::1");

    @RegisterExtension
    final TestServer server = new TestServer();

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    private final WebSocketClient client =
            WebSocketClient.builder().eventLoops(1).build();

    @AfterEach
    void close() {
        client.close();
    }

    private void start(WebSocketListener listener) {
        server.start(
                listener,
                ServerOptions.builder().tls(ServerTls.of(LOCALHOST.context())).build());
    }

    private URI uri(String host) {
        return URI.create("wss://" + host + ":" + server.port() + "/");
    }

    private static ClientOptions options() {
        return ClientOptions.builder().tls(ClientTls.of(AUTHORITY.context())).build();
    }

    private WebSocket connect(String host) throws IOException {
        return ClientTestBase.get(client.connect(uri(host), new DescribingListener(events), options()));
    }

    @Test
    void echoes() throws IOException {
        start(new EchoListener());
        WebSocket socket = connect("localhost");
        events.expect("open");
        socket.send("Hello");
        events.expect("text Hello");
        TlsSession session = Objects.requireNonNull(socket.request().tls());
        assertThat(session.protocol()).isEqualTo("TLSv1.3");
        assertThat(session.serverName()).isEqualTo("localhost");
        assertThat(session.peerCertificates()).containsExactly(LOCALHOST.certificate());
        socket.close(1000, "");
        events.expect("close 1000 clean LOCAL");
    }

    @Test
    void echoesLargeMessages() throws IOException {
        int size = 3 << 20;
        ConnectionOptions large = ConnectionOptions.builder()
                .maxMessageBytes(size)
                .maxFrameBytes(size)
                .maxQueuedBytes(2L * size)
                .build();
        server.start(
                new EchoListener(),
                ServerOptions.builder()
                        .tls(ServerTls.of(LOCALHOST.context()))
                        .connection(large)
                        .build());
        byte[] message = new byte[size];
        new java.util.Random(1).nextBytes(message);
        WebSocket socket = ClientTestBase.get(client.connect(
                uri("127.0.0.1"),
                new RecordingListener(events) {
                    @Override
                    public void onBinary(WebSocket from, ByteBuffer data) {
                        events.record("same " + data.equals(ByteBuffer.wrap(message)));
                    }
                },
                ClientOptions.builder()
                        .tls(ClientTls.of(AUTHORITY.context()))
                        .connection(large)
                        .build()));
        events.expect("open");
        for (int i = 0; i < 4; i++) {
            socket.send(ByteBuffer.wrap(message));
            events.expect("same true");
        }
        socket.close(1000, "");
        events.expect("close 1000 clean");
    }
}
