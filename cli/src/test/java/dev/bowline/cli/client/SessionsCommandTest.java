package dev.bowline.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program {@code bowline sessions}. */
@Tag("once")
class SessionsCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @RegisterExtension
    final Recorder<String> ends = new Recorder<>();

    @SuppressWarnings("NullAway.Init") // set before each
    private ServerForTests server;

    @BeforeEach
    void start() {
        server = ServerForTests.start(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A client that has a session; how it ends is recorded. */
    private SessionClient client(String user) {
        String token = Call.result("token", "--config", server.configuration(), "--user", user);
        SessionClient client = Bowline.connect(
                URI.create("ws://127.0.0.1:" + server.port()),
                SessionClientOptions.builder().token(token).agent("tests").build(),
                new SessionListener() {
                    @Override
                    public void onEnded(SessionClient ended, int code, String reason) {
                        ends.record(user + " " + code);
                    }
                });
        Await.until("the session has begun", () -> client.state() == SessionState.OPEN);
        return client;
    }

    private Call sessions(String... options) {
        return Call.of(Stream.concat(Stream.of("sessions", "--config", server.configuration()), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void listsThem() throws Exception {
        assertThat(sessions().out()).startsWith("SESSION").hasLineCount(1);
        SessionClient ada = client("ada");
        SessionClient bob = client("bob");
        List<String> lines = sessions().out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines)
                .filteredOn(line -> line.startsWith(ada.id().orElseThrow() + " "))
                .singleElement()
                .asString()
                .matches(".* connected +\\d+s +0 +0 +ada, tests");
        String json = sessions("--json").out();
        assertThat(json.lines()).hasSize(2);
        for (String line : json.lines().toList()) {
            JsonNode session = new ObjectMapper().readTree(line);
            assertThat(session.path("id").asText())
                    .isIn(ada.id().orElseThrow(), bob.id().orElseThrow());
            assertThat(session.path("connected").asBoolean()).isTrue();
        }
        ada.bye();
        bob.bye();
        ends.expect(end -> end.endsWith(" 1000"), "one is over");
        ends.expect(end -> end.endsWith(" 1000"), "and the other one");
    }

    @Test
    void listsThoseOfAUser() {
        assertThat(sessions("--user", "ada").out()).isEmpty();
        SessionClient ada = client("ada");
        String id = ada.id().orElseThrow();
        assertThat(sessions("--user", "ada")).isEqualTo(new Call(0, id, ""));
        assertThat(sessions("--user", "ada", "--json").out())
                .isEqualTo("{\"user\":\"ada\",\"connected\":true,\"sessions\":[\"" + id + "\"]}");
        ada.bye();
        ends.expect("ada 1000");
    }

    @Test
    void endsOneForGood() {
        SessionClient ada = client("ada");
        String id = ada.id().orElseThrow();
        assertThat(sessions("--end", id)).isEqualTo(new Call(0, "Ended " + id, ""));
        ends.expect("ada 4502");
        assertThat(sessions("--end", id))
                .isEqualTo(new Call(
                        1,
                        "",
                        "bowline sessions: " + server.apiAddress() + " answered with 404: There is no session " + id
                                + "."));
    }

    @Test
    void listsPageAfterPage() throws Exception {
        Map<String, String> pages = Map.of(
                "limit=1000", "{\"sessions\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"next\":\"b\"}",
                "limit=1000&after=b", "{\"sessions\":[{\"id\":\"c\"}],\"next\":null}");
        HttpServer many = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        many.createContext("/v1/sessions", exchange -> {
            byte[] page = pages.getOrDefault(exchange.getRequestURI().getRawQuery(), "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        many.start();
        try {
            Path key = Files.writeString(directory.resolve("key"), ServerForTests.KEY);
            String address = "http://127.0.0.1:" + many.getAddress().getPort();
            assertThat(Call.result("sessions", "--json", "--api", address, "--key-file", key.toString())
                            .lines())
                    .containsExactly("{\"id\":\"a\"}", "{\"id\":\"b\"}", "{\"id\":\"c\"}");
        } finally {
            many.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0.9S, 0s", "PT59S, 59s", "PT119S, 1m", "PT59M59S, 59m", "PT23H59M, 23h", "PT49H, 2d"})
    void saysTimesShortly(Duration time, String shown) {
        assertThat(SessionsCommand.shortly(time)).isEqualTo(shown);
    }

    @Test
    void toEndListsNothing() {
        Call call = sessions("--end", "x", "--json");
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.err()).contains("--end lists nothing, so it goes with neither --user nor --json");
    }
}
