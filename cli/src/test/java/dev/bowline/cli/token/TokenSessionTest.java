package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.TokenSource;
import dev.bowline.realtime.TopicListener;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.Action;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All the way: a server whose topics {@code chat.…} need a right, and clients with tokens and tickets. */
class TokenSessionTest {
    private static final Rights CHATS =
            Rights.of(Map.of(Action.SUBSCRIBE, List.of("chat.*"), Action.PUBLISH, List.of("chat.room1")));

    private final CapturedLog log = CapturedLog.of(TokenAuthenticator.class);
    private final TokenIssuer issuer =
            new TokenIssuer(TokenKey.toSign("a", TestKeys.pem(TestKeys.ED25519.getPrivate())), InstantSource.system());
    private final CompletableFuture<Hub> begun = new CompletableFuture<>();
    private final Tickets tickets = new Tickets(
            Tickets.newSecret(), Duration.ZERO, (key, ttl) -> begun.join().once(key, ttl));
    private final TokenAuthenticator authenticator = new TokenAuthenticator(
            TokenOptions.DEFAULT
                    .withKeys(List.of(
                            TokenKey.toVerify("a", TokenAlgorithm.EDDSA, TestKeys.pem(TestKeys.ED25519.getPublic()))))
                    .withClockSkew(Duration.ZERO),
            tickets);
    private final Recorder<String> events = new Recorder<>();
    private final List<SessionClient> clients = new ArrayList<>();
    private @Nullable WebSocketServer server;

    @BeforeEach
    void start() throws IOException {
        Hub hub = Hub.builder()
                .options(
                        HubOptions.builder().expiryNotice(Duration.ofSeconds(1)).build())
                .topic(TopicPolicy.of(">").anyonePublishes())
                .authenticator(authenticator)
                .authorizer(
                        new RightsAuthorizer((action, name) -> name.startsWith("chat.") && !Grammar.hasWildcard(name)))
                .build();
        hub.onRequest(
                "who",
                request -> CompletableFuture.completedFuture(Payload.text(
                        request.session().user() + " " + request.session().attributes())));
        begun.complete(hub);
        server = WebSocketServer.builder().endpoint(hub.endpoint("/")).start();
    }

    @AfterEach
    void stop() throws Exception {
        for (SessionClient client : clients) {
            get(client.bye());
        }
        begun.join().close();
        if (server != null) {
            server.close();
        }
        authenticator.close();
        log.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private SessionClient connect(TokenSource source) {
        int port = server == null ? 0 : server.port();
        SessionClient client = Bowline.connect(
                URI.create("ws://127.0.0.1:" + port),
                SessionClientOptions.builder().tokens(source).build(),
                new SessionListener() {
                    @Override
                    public void onEnded(SessionClient session, int code, String reason) {
                        events.record("end " + code + " " + reason);
                    }
                });
        clients.add(client);
        return client;
    }

    private SessionClient connect(String token) {
        return connect(() -> CompletableFuture.completedFuture(token));
    }

    private String token(Duration ttl) {
        return issuer.issue("ada", ttl, CHATS, List.of(), null);
    }

    private static String who(SessionClient client) throws Exception {
        return get(client.request("who", "")).asText();
    }

    @Test
    void aTokenLetsInWithItsRights() throws Exception {
        SessionClient ada = connect(token(Duration.ofMinutes(5)));
        assertThat(who(ada)).isEqualTo("ada {rights=subscribe=chat.*;publish=chat.room1}");
        List<String> heard = new CopyOnWriteArrayList<>();
        get(ada.subscribe(">", (topic, offset, payload) -> heard.add(topic)).ready());
        get(ada.publish("chat.room1", "hi"));
        get(ada.publish("news", "hi"));
        assertThatThrownBy(() -> get(ada.publish("chat.room2", "hi"))).hasMessageContaining("forbidden");
        assertThatThrownBy(() -> get(ada.subscribe("chat.a.b", (topic, offset, payload) -> {})
                        .ready()))
                .hasMessageContaining("forbidden");
        begun.join().topic("chat.a.b").publish("not for ada");
        get(begun.join().topic("chat.room2").publish("for ada"));
        Await.until("what is for ada came", () -> heard.contains("chat.room2"));
        assertThat(heard).containsExactlyInAnyOrder("chat.room1", "news", "chat.room2");
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aRefusedTokenEndsTheSessionWithACodeAlone() {
        String eve = token(Duration.ofMinutes(5)).replaceFirst(".$", "");
        connect(eve);
        Await.untilEquals("refused", events::drain, List.of("end 4501 unauthorized"));
        assertThat(log.lines()).hasSize(1);
        assertThat(log.lines().get(0)).startsWith("INFO a token was refused: ").doesNotContain(eve);
    }

    @Test
    void aSessionGoesOnWithAnotherTokenBeforeItExpires() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        SessionClient ada = connect(() -> {
            Duration ttl = asked.incrementAndGet() == 1 ? Duration.ofSeconds(2) : Duration.ofMinutes(5);
            return CompletableFuture.completedFuture(token(ttl));
        });
        who(ada);
        String id = ada.id().orElseThrow();
        Await.until("it was asked for another token", () -> asked.get() == 2);
        assertThat(who(ada)).startsWith("ada ");
        assertThat(ada.id()).contains(id);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aTokenThatGivesLessEndsWhatItDoesNotGive() throws Exception {
        SessionClient ada = connect(token(Duration.ofMinutes(5)));
        TopicListener listener = new TopicListener() {
            @Override
            public void onMessage(String topic, long offset, Payload payload) {
                events.record(topic);
            }

            @Override
            public void onEnded(String pattern, String code) {
                events.record(pattern + " ended: " + code);
            }
        };
        get(ada.subscribe("chat.room1", listener).ready());
        get(ada.subscribe("chat.room2", listener).ready());
        Rights less = Rights.of(Map.of(Action.SUBSCRIBE, List.of("chat.room2")));
        get(ada.authenticate(issuer.issue("ada", Duration.ofMinutes(5), less, List.of(), null)));
        Await.untilEquals("it has ended", events::drain, List.of("chat.room1 ended: forbidden"));
        begun.join().topic("chat.room1").publish("not for ada");
        get(begun.join().topic("chat.room2").publish("for ada"));
        Await.untilEquals("it came", events::drain, List.of("chat.room2"));
        assertThatThrownBy(() -> get(ada.publish("chat.room1", "hi"))).hasMessageContaining("forbidden");
    }

    @Test
    void aTicketLetsOneIn() throws Exception {
        String ticket = tickets.issue("ada", Map.of("room", "7"));
        SessionClient ada = connect(ticket);
        assertThat(who(ada)).isEqualTo("ada {room=7}");
        connect(ticket);
        Await.untilEquals("refused", events::drain, List.of("end 4501 unauthorized"));
        assertThat(log.lines())
                .containsExactly("INFO a token was refused: it is a ticket that was used before; user ada");
        assertThat(who(ada)).as("who came first stays").isEqualTo("ada {room=7}");
    }
}
