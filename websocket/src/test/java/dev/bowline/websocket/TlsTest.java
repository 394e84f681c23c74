package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import dev.bowline.websocket.internal.tls.ThreadNotes;
import dev.bowline.websocket.tls.ClientCertificates;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.ServerTls;
import dev.bowline.websocket.tls.TlsSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server and client over TLS, with each other. */
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
        start(listener, ServerTls.of(LOCALHOST.context()), ConnectionOptions.DEFAULT);
    }

    private void start(WebSocketListener listener, ServerTls tls, ConnectionOptions connection) {
        server.start(
                listener,
                ServerOptions.builder()
                        .eventLoops(1)
                        .tls(tls)
                        .connection(connection)
                        .build());
    }

    private URI uri(String host) {
        return URI.create("wss://" + host + ":" + server.port() + "/");
    }

    private static ClientOptions options() {
        return options(AUTHORITY.context());
    }

    private static ClientOptions options(SSLContext context) {
        return ClientOptions.builder().tls(ClientTls.of(context)).build();
    }

    private WebSocket connect() throws IOException {
        return connect(options());
    }

    private WebSocket connect(ClientOptions options) throws IOException {
        WebSocket socket =
                ClientTestBase.get(client.connect(uri("localhost"), new DescribingListener(events), options));
        events.expect("open");
        return socket;
    }

    private void closeCleanly(WebSocket socket) {
        socket.close(1000, "");
        events.expect("close 1000 clean LOCAL");
    }

    private static TlsSession session(WebSocket socket) {
        return Objects.requireNonNull(socket.request().tls());
    }

    @Test
    void echoesAndBothKnowWhatWasAgreedOn() throws IOException {
        TestIdentity somebody = AUTHORITY.issueForClient("somebody");
        start(
                new EchoListener(),
                ServerTls.of(LOCALHOST.context()).clientCertificates(ClientCertificates.REQUIRED),
                ConnectionOptions.DEFAULT);
        WebSocket socket = connect(options(somebody.context()));
        socket.send("Hello");
        events.expect("text Hello");
        assertThat(session(socket).protocol()).isEqualTo("TLSv1.3");
        assertThat(session(socket).peerCertificates()).containsExactly(LOCALHOST.certificate());
        TlsSession atServer = session(server.onlySocket());
        assertThat(atServer.cipherSuite()).isEqualTo(session(socket).cipherSuite());
        assertThat(atServer.serverName()).isEqualTo("localhost");
        assertThat(atServer.peerCertificates()).isEqualTo(somebody.chain());
        closeCleanly(socket);
        server.awaitConnections(0);
    }

    @Test
    void largeMessagesPassBothWaysAtOnce() throws IOException {
        int size = 2 << 20;
        byte[] message = new byte[size];
        new Random(1).nextBytes(message);
        ConnectionOptions large = ConnectionOptions.builder()
                .maxMessageBytes(size)
                .maxFrameBytes(size)
                .maxQueuedBytes(8L * size)
                .build();
        class Exchange extends RecordingListener {
            Exchange() {
                super(TlsTest.this.events);
            }

            @Override
            public void onOpen(WebSocket socket) {
                socket.send(ByteBuffer.wrap(message));
                socket.send(ByteBuffer.wrap(message));
            }

            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                events.record("same " + data.equals(ByteBuffer.wrap(message)));
            }
        }

        start(new Exchange(), ServerTls.of(LOCALHOST.context()), large);
        WebSocket socket = ClientTestBase.get(client.connect(
                uri("127.0.0.1"),
                new Exchange(),
                ClientOptions.builder()
                        .tls(ClientTls.of(AUTHORITY.context()))
                        .connection(large)
                        .build()));
        for (int i = 0; i < 4; i++) {
            events.expect("same true");
        }
        socket.close(1000, "");
        events.expect("close 1000 clean");
        events.expect("close 1000 clean");
    }

    @Test
    void whoPausesLosesNothing() throws IOException {
        int count = 2000;
        start(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket) {
                for (int i = 0; i < count; i++) {
                    socket.send("message " + i);
                }
            }
        });
        WebSocket socket = ClientTestBase.get(client.connect(
                uri("localhost"),
                new RecordingListener(events) {
                    @Override
                    public void onText(WebSocket from, String text) {
                        super.onText(from, text);
                        if (text.endsWith("00")) {
                            from.pauseReading();
                        }
                    }
                },
                options()));
        events.expect("open");
        for (int i = 0; i < count; i++) {
            events.expect("text message " + i);
            if (i % 100 == 0) {
                socket.resumeReading();
            }
        }
        socket.close(1000, "");
        events.expect("close 1000 clean");
    }

    @Test
    void aCutIsToldApartFromAnEnd() throws IOException {
        start(new EchoListener());
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            Recorder<CloseEvent> closed = new Recorder<>();
            WebSocketListener listener = new WebSocketListener() {
                @Override
                public void onClose(WebSocket socket, CloseEvent event) {
                    closed.record(event);
                }
            };
            ClientTestBase.get(
                    client.connect(URI.create("wss://localhost:" + proxy.port() + "/"), listener, options()));
            proxy.apply(Fault.closeAfter(0));
            assertThat(closed.take().reason()).isEqualTo("the TLS stream was truncated: it ended without close_notify");
        }
        server.awaitConnections(0);
    }

    @Test
    void terminateIsACut() throws IOException {
        start(new EchoListener());
        WebSocket socket = connect();
        server.onlySocket().terminate();
        events.expect("close 1006 unclean NETWORK");
        assertThat(socket.readyState()).isEqualTo(ReadyState.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aSessionIsResumed(String protocol) throws IOException, GeneralSecurityException {
        start(new EchoListener());
        ThreadNotes judged = new ThreadNotes();
        ClientOptions options = options(judged.context(null, protocol));
        for (int i = 0; i < 3; i++) {
            WebSocket socket = connect(options);
            socket.send("Hello");
            events.expect("text Hello"); // and the ticket has come before it
            assertThat(session(socket).protocol()).isEqualTo(protocol);
            assertThat(session(socket).peerCertificates()).containsExactly(LOCALHOST.certificate());
            closeCleanly(socket);
        }
        assertThat(judged.threads()).as("certificates were judged").hasSize(1);
    }

    @Test
    void otherKeysAreForNewConnectionsAlone() throws IOException {
        start(new EchoListener());
        WebSocket before = connect();
        TestIdentity renewed = AUTHORITY.issue("localhost");
        server.server().tls(ServerTls.of(renewed.context()));
        WebSocket after = connect();
        assertThat(session(after).peerCertificates()).containsExactly(renewed.certificate());
        assertThat(session(before).peerCertificates()).containsExactly(LOCALHOST.certificate());
        before.send("still there");
        events.expect("text still there");
        closeCleanly(before);
        closeCleanly(after);
    }

    @Test
    void aPlainServerTakesNoKeys() {
        WebSocketServer plain = server.start(new EchoListener());
        assertThatThrownBy(() -> plain.tls(ServerTls.of(LOCALHOST.context())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(plain.connections()).isEmpty();
    }

    @Test
    void aPlainConnectionHasNoSession() throws IOException {
        server.start(new EchoListener());
        WebSocket socket = ClientTestBase.get(
                client.connect(URI.create("ws://localhost:" + server.port() + "/"), new DescribingListener(events)));
        events.expect("open");
        assertThat(socket.request().tls()).isNull();
        assertThat(server.onlySocket().request().tls()).isNull();
        closeCleanly(socket);
    }

    @Test
    void resourcesAreServedOverHttps() throws Exception {
        server.start(builder -> builder.options(ServerOptions.builder()
                        .tls(ServerTls.of(LOCALHOST.context()))
                        .build())
                .resource("/page", StaticResource.of("text/plain", "Hello\n".getBytes(StandardCharsets.UTF_8))));
        HttpClient https =
                HttpClient.newBuilder().sslContext(AUTHORITY.context()).build();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/page"));
        for (int i = 0; i < 3; i++) {
            assertThat(https.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("Hello\n");
        }
        HttpResponse<String> head = https.send(
                request.method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.headers().firstValue("Content-Length")).hasValue("6");
    }

    @Test
    void whoIsOverTheLimitIsToldSo() throws IOException {
        server.start(
                new EchoListener(),
                ServerOptions.builder()
                        .maxConnections(1)
                        .tls(ServerTls.of(LOCALHOST.context()))
                        .build());
        WebSocket first = connect();
        IOException refusal =
                ClientTestBase.failure(client.connect(uri("localhost"), new DescribingListener(events), options()));
        assertThat(refusal).isInstanceOfSatisfying(WebSocketHandshakeException.class, e -> assertThat(e.status())
                .isEqualTo(503));
        closeCleanly(first);
    }

    // ---- What the client says of failures

    private String failure(String host, ClientOptions options) {
        IOException failure =
                ClientTestBase.failure(client.connect(uri(host), new DescribingListener(events), options));
        assertThat(failure).isInstanceOf(SSLException.class).hasRootCauseInstanceOf(Exception.class);
        String begin = "can't connect to " + uri(host) + ": ";
        assertThat(failure).hasMessageStartingWith(begin);
        return String.valueOf(failure.getMessage()).substring(begin.length());
    }

    @Test
    void saysThatTheCertificateIsForAnotherName() {
        start(new EchoListener(), ServerTls.of(AUTHORITY.issue("chat.example").context()), ConnectionOptions.DEFAULT);
        assertThat(failure("localhost", options()))
                .startsWith("the certificate of the server is for another name (")
                .contains("localhost");
        assertThat(failure("127.0.0.1", options()))
                .startsWith("the certificate of the server is for another name (")
                .contains("127.0.0.1");
    }

    @Test
    void whoDoesNotVerifyTheNameTakesAnyTrustedOne() throws IOException {
        start(new EchoListener(), ServerTls.of(AUTHORITY.issue("chat.example").context()), ConnectionOptions.DEFAULT);
        WebSocket socket = connect(ClientOptions.builder()
                .tls(ClientTls.of(AUTHORITY.context()).verifyHostName(false))
                .build());
        closeCleanly(socket);
    }

    @Test
    void saysThatNobodyTrustedIssuedTheCertificate() {
        start(
                new EchoListener(),
                ServerTls.of(
                        TestCertificates.create("A stranger").issue("localhost").context()),
                ConnectionOptions.DEFAULT);
        assertThat(failure("localhost", options()))
                .isEqualTo(
                        "the certificate of the server is not trusted: none of the trusted authorities has issued it");
        server.awaitConnections(0);
    }

    @Test
    void saysThatTheServerWantsACertificate() {
        start(
                new EchoListener(),
                ServerTls.of(LOCALHOST.context()).clientCertificates(ClientCertificates.REQUIRED),
                ConnectionOptions.DEFAULT);
        assertThat(failure("localhost", options()))
                .startsWith("the server refused the TLS handshake with the alert ")
                .contains("certificate of the client");
    }

    @Test
    void saysThatThePortSpeaksNoTls() {
        server.start(new EchoListener());
        assertThat(failure("localhost", options()))
                .isEqualTo("the server answered in plain text, not in TLS; is it a ws:// port?");
    }

    @Test
    void manyConnectionsOfOneLoopDoNotMixTheirBytes() throws IOException {
        start(new EchoListener());
        List<WebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sockets.add(connect());
        }
        for (WebSocket socket : sockets) {
            socket.send("Hello");
            socket.send("Goodbye");
        }
        List<String> echoes = new ArrayList<>();
        for (int i = 0; i < 2 * sockets.size(); i++) {
            echoes.add(events.take());
        }
        assertThat(echoes).filteredOn("text Hello"::equals).hasSize(sockets.size());
        assertThat(echoes).filteredOn("text Goodbye"::equals).hasSize(sockets.size());
        for (WebSocket socket : sockets) {
            closeCleanly(socket);
        }
        server.awaitConnections(0);
    }
}
