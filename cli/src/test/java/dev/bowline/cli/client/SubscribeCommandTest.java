package dev.bowline.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.Program;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.FaultProxy.Admission;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program {@code bowline subscribe} as a process. */
@Tag("once")
class SubscribeCommandTest {
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

    private static String token(String user) {
        return Call.result("token", "--config", server.configuration(), "--user", user);
    }

    private static void publish(String topic, String text) {
        Call.result("publish", "--config", server.configuration(), topic, text);
    }

    /** As ada, by a port. */
    private static Program subscribe(int port, String... arguments) {
        List<String> all = new ArrayList<>(List.of("subscribe", "--url", "ws://127.0.0.1:" + port + "/"));
        all.addAll(List.of(arguments));
        return Program.startWith(Map.of("BOWLINE_TOKEN", token("ada")), all.toArray(String[]::new));
    }

    private static Program subscribe(String... arguments) {
        return subscribe(server.port(), arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void showsWhatComesUntilItIsToldToStop(String signal) {
        publish("news.shown", "before");
        try (Program program = subscribe("--last", "1", "news.shown")) {
            assertThat(program.outLine()).endsWith(" before").startsWith("news.shown ");
            publish("news.shown", "Hello, wörld ⚓\nin one line\u001b[2J");
            assertThat(program.outLine()).matches("news.shown \\d+ Hello, wörld ⚓␊in one line␛\\[2J");
            program.signal(signal);
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).hasSize(2);
            assertThat(program.err()).containsExactly("a new session as ada");
        }
    }

    @Test
    void aLineThatIsLostIsGoneOnWithAndWhatIsMissedIsTold() {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                Program program = subscribe(proxy.port(), "news.>", "short")) {
            program.errLine("a new session as ada");
            publishUntilShown(program, "news.cut");
            publishUntilShown(program, "short");
            proxy.admit(Admission.REFUSED);
            proxy.resetAll();
            program.errLine("connection lost: 1006");
            program.errLine("not connected: ");
            publish("news.cut", "meanwhile");
            for (int i = 1; i <= 5; i++) {
                publish("short", Integer.toString(i));
            }
            proxy.admit(Admission.OPEN);
            program.errLine("resumed as ada");
            List<String> lines = List.of(program.outLine(), program.outLine(), program.outLine());
            assertThat(lines)
                    .anyMatch(line -> line.matches("news.cut \\d+ meanwhile"))
                    .anyMatch(line -> line.matches("short \\d+ 4"))
                    .anyMatch(line -> line.matches("short \\d+ 5"));
            assertThat(program.errLine("gap: ")).matches("gap: of short \\d+ to \\d+ will not come \\(trimmed\\)");
            program.signal("TERM");
            assertThat(program.exitCode()).isZero();
            assertThat(program.err()).noneMatch(line -> line.startsWith("reset"));
        }
    }

    /** That it has a session says not yet that it is subscribed. What was shown meanwhile is taken. */
    private static void publishUntilShown(Program program, String topic) {
        Await.until("the subscription to " + topic, () -> {
            publish(topic, "there?");
            return program.out().stream().anyMatch(line -> line.startsWith(topic + " "));
        });
        publish(topic, "go");
        Pattern last = Pattern.compile(Pattern.quote(topic) + " \\d+ go");
        while (!last.matcher(program.outLine()).matches()) {
            // One from before.
        }
    }

    @Test
    void endsWhenSoManyHaveComeEachOnce() {
        publish("news.count", "one");
        publish("news.count", "two");
        try (Program program = subscribe("--count", "2", "--last", "2", "news.count", "news.count")) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).containsExactly("news.count 1 one", "news.count 2 two");
        }
    }

    @Test
    void aTopicOfTwoPatternsIsShownOnce() {
        try (Program program = subscribe("news.twice.*", "news.>")) {
            publishUntilShown(program, "news.twice.a");
            publishUntilShown(program, "news.other");
            publish("news.twice.a", "last");
            assertThat(program.outLine()).endsWith(" last");
            publish("news.other", "other");
            assertThat(program.outLine()).endsWith(" other");
        }
    }

    @Test
    void showsTheMailboxInJson() throws Exception {
        Call.result("publish", "--config", server.configuration(), "--user", "jo", "\"quoted\"");
        server.api().post("/v1/users/jo/messages", "application/octet-stream", new byte[] {(byte) 0xff});
        Path file = Files.writeString(directory.resolve("token"), token("jo") + "\n");
        try (Program program = Program.startWith(
                Map.of("BOWLINE_TOKEN", "not this one"),
                "subscribe",
                "--url",
                "ws://127.0.0.1:" + server.port() + "/",
                "--token-file",
                file.toString(),
                "--json",
                "--count",
                "2",
                "--last",
                "2",
                "$mailbox")) {
            assertThat(program.exitCode()).as("%s", program.err()).isZero();
            assertThat(program.out())
                    .containsExactly(
                            "{\"topic\":\"$mailbox\",\"offset\":1,\"text\":\"\\\"quoted\\\"\"}",
                            "{\"topic\":\"$mailbox\",\"offset\":2,\"data\":\"/w==\"}");
        }
    }

    @Test
    void aSubscriptionThatIsRefusedIsTold() {
        try (Program program = subscribe("secret.a")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.out()).isEmpty();
            assertThat(program.err())
                    .contains("bowline subscribe: the server does not let it subscribe to secret.a: forbidden.");
        }
    }

    @Test
    void aTokenThatIsRefusedIsTold() {
        try (Program program = Program.startWith(
                Map.of("BOWLINE_TOKEN", ""),
                "subscribe",
                "--url",
                "ws://127.0.0.1:" + server.port() + "/",
                "--token",
                "wrong",
                "news.a")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err())
                    .contains(
                            "bowline subscribe: the server lets nobody in with such a token; bowline token makes one, and"
                                    + " --token-file or BOWLINE_TOKEN takes it.");
        }
    }

    @Test
    void aSessionThatTheServerEndsIsTold() {
        try (Program program = subscribe("news.ended")) {
            program.errLine("a new session as ada");
            for (String id : Call.result("sessions", "--config", server.configuration(), "--user", "ada")
                    .lines()
                    .toList()) {
                Call.of("sessions", "--config", server.configuration(), "--end", id); // one may be of another test
            }
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err()).contains("bowline subscribe: the session has ended: 4502 \"ended\".");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subscribe             | missing required parameter: 'PATTERN'",
                "subscribe a..b        | the pattern is \"a..b\", but must be a topic, perhaps with *",
                "subscribe a --url http://a/ | the URL is \"http://a/\", but must be like ws://",
                "subscribe a --url ws://a/#b | bowline subscribe: URI must not have a fragment",
                "subscribe a --count 0 | the count is 0, but must be 1 or more",
                "subscribe a --last 0  | --last is 0, but must be 1 or more",
                "subscribe a b.* --last 1 | --last is for topics, and b.* is a pattern of many",
                "subscribe a --token b --token-file c | --token and --token-file exclude each other",
                "subscribe a --insecure | --insecure is for wss:// addresses, but the URL is ws://127.0.0.1:3000/"
            })
    void aMistakeIsToldInOneLine(String line, String sentence) {
        Call call = Call.of(line.split(" ", -1));
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).contains(sentence).endsWith(" --help.").doesNotContain("\n");
    }

    @Test
    void outputIsUtf8WhateverTheLocale() {
        publish("news.locale", "⚓");
        try (Program program = Program.startWith(
                Map.of("BOWLINE_TOKEN", token("ada"), "LC_ALL", "C"),
                "subscribe",
                "--url",
                "ws://127.0.0.1:" + server.port() + "/",
                "--last",
                "1",
                "--count",
                "1",
                "news.locale")) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.out().get(0).getBytes(StandardCharsets.UTF_8))
                    .isEqualTo("news.locale 1 ⚓".getBytes(StandardCharsets.UTF_8));
        }
    }
}
