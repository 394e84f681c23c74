package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.Program;
import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.token.Rights;
import dev.bowline.cli.token.TokenIssuer;
import dev.bowline.cli.token.TokenKey;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.CommandException;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.server.Action;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is served by a configuration, as clients and other programs have it. */
class ServiceTest {
    private static final String SECRET = "a secret of forty characters, or of more";
    private static final String KEY = "the-key-of-the-api";

    private static final String CONFIGURATION = """
            server:
              port: 0
            topics:
              - pattern: news.>
                subscribe: everyone
                publish: nobody
              - pattern: chat.>
                subscribe: users
                publish: users
              - pattern: typing.*
                log: false
                subscribe: everyone
                publish: everyone
            tokens:
              anonymous: true
              keys:
                - id: first
                  algorithm: hs256
                  secret: %s
            api:
              port: 0
              keys: [%s]
            log:
              connections: false
            """.formatted(SECRET, KEY);

    @TempDir
    private Path directory = Path.of("");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private Service serve(String configuration) throws Exception {
        Path file = Files.writeString(directory.resolve("bowline.yaml"), configuration);
        Service service = Service.start(ConfigurationReader.read(file, Map.of(), new Options()));
        opened.add(service);
        return service;
    }

    private static String token(String user, Map<Action, List<String>> rights) {
        TokenKey key = TokenKey.toSign("first", SECRET.getBytes(StandardCharsets.UTF_8));
        return new TokenIssuer(key, InstantSource.system())
                .issue(user, Duration.ofHours(1), Rights.of(rights), List.of(), null);
    }

    private SessionClient connect(Service service, @Nullable String token) {
        SessionClientOptions.Builder options = SessionClientOptions.builder();
        SessionClient client = Bowline.connect(
                URI.create("ws://127.0.0.1:" + service.port() + "/"),
                (token == null ? options : options.token(token)).build());
        opened.add(client);
        return client;
    }

    private static BlockingQueue<String> subscribe(SessionClient client, String topic) {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        done(client.subscribe(topic, new TopicListener() {
                    @Override
                    public void onMessage(String name, long offset, Payload payload) {
                        messages.add(name + " " + payload.asText());
                    }
                })
                .ready());
        return messages;
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static String refusal(CompletionStage<?> stage) {
        try {
            done(stage);
            return "none";
        } catch (CompletionException e) {
            return e.getCause() instanceof CommandException refused ? String.valueOf(refused.code()) : e.toString();
        }
    }

    private static String take(BlockingQueue<String> messages) throws InterruptedException {
        return String.valueOf(messages.poll(10, TimeUnit.SECONDS));
    }

    private HttpResponse<String> call(Service service, String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.apiPort() + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", body.startsWith("{") ? "application/json" : "text/plain")
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    @Test
    void programsPublishByHttpAndClientsHearIt() throws Exception {
        Service service = serve(CONFIGURATION);
        BlockingQueue<String> messages = subscribe(connect(service, token("ann", Map.of())), "news.today");
        assertThat(call(service, "POST", "/v1/topics/news.today/messages", "hello")
                        .statusCode())
                .isEqualTo(201);
        assertThat(take(messages)).isEqualTo("news.today hello");
    }

    @Test
    void topicsAreForWhomTheConfigurationSays() throws Exception {
        Service service = serve(CONFIGURATION);
        SessionClient ann = connect(service, token("ann", Map.of(Action.PUBLISH, List.of("secret.*"))));
        SessionClient nobody = connect(service, null);
        BlockingQueue<String> chat = subscribe(ann, "chat.room");
        done(ann.publish("chat.room", "hi"));
        assertThat(take(chat)).isEqualTo("chat.room hi");
        assertThat(refusal(ann.publish("news.today", "mine"))).isEqualTo("forbidden");
        assertThat(refusal(nobody.publish("chat.room", "hi"))).isEqualTo("forbidden");
        done(nobody.publish("typing.room", "…"));
        done(ann.publish("secret.one", "by right"));
        assertThat(refusal(ann.publish("other.one", "without"))).isEqualTo("forbidden");
        assertThat(refusal(nobody.publish("secret.one", "without"))).isEqualTo("forbidden");
    }

    @Test
    void theLogSaysWhereSessionsConnectFrom() throws Exception {
        try (CapturedLog log = CapturedLog.of(Connections.class)) {
            connect(serve(CONFIGURATION.replace("connections: false", "connections: true")), null);
            Await.until("a line", () -> !log.lines().isEmpty());
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches("INFO session connection from 127.0.0.1 port \\d+ at /");
            connect(serve(CONFIGURATION), null)
                    .request("none", "")
                    .toCompletableFuture()
                    .exceptionally(refused -> null)
                    .join();
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void ticketsLetAClientInOnce() throws Exception {
        Service service = serve(CONFIGURATION);
        String answer = call(
                        service, "POST", "/v1/tickets", "{\"user\":\"bob\",\"rights\":{\"subscribe\":[\"secret.>\"]}}")
                .body();
        String ticket = answer.replaceAll(".*\"ticket\"\\s*:\\s*\"([^\"]+)\".*", "$1");
        SessionClient bob = connect(service, ticket);
        BlockingQueue<String> messages = subscribe(bob, "secret.one");
        call(service, "POST", "/v1/topics/secret.one/messages", "psst");
        assertThat(take(messages)).isEqualTo("secret.one psst");
        assertThat(call(service, "GET", "/v1/users/bob", "").body()).contains("true");
    }

    @Test
    void metricsSayHowManyAreThere() throws Exception {
        Service service = serve(CONFIGURATION);
        subscribe(connect(service, token("ann", Map.of())), "news.today");
        Await.until("one session", () -> metrics(service).contains("bowline_sessions"));
        assertThat(call(service, "GET", "/readyz", "").statusCode()).isEqualTo(200);
    }

    private String metrics(Service service) {
        try {
            return call(service, "GET", "/metrics", "").body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aKeyThatCanNotBeReadIsNamedWithItsPlace() {
        String configuration = CONFIGURATION.replace("secret: " + SECRET, "file: no-such.key");
        assertThatThrownBy(() -> serve(configuration))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("bowline.yaml:")
                .hasMessageContaining("no-such.key");
    }

    @Test
    void aPortThatIsTakenLeavesNothingBehind() throws Exception {
        Service first = serve(CONFIGURATION);
        String configuration = CONFIGURATION.replace("api:\n  port: 0", "api:\n  port: " + first.apiPort());
        assertThatThrownBy(() -> serve(configuration))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("port " + first.apiPort() + " of 127.0.0.1 is taken")
                .hasMessageContaining("api.port");
    }

    @Test
    void theProgramIsMadeReadyByInitAndSaysWhatIsWrong() throws Exception {
        Path file = directory.resolve("fresh.yaml");
        try (Program init = Program.start("init", file.toString())) {
            assertThat(init.exitCode()).isZero();
            assertThat(init.out()).singleElement().asString().contains("bowline serve --config " + file);
        }
        try (Program again = Program.start("init", file.toString())) {
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.err()).singleElement().asString().contains("is there already");
        }
        try (Program check = Program.start("check-config", file.toString())) {
            assertThat(check.exitCode()).isZero();
            assertThat(check.out()).last().asString().endsWith("can be served.");
            assertThat(check.out()).noneMatch(line -> line.contains(secretOf(file)));
        }
        Files.writeString(file, Files.readString(file).replace("demo:", "deno:"));
        try (Program check = Program.start("check-config", file.toString())) {
            assertThat(check.exitCode()).isEqualTo(1);
            assertThat(check.err()).anySatisfy(line -> assertThat(line).contains("did you mean \"demo\"?"));
        }
    }

    private static String secretOf(Path file) {
        try {
            return Files.readString(file).replaceAll("(?s).*\n +secret: (\\S{32,}).*", "$1");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDemoHasAKeyOfItsOwnThatIsToldOnce() {
        try (Program program = Program.start("serve", "--port", "0", "--api-port", "0", "--quiet")) {
            String line = program.errLine("The dashboard and the HTTP API are on http://127.0.0.1:");
            assertThat(line).matches(".* with the key dev-[A-Za-z0-9_-]{43} until this program ends .*");
        }
    }

    @Test
    void refusesWhoComesBeyondItsConnections() throws Exception {
        Service service = serve(CONFIGURATION.replaceFirst("port: 0", "port: 0\n  maxConnections: 1"));
        SessionClient client = connect(service, null);
        Await.until("there is a session", () -> client.id().isPresent());
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);
    }

    @Test
    @Tag("once")
    void usesRedisAsItIsConfigured() throws Exception {
        try (RedisProcess redis = RedisProcess.launch()) {
            Service service = serve(CONFIGURATION + """
                    engine: %s
                    redis: {prefix: shop}
                    sessions: {resumeWindow: 1h}
                    tickets: {secret: 0123456789012345678901234567890123456789}
                    """.formatted(redis.uri()));
            SessionClient client = connect(service, null);
            Await.until("there is a session", () -> client.id().isPresent());
            service.close();
            long soon = System.currentTimeMillis() + Duration.ofMinutes(50).toMillis();
            Await.untilEquals("it is nobody's, and waits", () -> redis.ask("ZCOUNT shop:due " + soon + " +inf"), ":1");
        }
    }
}
