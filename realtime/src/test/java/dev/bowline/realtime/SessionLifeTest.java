package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Authenticate;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a session begins, survives and ends (bowline-v1.md, sections 3, 8, 9 and 10). */
class SessionLifeTest extends SessionTestBase {
    @Test
    void saysHelloAndIsWelcomed() {
        SessionClient client = connect(options().token("secret").agent("test/1"));
        ScriptedConnection connection = server.accept();
        assertThat(connection.hello()).extracting("auth", "agent").containsExactly("secret", "test/1");
        assertThat(connection.hello().resume()).isNull();
        assertThat(client.id()).isEmpty();
        assertThat(client.state()).isEqualTo(SessionState.CONNECTING);
        connection.welcome("s1", null);
        expectOpened();
        assertThat(client.id()).contains("s1");
        assertThat(client.user()).contains("ada");
        assertThat(client.state()).isEqualTo(SessionState.OPEN);
        assertThat(client).hasToString("SessionClient[127.0.0.1 s1 OPEN]");
    }

    @Test
    void connectionsAreMadeWithTheApplicationsOptionsButForTheProtocolsOwn() {
        connect(options()
                .client(ClientOptions.builder()
                        .header("Cookie", "a=b")
                        .subprotocols("chat")
                        .connection(ConnectionOptions.builder()
                                .callbackExecutor(task -> {
                                    throw new AssertionError("it is the session that has an executor");
                                })
                                .maxMessageBytes(1_000)
                                .build())
                        .build()));
        ScriptedConnection connection = server.open();
        expectOpened();
        UpgradeRequest request = Objects.requireNonNull(server.lastRequest);
        assertThat(request.headers().first("Cookie")).isEqualTo("a=b");
        assertThat(request.subprotocols()).containsExactly("bowline.v1");
        connection.say(new ServerMessage.DirectMessage(1, "hi", Payload.text("x".repeat(1_000))));
        events.expect(event -> event.startsWith("disconnect 1009"), "the limit's effect");
        expect("ENDED");
        events.expect(event -> event.startsWith("ended 1009"), "the end");
    }

    @Test
    void pingsAreAnswered() {
        connect();
        ScriptedConnection connection = server.open();
        connection.say(new ServerMessage.Ping()).expect(new ClientMessage.Pong());
        expectOpened();
    }

    @Test
    void checkingProbesTheLine() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        client.check();
        connection.expect(new ClientMessage.Ping()).say(new ServerMessage.Pong());
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1011, 4000, 4002, 4499})
    void mostCodesMeanToComeBack(int code) {
        connect();
        server.open().close(code, "so");
        server.accept().resumed(0);
        expectOpened();
        expect("disconnect " + code + " so");
        expectReopened("open resumed");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1008, 4500, 4503, 4999})
    void someCodesAreTheEnd(int code) {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        note("a", client.publish("news", "a"));
        connection.expectPublish(1, "a").close(code, "so");
        expect(
                "disconnect " + code + " so",
                "ENDED",
                "a UNKNOWN the session has ended: " + code + " so",
                "ended " + code + " so");
        note("b", client.publish("news", "b"));
        note("sub", client.subscribe("news", noting("n")).ready());
        expect("b NOT_SENT the session has ended", "sub NOT_SENT the session has ended");
        get(client.bye());
        assertThat(client.state()).isEqualTo(SessionState.ENDED);
        assertThat(server.requests).hasValue(1);
    }

    @Test
    void byeEndsItOnBothSides() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        note("bye", client.bye());
        connection.expect(new ClientMessage.Bye()).expectClose("1000 bye");
        expect("ENDED", "ended 1000 bye", "bye done");
        client.close();
    }

    @Test
    void closingGivesAnAttemptUp() {
        SessionClient client;
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            proxy.admit(FaultProxy.Admission.SILENT);
            client = connect(URI.create("ws://127.0.0.1:" + proxy.port() + "/"), options());
            note("a", client.publish("news", "a"));
            expect("CONNECTING");
            get(client.bye());
        }
        expect("ENDED", "a NOT_SENT the session has ended: 1000 bye", "ended 1000 bye");
        assertThat(server.requests).hasValue(0);
    }

    @Test
    void canBeEndedWithinACallback() {
        SessionClient client = Bowline.connect(server.uri(), options().build(), new Listener(events) {
            @Override
            public void onState(SessionClient opened, SessionState state) {
                super.onState(opened, state);
                if (state == SessionState.OPEN) {
                    note("a", opened.publish("news", "a"));
                    opened.close();
                    events.record("returned");
                }
            }
        });
        ScriptedConnection connection = server.open();
        connection.expectPublish(1, "a").expect(new ClientMessage.Bye()).expectClose("1000 bye");
        expect(
                "CONNECTING",
                "OPEN",
                "returned",
                "open new",
                "ENDED",
                "a UNKNOWN the session has ended: 1000 bye",
                "ended 1000 bye");
        assertThat(client.state()).isEqualTo(SessionState.ENDED);
    }

    @Test
    void anAttemptThatTheServerDoesNotAnswerIsClosedWithTheSession() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout(10_000);
            SessionClient client = connect(URI.create("ws://127.0.0.1:" + silent.getLocalPort() + "/"), options());
            try (Socket accepted = silent.accept()) {
                accepted.setSoTimeout(10_000);
                assertThat(accepted.getInputStream().read()).as("the handshake").isEqualTo('G');
                client.close();
                assertThat(accepted.getInputStream().readAllBytes()).isNotEmpty(); // up to its end
            }
        }
        expect("CONNECTING", "ENDED", "ended 1000 bye");
    }

    @Test
    void anAttemptThatWaitsForItsTokenMakesNoConnectionAfterTheSession() {
        CompletableFuture<String> token = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        SessionClient client = connect(options().tokens(() -> {
            asked.complete(null);
            return token;
        }));
        get(asked);
        get(client.bye());
        expect("CONNECTING", "ENDED", "ended 1000 bye");
        token.complete("late");
        connect(); // on the same loop, behind it
        server.open();
        expectOpened();
        assertThat(server.requests).hasValue(1);
    }

    @Test
    void aConnectionThatWasNotGreetedIsClosedWithTheSession() {
        SessionClient client = connect();
        ScriptedConnection connection = server.accept();
        client.close();
        connection.expectClose("1000 bye");
        expect("CONNECTING", "ENDED", "ended 1000 bye");
    }

    @Test
    void aServerOfAnotherProtocolIsTheEnd() {
        try (ScriptedServer other = new ScriptedServer("chat")) {
            connect(other.uri(), options());
            other.connection().expectClose("4504 the server does not speak bowline.v1");
            expect("CONNECTING", "ENDED", "ended 4504 the server does not speak bowline.v1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404})
    void anAnswerThatWouldBeTheSameAgainIsTheEnd(int status) {
        server.refuse(status);
        connect();
        expect("CONNECTING");
        events.expect(event -> event.startsWith("failed ") && event.contains(" " + status), "the answer");
        expect("ENDED");
        events.expect(event -> event.startsWith("ended 1006 ") && event.contains(" " + status), "the end, and why");
        assertThat(server.requests).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 429, 500, 503})
    void otherAnswersAreTriedAgain(int status) {
        server.refuse(status);
        SessionClient client = connect(options().random(() -> Long.MAX_VALUE - 1));
        expect("CONNECTING");
        events.expect(event -> event.startsWith("failed ") && event.contains(" " + status), "the answer");
        expect("WAITING");
        server.refuse(0);
        client.check();
        server.open();
        expectOpened();
    }

    @Test
    void theServersMistakeBeginsANewSession() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        note("a", client.publish("news", "a"));
        connection.expectPublish(1, "a").say(Payload.text("fly")).expectClose("4500 verb");
        ScriptedConnection next = server.accept();
        assertThat(next.hello().resume()).isNull();
        next.welcome("s2", null);
        String why = "violation by the server: \"fly\" is no verb of a server";
        expect(
                "disconnect 4500 verb",
                "WAITING",
                "CONNECTING",
                "OPEN",
                "open new " + why,
                "a UNKNOWN the session is new: " + why);
    }

    @Test
    void aTokenIsAskedForBeforeEachConnectionAndWhenItExpires() {
        AtomicInteger asked = new AtomicInteger();
        connect(options().tokens(() -> CompletableFuture.completedFuture("t" + asked.incrementAndGet())));
        ScriptedConnection first = server.open();
        expectOpened();
        assertThat(first.hello().auth()).isEqualTo("t1");
        first.say(new ServerMessage.Expiring(30_000))
                .expect(new Authenticate(1, Payload.text("t2")))
                .ok(1);
        expect("expiring 30000");
        first.cut();
        ScriptedConnection second = server.accept();
        assertThat(second.hello().auth()).isEqualTo("t3");
        second.resumed(1);
        expect("disconnect 1006");
        expectReopened("open resumed");
    }

    @Test
    void withoutATokenAnAttemptFails() {
        AtomicInteger asked = new AtomicInteger();
        connect(options().tokens(() -> switch (asked.incrementAndGet()) {
            case 1 -> CompletableFuture.failedFuture(new IllegalStateException("no login"));
            case 2 -> throw new IllegalStateException("on purpose");
            case 3 -> CompletableFuture.completedFuture("not visible");
            default -> CompletableFuture.supplyAsync(() -> "later");
        }));
        expect("CONNECTING", "failed the token source has given no token: no login");
        expect("WAITING", "CONNECTING", "failed the token source has given no token: on purpose");
        expect("WAITING", "CONNECTING", "failed the token source has given no token of visible ASCII");
        expect("WAITING", "CONNECTING");
        assertThat(server.open().hello().auth()).isEqualTo("later");
        expect("OPEN", "open new");
    }

    @Test
    void aTokenCanBeRenewedByHand() {
        SessionClient client = connect(options().token("old"));
        ScriptedConnection first = server.open();
        expectOpened();
        note("auth", client.authenticate("new"));
        first.expect(new Authenticate(1, Payload.text("new"))).ok(1);
        expect("auth done");
        first.cut();
        ScriptedConnection second = server.accept();
        assertThat(second.hello().auth()).isEqualTo("new");
        expect("disconnect 1006", "WAITING", "CONNECTING");
    }

    @Test
    void whatFailsToBeRenewedIsLogged() {
        try (CapturedLog log = CapturedLog.of("dev.bowline.realtime.internal.client.DefaultSessionClient")) {
            connect(options().tokens(() -> CompletableFuture.completedFuture("t")));
            ScriptedConnection connection = server.open();
            connection.say(new ServerMessage.Expiring(1_000)).expect(new Authenticate(1, Payload.text("t")));
            connection.refuse(1, "user");
            expectOpened();
            expect("expiring 1000");
            Await.until("a warning", () -> log.lines().stream()
                    .anyMatch(line -> line.startsWith("WARNING The authentication was not renewed")));
        }
    }

    @Test
    void endsWithItsWebSocketClient() {
        WebSocketClient own = WebSocketClient.builder().eventLoops(1).build();
        SessionClient client = connect(options().webSocketClient(own));
        ScriptedConnection connection = server.open();
        expectOpened();
        own.close();
        connection.expect(new ClientMessage.Bye()).expectClose("1000 bye");
        expect("ENDED", "ended 1000 bye");
        note("a", client.publish("news", "a"));
        note("sub", client.subscribe("news", noting("n")).ready());
        expect(
                "a NOT_SENT the session has ended: its WebSocket client is closed",
                "sub NOT_SENT the session has ended: its WebSocket client is closed");
        get(client.bye());
        assertThatThrownBy(() -> connect(options().webSocketClient(own))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leavesNothingOnItsEventLoop() {
        SessionClient client = connect(options().tokens(() -> CompletableFuture.completedFuture("t")));
        ScriptedConnection connection = server.open();
        expectOpened();
        note("a", client.request("slow", "x"));
        get(client.bye());
        connection.expectClose("1000 bye");
        expect("ENDED", "a UNKNOWN the session has ended: 1000 bye", "ended 1000 bye");
        for (EventLoop loop : EventLoop.running()) {
            if (loop.name().startsWith("bowline-client-")) {
                Await.until("nothing is left on " + loop.name(), () -> {
                    EventLoop.Holdings left = get(CompletableFuture.supplyAsync(loop::holdings, loop));
                    return left.streams() == 0 && left.timers() == 0 && left.chunks() == 0;
                });
            }
        }
    }

    @Test
    void manySessionsNeedNoMoreThreadsThanOne() {
        connect();
        server.open();
        expectOpened();
        int threads = Thread.getAllStackTraces().size();
        List<SessionClient> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(Bowline.connect(server.uri(), options().build(), new SessionListener() {}));
        }
        List<CompletableFuture<Void>> published = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            published.add(clients.get(i).publish("news", "x").toCompletableFuture());
        }
        for (int i = 0; i < 200; i++) {
            // Each says its hello; which client's it is does not matter.
            ScriptedConnection connection = server.accept();
            connection.welcome("many-" + i, null).expectPublish(1, "x").ok(1);
        }
        published.forEach(SessionTestBase::get);
        assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo(threads);
    }

    @Test
    void whatNoSessionCanBeOpenedToIsTheCallersMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bowline.connect(URI.create("http://localhost/")));
        assertThatIllegalArgumentException().isThrownBy(() -> Bowline.connect(URI.create("ws://localhost:70000/")));
    }
}
