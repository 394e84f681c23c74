package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.config.Values;
import dev.bowline.cli.hook.BackEnd;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.FaultProxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All the way: the program's server by its configuration, clients, and a back end. Whoever comes is who they say, as in the demo. */
class WebhooksTest {
    private final BackEnd backEnd = new BackEnd();
    private final CapturedLog log = CapturedLog.of("dev.bowline.cli.hook");
    private @Nullable Service service;

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void start() throws Exception {
        String to = "url: '" + backEnd.url() + "', secret: " + BackEnd.SECRET;
        service = Service.start(values("""
                server: {port: 0}
                api: {port: 0}
                log: {connections: false}
                hooks:
                  - {%s, events: [session-started, session-suspended, session-resumed, session-ended]}
                  - {%s, events: stored-offline}
                requests:
                  - {name: shop.>, %s}
                """.formatted(to, to, to)));
    }

    private Values values(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("bowline.yaml"), text);
        return ConfigurationReader.read(file, Map.of(), new Options());
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        backEnd.close();
        log.close();
        assertThat(backEnd.wrong()).isEmpty();
        assertThat(log.lines()).isEmpty();
    }

    private int port() {
        if (service == null) {
            throw new IllegalStateException("not started");
        }
        return service.port();
    }

    private static SessionClient connect(int port, @Nullable String user) {
        SessionClientOptions.Builder options = SessionClientOptions.builder().agent("shop/2");
        if (user != null) {
            options.token(user);
        }
        SessionClient client =
                Bowline.connect(URI.create("ws://127.0.0.1:" + port), options.build(), new SessionListener() {});
        Await.until("the session has begun", () -> client.state() == SessionState.OPEN);
        return client;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void awaitTold(String... types) {
        Await.untilEquals(
                "told", () -> backEnd.told().stream().map(BackEnd.Told::type).toList(), List.of(types));
    }

    private BackEnd.Told told(int index) {
        return backEnd.told().get(index);
    }

    @Test
    void theLifeOfASessionIsToldInOrder() throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", port())) {
            SessionClient ada = connect(proxy.port(), "ada");
            awaitTold("session-started");
            proxy.resetAll();
            awaitTold("session-started", "session-suspended", "session-resumed");
            get(ada.bye());
            awaitTold("session-started", "session-suspended", "session-resumed", "session-ended");
            for (BackEnd.Told one : backEnd.told()) {
                assertThat(one.data("session")).isEqualTo(ada.id().orElseThrow());
                assertThat(one.data("user")).isEqualTo("ada");
                assertThat(one.data("agent")).isEqualTo("shop/2");
                assertThat(one.json().path("node").asText())
                        .endsWith("/" + ProcessHandle.current().pid());
            }
        }
        assertThat(told(1).data("code")).isEqualTo("1006");
        assertThat(told(2).json().path("data").path("awayMillis").asLong(-1)).isNotNegative();
        assertThat(told(3).data("code")).isEqualTo("1000");
        assertThat(told(3).json().path("data").has("reason")).isTrue();
    }

    @Test
    void aSessionWithoutAUserHasNone() throws Exception {
        SessionClient nobody = connect(port(), null);
        awaitTold("session-started");
        assertThat(told(0).json().path("data").has("user")).isFalse();
        get(nobody.bye());
        awaitTold("session-started", "session-ended");
    }

    @Test
    void sessionsThatEndWithTheServerAreTold() {
        SessionClient ada = connect(port(), "ada");
        awaitTold("session-started");
        if (service != null) {
            service.close();
        }
        awaitTold("session-started", "session-suspended", "session-ended");
        ada.close();
    }

    @Test
    void aMessageForWhoIsAwayIsTold() throws Exception {
        SessionClient bob = connect(port(), "bob");
        awaitTold("session-started");
        get(bob.request("demo.tell", "ada\nAre you there?"));
        awaitTold("session-started", "stored-offline");
        assertThat(told(1).json().path("data"))
                .hasToString("{\"user\":\"ada\",\"offset\":1,\"text\":\"bob\\nAre you there?\"}");
        get(bob.request("demo.tell", "bob\nYou are."));
        get(bob.bye());
        awaitTold("session-started", "stored-offline", "session-ended");
    }

    @Test
    void requestsAreAnsweredByTheBackEnd() throws Exception {
        backEnd.answersBy((told, exchange) -> {
            if (!told.type().equals("request")) {
                exchange.sendResponseHeaders(204, -1);
            } else if (told.data("name").equals("shop.picture")) {
                BackEnd.answer(exchange, 200, "image/png", new byte[] {(byte) 0x89, 'P'});
            } else if (told.data("text").equals("tea")) {
                String refusal = "{\"code\": \"shop.sold-out\", \"detail\": \"No more tea.\"}";
                BackEnd.answer(exchange, 409, "application/problem+json", refusal.getBytes(StandardCharsets.UTF_8));
            } else {
                BackEnd.answer(exchange, 200, "text/plain", "17".getBytes(StandardCharsets.UTF_8));
            }
        });
        SessionClient ada = connect(port(), "ada");
        assertThat(get(ada.request("shop.order.new", "coffee")).asText()).isEqualTo("17");
        assertThat(get(ada.request("shop.picture", "")).bytes())
                .isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0x89, 'P'}));
        assertThatThrownBy(() -> get(ada.request("shop.order.new", "tea")))
                .hasRootCauseMessage("shop.sold-out: No more tea.");
        assertThatThrownBy(() -> get(ada.request("shopping", ""))).hasMessageContaining("not-found");
        assertThat(get(ada.request("demo.echo", "hi")).asText()).isEqualTo("hi");
        BackEnd.Told order = backEnd.told().stream()
                .filter(one -> one.data("name").equals("shop.order.new"))
                .findFirst()
                .orElseThrow();
        assertThat(order.data("user")).isEqualTo("ada");
        assertThat(order.data("session")).isEqualTo(ada.id().orElseThrow());
        get(ada.bye());
        Await.until(
                "the end is told", () -> told(backEnd.told().size() - 1).type().equals("session-ended"));
    }

    @Test
    void eventsComeInOrderThoughTheBackEndFails() {
        backEnd.answersBy((told, exchange) -> {
            boolean first = backEnd.ids().stream().filter(told.id()::equals).count() == 1;
            exchange.sendResponseHeaders(told.type().equals("session-started") && first ? 503 : 204, -1);
        });
        try (CapturedLog warnings = CapturedLog.of("dev.bowline.cli.hook.HookQueue")) {
            SessionClient ada = connect(port(), "ada");
            ada.close();
            awaitTold("session-started", "session-started", "session-ended");
            assertThat(told(0).id()).isEqualTo(told(1).id());
            assertThat(told(0).body()).isEqualTo(told(1).body());
            Await.until(
                    "the log says that it works again", () -> warnings.lines().size() == 2);
        }
    }
}
