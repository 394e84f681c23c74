package dev.bowline.verification.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.config.ConfigurationException;
import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.serve.Service;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.FreePorts;
import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketHandshakeException;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.TlsTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program behind nginx, configured as {@code docs/nginx.md} has it. */
@Tag("once")
class NginxTest {
    private static final Pattern BLOCK =
            Pattern.compile("<!-- configuration -->\\n```nginx\\n(.*?)```\\n<!-- /configuration -->", Pattern.DOTALL);
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final TestIdentity IDENTITY = AUTHORITY.issue("localhost");
    private static final String QUIET = "75s";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final Recorder<String> events = new Recorder<>();
    private final List<String> seen = new ArrayList<>();

    private final int port = FreePorts.next();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    // ---- The parties ----

    /** A server that anybody may use, and the page of nginx's origin. */
    private Service server(String heartbeatInterval) {
        return server(heartbeatInterval, "[]", false);
    }

    private Service server(String heartbeatInterval, String trusted, boolean logged) {
        String configuration = """
                server:
                  port: 0
                  trustedProxies: %s
                  origins: ["https://localhost:%d"]
                sessions:
                  heartbeatInterval: %s
                  heartbeatTimeout: 10s
                topics:
                  - pattern: news
                    subscribe: everyone
                    publish: everyone
                tokens:
                  anonymous: true
                api:
                  enabled: false
                log:
                  connections: %b
                """.formatted(trusted, port, heartbeatInterval, logged);
        try {
            Path file = Files.writeString(directory.resolve("bowline.yaml"), configuration);
            return opened(Service.start(ConfigurationReader.read(file, Map.of(), new Options())));
        } catch (ConfigurationException | CommandFailure e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** nginx before that server, as the page has it, but for names, ports and files; and for how long it lets it be quiet. */
    private NginxProcess nginx(Service server, String main, String quiet) {
        return nginx(server, main, quiet, "");
    }

    private NginxProcess nginx(Service server, String main, String quiet, String more) {
        Matcher block = BLOCK.matcher(page());
        assertThat(block.find()).isTrue();
        String http = block.group(1);
        Map<String, String> changes = Map.of(
                "server 127.0.0.1:3000;",
                "server 127.0.0.1:" + server.port() + ";",
                "listen 443 ssl;",
                "listen 127.0.0.1:" + port + " ssl;",
                "server_name example.com;",
                "server_name localhost;",
                "/etc/ssl/example.com.pem",
                IDENTITY.writeChain(directory, "nginx").toString(),
                "/etc/ssl/example.com.key",
                IDENTITY.writeKey(directory, "nginx").toString(),
                "proxy_read_timeout " + QUIET + ";",
                "proxy_read_timeout " + quiet + ";");
        for (Map.Entry<String, String> change : changes.entrySet()) {
            assertThat(http).contains(change.getKey());
            http = http.replace(change.getKey(), change.getValue());
        }
        return opened(NginxProcess.start(directory, port, main, more + http));
    }

    private static String page() {
        Path here = Path.of("docs/nginx.md");
        try {
            return Files.readString(Files.exists(here) ? here : Path.of("..").resolve(here));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClientOptions.Builder trusting() {
        return ClientOptions.builder().tls(ClientTls.DEFAULT.trust(TlsTrust.of(AUTHORITY.root())));
    }

    /** A client that comes through nginx, and has subscribed. */
    private SessionClient client() {
        SessionClient client = opened(Bowline.connect(
                URI.create("wss://localhost:" + port + "/"),
                SessionClientOptions.builder().client(trusting().build()).build(),
                new SessionListener() {
                    @Override
                    public void onOpen(SessionClient opened, boolean resumed, @Nullable String reason) {
                        events.record(resumed ? "resumed" : "new");
                    }

                    @Override
                    public void onDisconnect(SessionClient lost, int code, String reason) {
                        events.record("lost");
                    }
                }));
        client.subscribe("news", new TopicListener() {
                    @Override
                    public void onMessage(String topic, long offset, Payload payload) {
                        events.record(offset + " " + payload.asText());
                    }

                    @Override
                    public void onGap(String topic, long from, long to, String code) {
                        events.record("gap");
                    }

                    @Override
                    public void onReset(String topic, String code) {
                        events.record("reset");
                    }
                })
                .ready()
                .toCompletableFuture()
                .join();
        events.expect("new");
        return client;
    }

    /** One that needs no nginx. */
    private SessionClient publisher(Service server) {
        return opened(Bowline.connect(URI.create("ws://127.0.0.1:" + server.port() + "/")));
    }

    private static void publish(SessionClient by, String text) {
        by.publish("news", text).toCompletableFuture().join();
    }

    // ---- What holds ----

    @Test
    void sessionsGoThroughBothWays() {
        nginx(server("20s"), "", QUIET);
        SessionClient client = client();
        publish(client, "Hello");
        events.expect("1 Hello");
        client.bye().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({"https://localhost:PORT, 101", "https://localhost, 403", "https://evil.example, 403"})
    void onlyThePageOfTheListedOriginGetsThrough(String origin, int status) {
        nginx(server("20s"), "", QUIET);
        assertThat(statusFor(origin.replace("PORT", Integer.toString(port)))).isEqualTo(status);
    }

    /** nginx as it is on another machine: the server sees it come from an address that is not its client's. */
    @ParameterizedTest
    @CsvSource({"[127.0.0.2], 127.0.0.1 at /", "[], 127.0.0.2 port N at /", "[127.0.0.1], 127.0.0.2 port N at /"})
    void theClientsAddressIsWhatATrustedNginxSaysAndNobodyElse(String trusted, String seenAs) {
        Service server = server("20s", trusted, true);
        nginx(server, "", QUIET, "proxy_bind 127.0.0.2;");
        try (CapturedLog log = CapturedLog.of("dev.bowline.cli.serve.Connections")) {
            connect("X-Forwarded-For", "203.0.113.7");
            connect("X-Forwarded-For", "203.0.113.7, 127.0.0.2");
            connect("X-Real-IP", "203.0.113.7");
            connect("Forwarded", "for=203.0.113.7");
            assertThat(log.lines()).hasSize(4).allSatisfy(line -> assertThat(line.replaceAll("port \\d+", "port N"))
                    .isEqualTo("INFO session connection from " + seenAs));
        }
    }

    @Test
    void aClientThatClaimsToBeManyIsCountedAsOne() {
        Service server = server("20s", "[127.0.0.2]\n  maxConnectionsPerAddress: 2", false);
        nginx(server, "", QUIET, "proxy_bind 127.0.0.2;");
        connect("X-Forwarded-For", "203.0.113.7");
        connect("X-Forwarded-For", "203.0.113.8");
        assertThatThrownBy(() -> connect("X-Forwarded-For", "203.0.113.9"))
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refusal -> assertThat(refusal.status())
                        .isEqualTo(429));
    }

    /** And stays. */
    private void connect(String header, String value) {
        WebSocket socket = WebSocketClient.shared()
                .connect(
                        URI.create("wss://localhost:" + port + "/"),
                        new WebSocketListener() {},
                        trusting()
                                .subprotocols("bowline.v1")
                                .header(header, value)
                                .build())
                .toCompletableFuture()
                .join();
        open.add(socket::terminate);
    }

    private int statusFor(String origin) {
        try {
            WebSocket socket = WebSocketClient.shared()
                    .connect(
                            URI.create("wss://localhost:" + port + "/"),
                            new WebSocketListener() {},
                            trusting()
                                    .subprotocols("bowline.v1")
                                    .header("Origin", origin)
                                    .build())
                    .toCompletableFuture()
                    .join();
            socket.close(1000, "");
            return 101;
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(WebSocketHandshakeException.class);
            return ((WebSocketHandshakeException) e.getCause()).status();
        }
    }

    @Test
    void theHeartbeatKeepsAQuietConnection() {
        Service server = server("500ms");
        nginx(server, "", "2s");
        client();
        long since = System.nanoTime();
        Await.until("more than nginx's patience has passed", () -> System.nanoTime() - since > 5_000_000_000L);
        publish(publisher(server), "still here");
        events.expect("1 still here"); // and nothing before it
    }

    @Test
    void aConnectionThatNginxCutsLosesNothing() {
        Service server = server("20s");
        nginx(server, "", "1s");
        client();
        seeUntil("lost");
        publish(publisher(server), "meanwhile");
        seeUntil("1 meanwhile");
        publish(publisher(server), "later");
        seeUntil("2 later");
        assertThat(seen).contains("resumed").doesNotContain("new", "gap", "reset");
        assertThat(messages()).containsExactly("1 meanwhile", "2 later");
    }

    @Test
    void aReloadThatEndsOldWorkersLosesNothing() {
        Service server = server("20s");
        NginxProcess nginx = nginx(server, "worker_shutdown_timeout 1s;", QUIET);
        client();
        SessionClient publisher = publisher(server);
        publish(publisher, "before");
        seeUntil("1 before");
        nginx.reload();
        publish(publisher, "after the reload");
        seeUntil("lost");
        publish(publisher, "while it is away");
        seeUntil("resumed");
        publish(publisher, "when it is back");
        seeUntil("4 when it is back");
        assertThat(messages())
                .containsExactly("1 before", "2 after the reload", "3 while it is away", "4 when it is back");
        assertThat(seen).doesNotContain("new", "gap", "reset");
    }

    private void seeUntil(String event) {
        while (!seen.contains(event)) {
            seen.add(events.take());
        }
    }

    private List<String> messages() {
        return seen.stream().filter(event -> event.matches("\\d.*")).toList();
    }
}
