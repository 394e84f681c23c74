package dev.bowline.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.bowline.cli.Program;
import dev.bowline.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program {@code bowline publish}. */
@Tag("once")
class PublishCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // set before all
    private static ServerForTests server;

    @BeforeAll
    static void start() {
        server = ServerForTests.start(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What a topic keeps: texts, and what is none in Base64. */
    private static List<String> kept(String topic) throws Exception {
        List<String> all = new ArrayList<>();
        for (JsonNode message :
                server.api().get("/v1/topics/" + topic + "/messages").path("messages")) {
            all.add(message.path("text").asText(message.path("data").asText()));
        }
        return all;
    }

    @Test
    void publishesTheTextThatItIsGiven() throws Exception {
        assertThat(Call.result("publish", "--config", server.configuration(), "news.one", "Hello, wörld ⚓"))
                .isEqualTo("news.one 1");
        assertThat(Call.result("publish", "--config", server.configuration(), "news.one", ""))
                .isEqualTo("news.one 2");
        assertThat(kept("news.one")).containsExactly("Hello, wörld ⚓", "");
    }

    @Test
    void eachLineOfItsInputIsAMessageAtOnce() throws Exception {
        try (Program program = Program.start("publish", "--config", server.configuration(), "news.lines")) {
            program.type("one\n");
            assertThat(program.outLine()).isEqualTo("news.lines 1");
            assertThat(kept("news.lines")).containsExactly("one");
            program.type("\ntwo ⚓\r\nthree").endOfInput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.err()).isEmpty();
            assertThat(program.out()).hasSize(4).last().isEqualTo("news.lines 4");
            assertThat(kept("news.lines")).containsExactly("one", "", "two ⚓", "three");
        }
    }

    @Test
    void sendsToAUser() throws Exception {
        assertThat(Call.result("publish", "--config", server.configuration(), "--user", "a/b", "psst"))
                .isEqualTo("a/b 1");
        assertThat(Call.result("publish", "--config", server.configuration(), "--user", "a/b", "psst"))
                .isEqualTo("a/b 2");
    }

    @Test
    void whatIsNoTextIsSentAsBytes() throws Exception {
        try (Program program = Program.start("publish", "--binary", "--config", server.configuration(), "news.bytes")) {
            program.typeBytes(0xff, 0x00, '\n').endOfInput();
            assertThat(program.exitCode()).isZero();
            assertThat(kept("news.bytes")).containsExactly("/wA=");
        }
    }

    @Test
    void aLineThatFailsIsNamed() throws Exception {
        try (Program program = Program.start("publish", "--config", server.configuration(), "news.bad")) {
            program.typeBytes('o', 'k', '\n', 0xff, '\n', 'n', 'o', '\n').endOfInput();
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.out()).containsExactly("news.bad 1");
            assertThat(program.err())
                    .containsExactly("bowline publish: line 2 failed, and nothing behind it was sent: "
                            + server.apiAddress()
                            + " answered with 400: The body is no UTF-8; what is not text is sent as"
                            + " application/octet-stream.");
            assertThat(kept("news.bad")).containsExactly("ok");
        }
    }

    @Test
    void theKeyStandsInTheEnvironmentOrInAFile() throws Exception {
        try (Program program = Program.startWith(
                Map.of("BOWLINE_API_KEY", ServerForTests.KEY),
                "publish",
                "--api",
                server.apiAddress() + "/",
                "news.key",
                "by variable")) {
            assertThat(program.exitCode()).as("%s", program.err()).isZero();
        }
        try (Program program = Program.startWith(
                Map.of("BOWLINE_CONFIG", server.configuration()), "publish", "news.key", "by configuration")) {
            assertThat(program.exitCode()).as("%s", program.err()).isZero();
        }
        Path file = Files.writeString(directory.resolve("key"), ServerForTests.KEY + "\n");
        Call.result("publish", "--api", server.apiAddress(), "--key-file", file.toString(), "news.key", "by file");
        assertThat(kept("news.key")).containsExactly("by variable", "by configuration", "by file");
    }

    @Test
    void aFileThatIsNamedCountsBeforeTheEnvironment() {
        try (Program program = Program.startWith(
                Map.of("BOWLINE_API_KEY", "another key, of another server"),
                "publish",
                "--config",
                server.configuration(),
                "news.before",
                "text")) {
            assertThat(program.exitCode()).as("%s", program.err()).isZero();
        }
    }

    @Test
    void aKeyThatIsNoneIsTold() throws IOException {
        Path file = Files.writeString(directory.resolve("wrong"), "a key of somebody else's");
        assertThat(Call.of("publish", "--api", server.apiAddress(), "--key-file", file.toString(), "news.no", "x"))
                .isEqualTo(new Call(
                        1,
                        "",
                        "bowline publish: " + server.apiAddress()
                                + " answered with 401: This is no key of this server's. The key is that of " + file
                                + "."));
    }

    @Test
    void aKeyThatCanNotBeInAHeaderIsNotShown() throws IOException {
        Path file = Files.writeString(directory.resolve("broken"), "two\nlines");
        assertThat(Call.of("publish", "--api", server.apiAddress(), "--key-file", file.toString(), "news.no", "x"))
                .isEqualTo(new Call(
                        1, "", "bowline publish: the key of " + file + " has characters that can't be in a header."));
    }

    @Test
    void thatNobodyIsThereIsTold() throws IOException {
        String address = "http://127.0.0.1:" + FreePorts.next();
        Path file = Files.writeString(directory.resolve("key"), ServerForTests.KEY);
        assertThat(Call.of("publish", "--api", address, "--key-file", file.toString(), "news.no", "x"))
                .isEqualTo(new Call(
                        1,
                        "",
                        "bowline publish: nobody answers at " + address
                                + "; start a server with bowline serve, or say where its API is with --api."));
    }

    @ParameterizedTest
    @CsvSource({"200, <html>", "404, <html>", "302, ''", "500, {}"})
    void whatIsNoApiIsTold(int status, String body) throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0) {
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        other.start();
        try {
            String address = "http://127.0.0.1:" + other.getAddress().getPort();
            Path file = Files.writeString(directory.resolve("key"), ServerForTests.KEY);
            assertThat(Call.of("publish", "--api", address, "--key-file", file.toString(), "news.no", "x"))
                    .isEqualTo(new Call(
                            1,
                            "",
                            "bowline publish: " + address + " answered with " + status
                                    + ", but not as Bowline's API does; say where that is with --api."));
        } finally {
            other.stop(0);
        }
    }

    @Test
    void aConfigurationThatCanNotBeReadIsTold() {
        Call call =
                Call.of("publish", "--config", directory.resolve("none.yaml").toString(), "news.no", "x");
        assertThat(call.code()).isEqualTo(1);
        assertThat(call.err())
                .startsWith("bowline publish: the configuration can't be used:")
                .contains("none.yaml: there is no such file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish              | there is neither a TOPIC nor a --user",
                "publish a..b x       | the topic is \"a..b\", but must be segments of letters, digits",
                "publish a.* x        | the topic is \"a.*\", but must be segments",
                "publish --user a b c | the argument \"c\" is one too many: --user takes the place of TOPIC",
                "publish a b c        | the argument \"c\" is one too many",
                "publish --user é x   | the user is \"é\", but must be 1 to 255 visible ASCII characters",
                "publish --api ftp://a a b | the API's address is \"ftp://a\", but must be like http://127.0.0.1:3001"
            })
    void aMistakeIsToldInOneLine(String line, String sentence) {
        Call call = Call.of(line.split(" ", -1));
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).contains(sentence).endsWith(" --help.").doesNotContain("\n");
    }

    @Test
    void saysWhereItLooksForAKey() {
        try (Program program =
                Program.startWith(Map.of("BOWLINE_API_KEY", "", "BOWLINE_CONFIG", ""), "publish", "a", "b")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err())
                    .containsExactly(
                            "bowline publish: there is no key for the API: name the server's configuration with --config, or"
                                    + " a file with the key with --key-file, or set BOWLINE_API_KEY; see bowline publish --help.");
        }
    }
}
