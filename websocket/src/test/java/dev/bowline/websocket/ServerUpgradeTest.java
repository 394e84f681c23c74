package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The decision on a request, endpoints by path, and binding. */
class ServerUpgradeTest {
    private static final String HTTP_CONNECTION = "dev.bowline.websocket.internal.server.HttpConnection";

    @RegisterExtension
    final TestServer server = newServer();

    TestServer newServer() {
        return new TestServer();
    }

    private void start(UnaryOperator<Endpoint> endpoint) {
        start(endpoint, ServerOptions.DEFAULT);
    }

    private void start(UnaryOperator<Endpoint> endpoint, ServerOptions options) {
        server.start(
                builder -> builder.options(options).endpoint(endpoint.apply(Endpoint.of("/*", new EchoListener()))));
    }

    private RawPeer request(String target, String... headers) {
        RawPeer peer = server.connect();
        peer.write(RawHandshake.request("localhost", target, headers));
        return peer;
    }

    @Test
    void acceptsWithUserSubprotocolAndHeaders() {
        start(endpoint -> endpoint.subprotocols("v2", "v1").onUpgrade(request -> UpgradeDecision.accept()
                .user(String.valueOf(request.queryParameter("user")))
                .header("Set-Cookie", "seen=1")
                .subprotocol("v1")));
        String head = request("/?user=ada", "Sec-WebSocket-Protocol: v1, v2").readHead();
        assertThat(RawHandshake.header(head, "Sec-WebSocket-Protocol")).isEqualTo("v1");
        assertThat(RawHandshake.header(head, "Set-Cookie")).isEqualTo("seen=1");
        WebSocket socket = server.onlySocket();
        assertThat(socket.user()).isEqualTo("ada");
        assertThat(socket.protocol()).isEqualTo("v1");
        assertThat(socket.extensions()).isEmpty();
        assertThat(socket.request().subprotocols()).containsExactly("v1", "v2");
        assertThat(server.server().user("ada")).containsExactly(socket);
        assertThat(server.server().user("bob")).isEmpty();
    }

    @Test
    void theEndpointsOrderOfSubprotocolsDecidesAndNoneIsServedWithout() {
        start(endpoint -> endpoint.subprotocols("v2", "v1"));
        assertThat(RawHandshake.header(
                        request("/", "Sec-WebSocket-Protocol: v1", "Sec-WebSocket-Protocol: v2")
                                .readHead(),
                        "Sec-WebSocket-Protocol"))
                .isEqualTo("v2");
        String none = request("/", "Sec-WebSocket-Protocol: v3").readHead();
        assertThat(RawHandshake.status(none)).isEqualTo(101);
        assertThat(RawHandshake.header(none, "Sec-WebSocket-Protocol")).isNull();
    }

    @Test
    void refusesWithStatusBodyAndHeaders() {
        start(endpoint -> endpoint.onUpgrade(
                request -> UpgradeDecision.refuse(401, "Who are you?").header("WWW-Authenticate", "Bearer")));
        RawPeer peer = request("/");
        String head = peer.readHead();
        assertThat(RawHandshake.status(head)).isEqualTo(401);
        assertThat(RawHandshake.header(head, "WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(peer.readToEnd()).asString().isEqualTo("Who are you?\n");
        assertThat(server.server().connections()).isEmpty();
    }

    @Test
    void aLateDecisionLosesNothingThatCameMeanwhile() {
        CompletableFuture<UpgradeDecision> decision = new CompletableFuture<>();
        start(endpoint -> endpoint.onUpgradeAsync(request -> decision));
        RawPeer peer = request("/");
        peer.send(TestServer.text("one"));
        peer.expectNothing(Duration.ofMillis(50));
        peer.send(TestServer.text("two"));
        decision.complete(UpgradeDecision.accept());
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
        peer.expectFrame(RawFrame.text("one"));
        peer.expectFrame(RawFrame.text("two"));
    }

    @Test
    void aDecisionThatComesTooLateIsAnswered504AndIgnored() {
        List<CompletableFuture<UpgradeDecision>> decisions = new CopyOnWriteArrayList<>();
        start(
                endpoint -> endpoint.onUpgradeAsync(request -> {
                    decisions.add(new CompletableFuture<>());
                    return decisions.get(decisions.size() - 1);
                }),
                ServerOptions.builder().handshakeTimeout(Duration.ofMillis(100)).build());
        RawPeer peer = request("/");
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(504);
        peer.readToEnd();
        decisions.get(0).complete(UpgradeDecision.accept());
        RawPeer next = request("/");
        Await.until("asked again", () -> decisions.size() == 2);
        decisions.get(1).complete(UpgradeDecision.accept());
        assertThat(RawHandshake.status(next.readHead())).isEqualTo(101);
        server.awaitConnections(1);
    }

    @Test
    void aDecisionThatFailsIsAnswered500AndLogged() {
        List<UnaryOperator<Endpoint>> failing = List.of(
                endpoint -> endpoint.onUpgrade(request -> {
                    throw new IllegalStateException("thrown");
                }),
                endpoint -> endpoint.onUpgradeAsync(
                        request -> CompletableFuture.failedFuture(new AssertionError("failed"))),
                endpoint -> endpoint.onUpgrade(request -> {
                    throw new StackOverflowError("thrown");
                }),
                endpoint -> endpoint.onUpgrade(request -> nothing()),
                endpoint -> endpoint.onUpgradeAsync(request -> nothing()),
                endpoint -> endpoint.onUpgradeAsync(request -> CompletableFuture.completedFuture(nothing())),
                endpoint -> endpoint.onUpgradeAsync(request -> new CompletableFuture<UpgradeDecision>()
                        .completeOnTimeout(
                                UpgradeDecision.accept().subprotocol("unasked"),
                                1,
                                java.util.concurrent.TimeUnit.MILLISECONDS)));
        for (UnaryOperator<Endpoint> one : failing) {
            try (CapturedLog log = CapturedLog.of(HTTP_CONNECTION)) {
                start(one);
                assertThat(RawHandshake.status(request("/").readHead())).isEqualTo(500);
                assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("onUpgrade of endpoint /*"));
                server.server().close();
            }
        }
    }

    /** What code without null checks may give. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    /** Tells whoever waits for it twice. */
    private static final class Stutter extends CompletableFuture<UpgradeDecision> {
        @Override
        public CompletableFuture<UpgradeDecision> whenComplete(
                BiConsumer<? super UpgradeDecision, ? super Throwable> action) {
            return allOf(super.whenComplete(action), super.whenComplete(action)).thenCompose(both -> this);
        }
    }

    @Test
    void aDecisionThatComesTwiceCountsOnce() {
        Stutter decision = new Stutter();
        start(endpoint -> endpoint.onUpgradeAsync(request -> decision));
        RawPeer peer = request("/");
        Await.until("asked", () -> decision.getNumberOfDependents() == 2);
        decision.complete(UpgradeDecision.accept());
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
        TestServer.echo(peer, "open");
        server.awaitConnections(1);
        TestServer.closeCleanly(peer);
        server.awaitConnections(0);
    }

    @Test
    void endpointsAreChosenByPath() {
        server.start(builder -> {
            for (String path : List.of("/*", "/a/*", "/a/b/*", "/a/b")) {
                builder.endpoint(path, new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        socket.send(path);
                    }
                });
            }
        });
        for (String[] pair : new String[][] {
            {"/", "/*"}, {"/a", "/*"}, {"/a/", "/a/*"}, {"/a/b", "/a/b"}, {"/a/b/c?d", "/a/b/*"}, {"/a/x", "/a/*"}
        }) {
            server.open(pair[0]).expectFrame(RawFrame.text(pair[1]));
        }
    }

    @Test
    void aPathWithoutEndpointIs404AndPlainHttpOnAnEndpoint426() {
        server.start(builder -> builder.endpoint("/chat", new EchoListener()));
        assertThat(RawHandshake.status(request("/other").readHead())).isEqualTo(404);
        RawPeer plain = server.connect();
        plain.write("GET /chat HTTP/1.1\r\nHost: a\r\n\r\n");
        String head = plain.readHead();
        assertThat(RawHandshake.status(head)).isEqualTo(426);
        assertThat(RawHandshake.header(head, "Upgrade")).isEqualTo("websocket");
    }

    @Test
    void aTakenPortOrAnUnknownHostIsOneClearException() {
        start(endpoint -> endpoint);
        int port = server.port();
        assertThat(port).isPositive();
        assertThatThrownBy(() -> WebSocketServer.builder().port(port).start())
                .isInstanceOf(IOException.class)
                .hasMessage("can't listen on 127.0.0.1:" + port + ": Address already in use");
        assertThatThrownBy(() ->
                        WebSocketServer.builder().host("no-such-host.invalid").start())
                .isInstanceOf(IOException.class)
                .hasMessage("can't listen on no-such-host.invalid:0: unknown host");
    }

    @Test
    void aConnectionStaysOnItsLoopAndLoopsShareThem() {
        List<String> threads = new CopyOnWriteArrayList<>();
        server.start(
                new EchoListener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        socket.attach(Thread.currentThread());
                        threads.add(Thread.currentThread().getName());
                    }

                    @Override
                    public void onText(WebSocket socket, String text) {
                        socket.send(Boolean.toString(socket.attachment() == Thread.currentThread()));
                    }
                },
                ServerOptions.builder().eventLoops(2).build());
        for (int i = 0; i < 4; i++) {
            RawPeer peer = server.open();
            for (int j = 0; j < 3; j++) {
                peer.send(TestServer.text("?"));
                peer.expectFrame(RawFrame.text("true"));
            }
        }
        assertThat(threads).hasSize(4);
        assertThat(threads.stream().distinct()).hasSize(2);
    }
}
