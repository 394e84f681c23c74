package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.Violation;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.Leaks;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawListener;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Recorder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketClientTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    final RawListener server = RawListener.open();
    final WebSocketClient client = WebSocketClient.builder().eventLoops(1).build();

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.port() + "/chat?token=secret");
    }

    CompletableFuture<WebSocket> connect() {
        return connect(ClientOptions.DEFAULT);
    }

    CompletableFuture<WebSocket> connect(ClientOptions options) {
        return client.connect(uri(), new RecordingListener(events), options).toCompletableFuture();
    }

    static <T> T get(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static IOException failure(CompletionStage<WebSocket> stage) {
        try {
            throw new AssertionError("expected a failure, but came " + get(stage));
        } catch (IOException e) {
            return e;
        }
    }

    private static String key(String head) {
        return Objects.requireNonNull(RawHandshake.header(head, "Sec-WebSocket-Key"));
    }

    // ---- Opening

    @Test
    void sendsTheRequestOfRfc6455AndOpens() throws IOException {
        ClientOptions options = ClientOptions.builder()
                .header("Authorization", "Bearer x")
                .header("Origin", "https://example.org")
                .subprotocols("b", "a")
                .build();
        CompletableFuture<WebSocket> opening = connect(options);
        try (RawPeer peer = server.accept()) {
            String head = peer.handshakeAsServer("Sec-WebSocket-Protocol: a");
            assertThat(head).startsWith("GET /chat?token=secret HTTP/1.1\r\n");
            assertThat(RawHandshake.header(head, "Host")).isEqualTo("127.0.0.1:" + server.port());
            assertThat(RawHandshake.header(head, "Authorization")).isEqualTo("Bearer x");
            assertThat(RawHandshake.header(head, "Origin")).isEqualTo("https://example.org");
            assertThat(RawHandshake.header(head, "Sec-WebSocket-Protocol")).isEqualTo("b, a");

            WebSocket socket = get(opening);
            events.expect("open");
            assertThat(socket.readyState()).isEqualTo(ReadyState.OPEN);
            assertThat(socket.protocol()).isEqualTo("a");
            assertThat(socket.user()).isNull();
            assertThat(socket.request().path()).isEqualTo("/chat");
            assertThat(socket.request().queryParameter("token")).isEqualTo("secret");
            assertThat(socket.request().subprotocols()).containsExactly("b", "a");
            assertThat(socket.remoteAddress().getPort()).isEqualTo(server.port());

            socket.send("Hello");
            RawFrame frame = peer.readFrame();
            assertThat(frame.masked()).isTrue();
            assertThat(frame.text()).isEqualTo("Hello");
            peer.send(RawFrame.text("World"), RawFrame.binary((byte) 1, (byte) 2));
            events.expect("text World");
            events.expect("binary 0102");

            socket.close(4000, "bye");
            peer.expectFrame(RawFrame.close(4000, "bye"));
            peer.send(RawFrame.close(4000, "bye"));
            peer.shutdownOutput();
            events.expect("close 4000 clean");
        }
    }

    @Test
    void noncesDiffer() {
        List<CompletableFuture<WebSocket>> opening = List.of(connect(), connect());
        try (RawPeer one = server.accept();
                RawPeer two = server.accept()) {
            assertThat(key(one.readHead())).isNotEqualTo(key(two.readHead()));
        }
        opening.forEach(WebSocketClientTest::failure);
    }

    @Test
    void deliversWhatComesBehindTheHeadInTheSameWrite() throws IOException {
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            String response = RawHandshake.response(key(peer.readHead()));
            byte[] head = response.getBytes(StandardCharsets.ISO_8859_1);
            byte[] frames = RawFrame.concat(RawFrame.text("one"), RawFrame.text("two"), RawFrame.close(1001, "away"));
            peer.write(ByteBuffer.allocate(head.length + frames.length)
                    .put(head)
                    .put(frames)
                    .array());
            assertThat(get(opening)).isNotNull();
            events.expect("open");
            events.expect("text one");
            events.expect("text two");
            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
            peer.shutdownOutput();
            events.expect("close 1001 clean");
        }
    }

    @Test
    void readsAResponseByteByByte() throws IOException {
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            String response = RawHandshake.response(key(peer.readHead()));
            peer.writeOneByteAtATime(response.getBytes(StandardCharsets.ISO_8859_1));
            peer.writeOneByteAtATime(RawFrame.text("whole").bytes());
            get(opening).terminate();
            events.expect("open");
            // The frame may or may not have come before terminate.
            if (events.expect(e -> !e.equals("open"), "text or close").equals("text whole")) {
                events.expect("close 1006 unclean");
            }
        }
    }

    @Test
    void theStageCompletesBehindOnOpen() throws IOException {
        WebSocketListener listener = new RecordingListener(events);
        CompletionStage<Void> then = client.connect(uri(), listener).thenAccept(socket -> events.record("then"));
        try (RawPeer peer = server.accept()) {
            peer.handshakeAsServer();
            get(then);
            events.expect("open");
            events.expect("then");
            peer.shutdownOutput();
            events.expect("close 1006 unclean");
        }
    }

    @Test
    void talksWithOurOwnServer() throws IOException {
        try (WebSocketServer echo = WebSocketServer.builder()
                .endpoint("/*", new WebSocketListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        socket.send(text);
                    }

                    @Override
                    public void onBinary(WebSocket socket, ByteBuffer data) {
                        socket.send(data);
                    }
                })
                .start()) {
            URI uri = URI.create("ws://localhost:" + echo.port());
            WebSocket socket = get(client.connect(uri, new RecordingListener(events)));
            events.expect("open");
            socket.send("grüezi 👋");
            socket.send(ByteBuffer.wrap(new byte[] {0, -1}));
            events.expect("text grüezi 👋");
            events.expect("binary 00ff");
            String large = "x".repeat(1 << 20);
            socket.send(large);
            events.expect("text " + large);
            socket.close();
            events.expect("close 1000 clean");
            Await.untilEquals(
                    "connections of the server", () -> echo.connections().size(), 0);
        }
    }

    @Test
    void connectsToIpv6() throws IOException {
        try (WebSocketServer six = startOnIpv6()) {
            WebSocket socket =
                    get(client.connect(URI.create("ws://[::1]:" + six.port() + "/"), new RecordingListener(events)));
            events.expect("open");
            assertThat(socket.request().headers().first("Host")).isEqualTo("[::1]:" + six.port());
            socket.close();
            events.expect("close 1000 clean");
        }
    }

    private static WebSocketServer startOnIpv6() {
        try {
            return WebSocketServer.builder()
                    .host("::1")
                    .endpoint("/", new WebSocketListener() {})
                    .start();
        } catch (IOException e) {
            Assumptions.abort("no IPv6 here: " + e.getMessage());
            throw new AssertionError(e);
        }
    }

    // ---- Answers that open nothing

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 401 Unauthorized\\r\\nWWW-Authenticate: Basic\\r\\n\\r\\n | 401 | status-not-101 | 401 Unauthorized
            HTTP/1.1 302 Found\\r\\nLocation: ws://b.example/\\r\\n\\r\\n | 302 | status-not-101 | 302 Found, to ws://b.example/
            HTTP/1.1 100 Continue\\r\\n\\r\\n | 100 | status-not-101 | 100 Continue
            HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nHello | 200 | status-not-101 | 200 OK
            HTTP/1.1 426\\r\\nSec-WebSocket-Version: 8\\r\\n\\r\\n | 426 | status-not-101 | 426
            HTTP/1.0 404 Not Found\\r\\n\\r\\n | 404 | status-not-101 | 404 Not Found
            HTTP/1.1 503 Service Unavailable\\r\\nRetry-After: 5\\r\\n\\r\\n | 503 | status-not-101 | 503 Service Unavailable
            HTTP/1.1 101 x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n | 101 | accept-mismatch | Accept
            HTTP/1.1 101 x\\r\\nUpgrade: h2c\\r\\nConnection: Upgrade\\r\\n\\r\\n | 101 | response-upgrade-missing | Upgrade
            HTTP/1.0 101 x\\r\\n\\r\\n | 0 | http-version-unsupported | HTTP/1.0
            SSH-2.0-OpenSSH_9.2\\r\\n | 0 | start-line-malformed | did not answer in HTTP
            HTTP/1.1 101 x\\nUpgrade | 0 | line-end-malformed | LF without CR
            """)
    void tellsWhatTheServerAnsweredInstead(String answer, int status, String error, String words) throws IOException {
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.write(answer.replace("\\r", "\r").replace("\\n", "\n"));
            IOException failure = failure(opening);
            assertThat(failure)
                    .isInstanceOf(WebSocketHandshakeException.class)
                    .hasMessageStartingWith("can't connect to ws://127.0.0.1:" + server.port() + "/chat: ")
                    .hasMessageContaining(words)
                    .hasMessageNotContaining("secret");
            WebSocketHandshakeException refusal = (WebSocketHandshakeException) failure;
            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.error()).isNotNull();
            assertThat(refusal.error().violation().code()).isEqualTo(error);
            if (status == 401) {
                assertThat(refusal.headers().first("WWW-Authenticate")).isEqualTo("Basic");
            }
            peer.readToEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: permessage-deflate"})
    void refusesWhatWasNotOffered(String header) {
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            peer.handshakeAsServer(header);
            assertThat(failure(opening)).hasMessageContaining("was not offered");
            peer.readToEnd();
        }
    }

    @Test
    void boundsTheHeadOfTheResponse() {
        ClientOptions options =
                ClientOptions.builder().maxHeadBytes(200).maxHeaders(3).build();
        CompletableFuture<WebSocket> large = connect(options);
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.tryWrite(("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1000)).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(failure(large)).hasMessageContaining(Violation.HEAD_TOO_LARGE.description());
        }
        CompletableFuture<WebSocket> many = connect(options);
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.tryWrite(
                    "HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(failure(many)).hasMessageContaining(Violation.HEADERS_TOO_MANY.description());
        }
    }

    @Test
    void aStreamThatEndsAtAnyByteOfTheResponseIsAFailure() {
        String response = RawHandshake.response(RawHandshake.KEY);
        for (int cut = 0; cut < response.length(); cut += 7) {
            CompletableFuture<WebSocket> opening = connect();
            try (RawPeer peer = server.accept()) {
                peer.readHead();
                peer.write(response.substring(0, cut));
                peer.shutdownOutput();
                assertThat(failure(opening))
                        .isNotInstanceOf(WebSocketHandshakeException.class)
                        .hasMessageContaining("the stream ended");
                peer.expectEof();
            }
        }
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.reset();
            assertThat(failure(opening)).hasMessageContaining("the stream failed: ");
        }
    }

    // ---- Time and addresses

    @Test
    void aServerThatDoesNotAnswerTimesOut() {
        CompletableFuture<WebSocket> opening =
                connect(ClientOptions.builder().handshakeTimeout(SHORT).build());
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            assertThat(failure(opening))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("connected, but no answer came within 150 ms");
            peer.readToEnd();
        }
    }

    @Test
    void aRefusedConnectionSaysWhere() throws IOException {
        int port = freePort();
        assertThat(failure(client.connect(URI.create("ws://127.0.0.1:" + port), new RecordingListener(events))))
                .isInstanceOf(ConnectException.class)
                .hasMessage("can't connect to ws://127.0.0.1:" + port + ": 127.0.0.1:" + port + ": Connection refused");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void anUnknownHostSaysWhich() {
        assertThat(failure(client.connect(URI.create("ws://nowhere.invalid/"), new RecordingListener(events))))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("can't connect to ws://nowhere.invalid/: unknown host nowhere.invalid");
    }

    private WebSocketClient resolving(String... addresses) throws IOException {
        List<InetAddress> list = new ArrayList<>();
        for (String address : addresses) {
            list.add(InetAddress.getByName(address));
        }
        return WebSocketClient.builder()
                .eventLoops(1)
                .resolver(host -> CompletableFuture.completedStage(list))
                .build();
    }

    @Test
    void takesTheNextAddressWhenOneRefuses() throws IOException {
        URI uri = URI.create("ws://many.example:" + server.port() + "/");
        try (WebSocketClient many = resolving("127.0.0.2", "127.0.0.3", "127.0.0.1")) {
            CompletionStage<WebSocket> opening = many.connect(uri, new WebSocketListener() {});
            try (RawPeer peer = server.accept()) {
                String head = peer.handshakeAsServer();
                assertThat(RawHandshake.header(head, "Host")).isEqualTo("many.example:" + server.port());
                assertThat(get(opening).remoteAddress().getAddress().getHostAddress())
                        .isEqualTo("127.0.0.1");
            }
        }
    }

    @Test
    void takesTheNextAddressWhenOneIsSilent() throws IOException {
        // Of TEST-NET-1 (RFC 5737) nobody answers; where the machine has no route, it fails at once, which is as good.
        URI uri = URI.create("ws://many.example:" + server.port() + "/");
        try (WebSocketClient many = resolving("192.0.2.1", "127.0.0.1")) {
            CompletionStage<WebSocket> opening = many.connect(uri, new WebSocketListener() {});
            try (RawPeer peer = server.accept()) {
                peer.handshakeAsServer();
                assertThat(get(opening).readyState()).isEqualTo(ReadyState.OPEN);
            }
        }
    }

    @Test
    void namesEveryAddressThatFailed() throws IOException {
        int port = freePort();
        try (WebSocketClient many = resolving("127.0.0.1", "127.0.0.2", "127.0.0.3")) {
            IOException failure =
                    failure(many.connect(URI.create("ws://many.example:" + port), new WebSocketListener() {}));
            assertThat(failure)
                    .hasMessageContaining("none of 3 addresses: 127.0.0.1:" + port + ": Connection refused; ");
            assertThat(failure.getSuppressed()).hasSize(3);
        }
    }

    @Test
    void aNameThatIsNotFoundInTimeTimesOut() {
        try (WebSocketClient slow = WebSocketClient.builder()
                .eventLoops(1)
                .resolver(host -> new CompletableFuture<>())
                .options(ClientOptions.builder().connectTimeout(SHORT).build())
                .build()) {
            assertThat(failure(slow.connect(URI.create("ws://slow.example/"), new WebSocketListener() {})))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("the name slow.example was not found within 150 ms");
        }
    }

    // ---- Proxies

    @Test
    void goesThroughAProxy() throws IOException {
        ClientOptions options = ClientOptions.builder()
                .proxy(HttpProxy.of("127.0.0.1", server.port()).withBasicAuthorization("user", "pass"))
                .build();
        CompletionStage<WebSocket> opening =
                client.connect(URI.create("ws://behind.example/x"), new RecordingListener(events), options);
        try (RawPeer proxy = server.accept()) {
            String connect = proxy.readHead();
            assertThat(connect).startsWith("CONNECT behind.example:80 HTTP/1.1\r\n");
            assertThat(RawHandshake.header(connect, "Host")).isEqualTo("behind.example:80");
            assertThat(RawHandshake.header(connect, "Proxy-Authorization")).isEqualTo("Basic dXNlcjpwYXNz");
            proxy.write("HTTP/1.0 200 Connection established\r\nContent-Length: 99\r\n\r\n");
            String request = proxy.handshakeAsServer();
            assertThat(request).startsWith("GET /x HTTP/1.1\r\n").doesNotContain("Proxy-Authorization");
            assertThat(get(opening).remoteAddress().getPort()).isEqualTo(server.port());
            events.expect("open");
            proxy.send(RawFrame.text("through"));
            events.expect("text through");
        }
        events.expect("close 1006 unclean");
    }

    @Test
    void tellsWhatTheProxyAnswered() {
        HttpProxy proxy = HttpProxy.of("127.0.0.1", server.port());
        CompletionStage<WebSocket> opening = client.connect(
                URI.create("ws://behind.example/x"),
                new RecordingListener(events),
                ClientOptions.builder().proxy(proxy).build());
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.write("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
            IOException failure = failure(opening);
            assertThat(failure)
                    .isInstanceOfSatisfying(WebSocketHandshakeException.class, e -> assertThat(e.status())
                            .isEqualTo(407))
                    .hasMessage("can't connect to ws://behind.example/x through proxy 127.0.0.1:" + server.port()
                            + ": the proxy answered 407 Proxy Authentication Required");
        }
    }

    // ---- Life

    @Test
    void cancellingTheStageGivesTheAttemptUp() {
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            opening.cancel(true);
            peer.readToEnd();
            assertThatThrownBy(opening::join).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void closingTheClientFailsAttemptsAndClosesConnections() throws IOException {
        CompletableFuture<WebSocket> open = connect();
        try (RawPeer peer = server.accept()) {
            peer.handshakeAsServer();
            get(open);
            events.expect("open");
            CompletableFuture<WebSocket> opening = connect();
            try (RawPeer second = server.accept()) {
                second.readHead();
                Thread closer = new Thread(client::close, "closer");
                closer.start();
                assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
                assertThat(failure(opening)).hasMessageContaining("client was closed");
                peer.send(RawFrame.close(1001, ""));
                peer.shutdownOutput();
                events.expect("close 1001 clean");
                second.readToEnd();
                Await.until("the client closed", () -> !closer.isAlive());
            }
        }
        assertThatThrownBy(this::connect).isInstanceOf(IllegalStateException.class);
        Leaks.assertNoThreads("bowline-client-");
    }

    @Test
    void aClientCannotBeClosedOnItsLoop() throws IOException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CompletionStage<Void> then = client.connect(uri(), new WebSocketListener() {})
                .handle((socket, error) -> {
                    try {
                        client.close();
                    } catch (IllegalStateException e) {
                        thrown.set(e);
                    }
                    return (Void) null;
                });
        try (RawPeer peer = server.accept()) {
            peer.handshakeAsServer();
            get(then.exceptionally(e -> null));
            assertThat(thrown.get()).hasMessageContaining("event loop");
        }
    }

    @Test
    void aThousandConnectionsNeedNoMoreThreads() throws IOException {
        try (WebSocketServer many = WebSocketServer.builder()
                .options(ServerOptions.builder().eventLoops(1).build())
                .endpoint("/", new WebSocketListener() {})
                .start()) {
            URI uri = URI.create("ws://127.0.0.1:" + many.port() + "/");
            get(WebSocketClient.shared().connect(uri, new WebSocketListener() {}));
            int threads = Leaks.countThreads("");
            List<WebSocket> sockets = new ArrayList<>();
            for (int batch = 0; batch < 10; batch++) {
                List<CompletionStage<WebSocket>> opening = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    WebSocketClient each = WebSocketClient.builder().build();
                    opening.add(each.connect(uri, new WebSocketListener() {}));
                }
                for (CompletionStage<WebSocket> stage : opening) {
                    sockets.add(get(stage));
                }
            }
            assertThat(many.connections()).hasSize(1001);
            assertThat(Leaks.countThreads("")).isLessThanOrEqualTo(threads + 2);
            assertThat(Leaks.countThreads("bowline-client")).isEqualTo(2); // the shared loop and this test's own
            sockets.forEach(WebSocket::terminate);
        }
    }

    @Test
    void aHalfOpenLinkIsNoticed() throws IOException {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            Heartbeat heartbeat = new Heartbeat(SHORT, SHORT);
            ClientOptions options = ClientOptions.builder()
                    .connection(ConnectionOptions.builder().heartbeat(heartbeat).build())
                    .build();
            CompletionStage<WebSocket> opening = client.connect(
                    URI.create("ws://127.0.0.1:" + proxy.port() + "/"),
                    new WebSocketListener() {
                        @Override
                        public void onClose(WebSocket socket, CloseEvent event) {
                            events.record("close " + event.code() + " " + event.error());
                        }
                    },
                    options);
            try (RawPeer peer = server.accept()) {
                peer.handshakeAsServer();
                get(opening);
                proxy.apply(Fault.blackHole());
                events.expect("close 1006 " + Violation.HEARTBEAT_TIMEOUT.error("timeout 150 ms"));
            }
        }
    }

    // ---- The caller's mistakes

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "ws:///nohost",
                "ws://localhost/#fragment",
                "ws://user@localhost/",
                "ws://localhost:0/",
                "ws://localhost:65536/",
                "wss://localhost/"
            })
    void refusesUrisThatNoWebSocketCanBeOpenedTo(String uri) {
        assertThatThrownBy(() -> client.connect(URI.create(uri), new WebSocketListener() {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
