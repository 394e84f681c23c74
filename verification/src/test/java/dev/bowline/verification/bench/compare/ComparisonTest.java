package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of servers and generators that do not do what they should. */
class ComparisonTest {
    private static final String REPORT = "{\"event\":\"report\",\"messages\":10,\"messagesPerSecond\":5.0,"
            + "\"serverCpuMicrosPerMessage\":4.5,\"latencyMicros\":{\"p50\":1,\"p99\":2,\"p999\":3},\"errors\":{}}";
    private static final String ECHOING = "while read line; do echo \"$line 42\"; done";

    private final Path directory;
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    ComparisonTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Results results() throws IOException {
        return new Results(directory.resolve("results.jsonl"), notice -> {
            throw new AssertionError(notice);
        });
    }

    private static Contender script(String name, String script) {
        return new Contender(name, name, List.of("sh", "-c", script), List.of(), false, "");
    }

    /** A generator that says for each run what the script says; "java" is a script, which is given what a JVM would be. */
    private Generator generator(String script) {
        try {
            Path java = directory.resolve("java");
            Files.writeString(java, "#!/bin/sh\n" + script + "\n");
            assertThat(java.toFile().setExecutable(true)).isTrue();
            return new Generator(java, "none", "0");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Generator answering(String... lines) {
        return generator("while read line; do echo \"$line\" >> " + directory.resolve("asked") + "; cat <<'END'\n"
                + String.join("\n", lines) + "\nEND\ndone");
    }

    private void compare(Results results, Generator generator, int rounds, Contender... contenders) throws IOException {
        new Comparison(
                        () -> generator,
                        results,
                        new Comparison.Plan(rounds, 5, 2),
                        new PrintStream(told, true, StandardCharsets.UTF_8))
                .run(Workload.ECHO_20_100, List.of(contenders));
    }

    @Test
    void aServerIsStartedAndWarmedUpOnceAndTheRoundsAreInterleaved() throws IOException {
        Results results = results();
        Path starts = directory.resolve("starts");
        String script = "echo started >> " + starts + "; echo listening ";
        compare(
                results,
                answering(REPORT, "{\"event\":\"ended\",\"code\":0}"),
                3,
                script("one", script + "4711; " + ECHOING),
                script("two", script + "4712; " + ECHOING));
        assertThat(Files.readAllLines(starts)).hasSize(2);
        assertThat(Files.readAllLines(directory.resolve("asked")))
                .extracting(line -> line.replaceAll(".*:(47..)/.* --warm-up (.*) --duration (.*)", "$1 $2 $3"))
                .containsExactly(
                        "4711 0 5.0",
                        "4711 0.3 2.0",
                        "4712 0 5.0",
                        "4712 0.3 2.0",
                        "4711 0.3 2.0",
                        "4712 0.3 2.0",
                        "4711 0.3 2.0",
                        "4712 0.3 2.0");
        assertThat(results.spread(Workload.ECHO_20_100, "two", "cpu").count()).isEqualTo(3);
        assertThat(results.spread(Workload.ECHO_20_100, "two", "cpu").median()).isEqualTo(4.5);
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("echo-20-100 3/3 two: {cpu=4.5, rate=5.0");
    }

    @Test
    void garbageIsWhatWasAllocatedBetweenBeginAndEnd() throws IOException {
        Results results = results();
        compare(
                results,
                answering("{\"event\":\"measuring\"}", "{\"event\":\"measured\"}", REPORT, "{\"event\":\"ended\"}"),
                1,
                script("one", "echo listening 4711; n=100; while read line; do n=$((n+50)); echo \"$line $n\"; done"));
        assertThat(results.spread(Workload.ECHO_20_100, "one", "garbage").median())
                .isEqualTo(5);
    }

    @Test
    void aServerThatDoesNotStartIsTriedTwiceAndIsAResult() throws IOException {
        Results results = results();
        Contender broken = script("script", "echo no luck >&2; exit 3");
        compare(results, generator("exit 1"), 4, broken);
        assertThat(results.failures(Workload.ECHO_20_100, "script")).containsExactly("it does not start: no luck");
        assertThat(Files.readAllLines(directory.resolve("results.jsonl"))).hasSize(2);
    }

    @Test
    void whatFailedIsMeasuredByRunningAgain() throws IOException {
        compare(results(), generator("exit 1"), 1, script("one", "echo listening 4711; " + ECHOING));
        assertThat(results().failures(Workload.ECHO_20_100, "one"))
                .containsExactly("the generator ended without a report");
        Contender again = script("one", "echo listening 4711; " + ECHOING);
        compare(results(), answering(REPORT, "{\"event\":\"ended\"}"), 1, again);
        assertThat(results().failures(Workload.ECHO_20_100, "one")).isEmpty();
        assertThat(results().has(Workload.ECHO_20_100, again, 1)).isTrue();
    }

    @Test
    void aMalformedAnswerIsAFailureOfThatServerAlone() throws IOException {
        Results results = results();
        compare(
                results,
                answering("{\"event\":\"measuring\"}", "{\"event\":\"measured\"}", REPORT, "{\"event\":\"ended\"}"),
                1,
                script("strange", "echo listening 4711; while read line; do echo \"$line much\"; done"),
                script("good", "echo listening 4712; " + ECHOING));
        assertThat(results.failures(Workload.ECHO_20_100, "strange"))
                .containsExactly("\"allocated\" was answered with \"allocated much\"");
        assertThat(results.spread(Workload.ECHO_20_100, "good", "cpu").isEmpty())
                .isFalse();
    }

    @Test
    void wrongAnswersAreAFailure() throws IOException {
        Results results = results();
        compare(
                results,
                answering(REPORT.replace("{}", "{\"no answer\":7}"), "{\"event\":\"ended\"}"),
                1,
                script("one", "echo listening 4711; " + ECHOING));
        assertThat(results.failures(Workload.ECHO_20_100, "one")).containsExactly("7 × no answer");
    }

    @Test
    void nothingIsNoFigure() throws IOException {
        Results results = results();
        compare(
                results,
                answering(REPORT.replace("4.5", "null"), "{\"event\":\"ended\"}"),
                1,
                script("one", "echo listening 4711; " + ECHOING));
        assertThat(results.failures(Workload.ECHO_20_100, "one"))
                .containsExactly("nothing came back while it was measured");
    }

    @Test
    void memoryIsThatOfTheConnectionsAlone() {
        ServerProcess.Memory before = new ServerProcess.Memory(1000, 100, 50_000);
        ServerProcess.Memory during = new ServerProcess.Memory(21_000, 10_100, 65_000);
        assertThat(Comparison.perConnection(before, during, 10, true))
                .isEqualTo(Map.of("heap", 2000.0, "direct", 1000.0, "resident", 1500.0, "sum", 3500.0));
        assertThat(Comparison.perConnection(
                        new ServerProcess.Memory(-1, -1, 0), new ServerProcess.Memory(-1, -1, 500), 10, false))
                .isEqualTo(Map.of("resident", 50.0, "sum", 50.0));
    }

    @Test
    void whatCanNotRunHereSaysSo() {
        Contender needs = new Contender("x", "X", List.of("sh"), List.of(), true, "it needs Java 21");
        assertThatThrownBy(() -> StartUp.measure(needs))
                .isInstanceOf(IOException.class)
                .hasMessage("it needs Java 21");
    }
}
