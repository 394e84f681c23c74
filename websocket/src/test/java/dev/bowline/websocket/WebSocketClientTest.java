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
import dev.bowline.testkit.RawPeer;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketClientTest extends ClientTestBase {
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
        opening.forEach(ClientTestBase::failure);
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
                "ws://localhost:65536/"
            })
    void refusesUrisThatNoWebSocketCanBeOpenedTo(String uri) {
        assertThatThrownBy(() -> client.connect(URI.create(uri), new WebSocketListener() {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAttemptThatFailsHoldsNothing() {
        // More than the operating system takes for a server that does not read, so that some of it waits to be sent.
        ClientOptions.Builder options = ClientOptions.builder().handshakeTimeout(SHORT);
        for (int i = 0; i < 20; i++) {
            options.header("X-Long-" + i, "a".repeat(1 << 20));
        }
        Set<EventLoop> others = EventLoop.running();
        try (WebSocketClient own = WebSocketClient.builder().eventLoops(1).build()) {
            Set<EventLoop> loops = EventLoop.running();
            loops.removeAll(others);
            assertThat(loops).hasSize(1);
            assertThat(failure(own.connect(uri(), new RecordingListener(events), options.build())))
                    .hasMessageContaining("no answer came");
            EventLoop loop = loops.iterator().next();
            Await.until("nothing is held", () -> {
                EventLoop.Holdings held =
                        CompletableFuture.supplyAsync(loop::holdings, loop).join();
                return held.streams() == 0 && held.timers() == 0 && held.chunks() == 0;
            });
        }
    }
}
