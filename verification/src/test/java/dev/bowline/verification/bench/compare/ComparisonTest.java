package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** What is done with measurements, and with processes that do not do what they should. */
class ComparisonTest {
    private final Path directory;

    ComparisonTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Results results() throws IOException {
        return new Results(directory.resolve("results.jsonl"));
    }

    private static Measurement measured(Workload workload, String contender, int round, double cpu) {
        return new Measurement(
                workload.id(), contender, round, null, Map.of("cpu", cpu, "rate", 1e6 / cpu, "p50", 10.0, "p99", 20.0));
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(new Spread(3, 1, 2).median()).isEqualTo(2);
        assertThat(new Spread(4, 1, 2, 3).median()).isEqualTo(2.5);
        assertThat(new Spread(5, 1).min()).isEqualTo(1);
        assertThat(new Spread(5, 1).max()).isEqualTo(5);
        assertThat(new Spread().isEmpty()).isTrue();
    }

    @Test
    void workloadsHaveNames() {
        for (Workload workload : Workload.values()) {
            assertThat(Workload.of(workload.id())).isSameAs(workload);
            assertThat(workload.options()).isNotEmpty();
        }
        assertThat(Workload.ECHO_20_100_X16.id()).isEqualTo("echo-20-100x16");
        assertThatThrownBy(() -> Workload.of("echo"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no workload \"echo\", only echo-20-100, ");
    }

    @Test
    void resultsAreKeptInAFile() throws IOException {
        Contender bowline = new Contender("Bowline", List.of("x"), List.of(), true);
        results().add(measured(Workload.ECHO_16K, "Bowline", 1, 6));
        Results later = results();
        assertThat(later.has(Workload.ECHO_16K, bowline, 1)).isTrue();
        assertThat(later.has(Workload.ECHO_16K, bowline, 2)).isFalse();
        assertThat(later.spread(Workload.ECHO_16K, "Bowline", "cpu").median()).isEqualTo(6);
        later.add(new Measurement(Workload.ECHO_16K.id(), "Other", 1, "it fell", Map.of()));
        assertThat(results().failure(Workload.ECHO_16K, "Other")).isEqualTo("it fell");
        assertThat(results().contenders()).containsExactly("Bowline", "Other");
    }

    @Test
    void thePageRanksAndComparesWithTheFloor() throws IOException {
        Results results = results();
        for (int round = 1; round <= 3; round++) {
            results.add(measured(Workload.ECHO_20_100, "Slow & Co", round, 8 + round));
            results.add(measured(Workload.ECHO_20_100, "Bowline", round, 4 + 0.1 * round));
            results.add(measured(Workload.ECHO_20_100, Contender.FLOOR, round, 4));
        }
        results.add(new Measurement(Workload.ECHO_20_100.id(), "Broken", 1, "it does not start", Map.of()));
        Path old = Files.createDirectories(directory.resolve("benchmarks")).resolve("no-more.svg");
        Files.writeString(old, "");
        new BenchmarksPage(results, List.of("Processor: one")).write(directory);
        String page = Files.readString(directory.resolve("benchmarks.md"));
        assertThat(page)
                .contains("- Processor: one")
                .contains("| floor (C) | 4.00 [4.00–4.00] | 1.00 | 250,000 |")
                .contains("| **Bowline** | 4.20 [4.10–4.30] | 1.05 |")
                .contains("| Slow & Co | 10.0 [9.00–11.0] | 2.50 |")
                .contains("- Broken: it does not start")
                .doesNotContain("Echo of 16 KiB");
        assertThat(page.indexOf("| floor")).isLessThan(page.indexOf("| **Bowline"));
        assertThat(page.indexOf("| **Bowline")).isLessThan(page.indexOf("| Slow"));
        String chart = Files.readString(directory.resolve("benchmarks/echo-20-100.svg"));
        assertThat(old).doesNotExist();
        assertThat(texts(chart)).contains("Slow & Co", "Bowline", "4.20", "10.0");
    }

    private static List<String> texts(String svg) {
        try {
            var nodes = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)))
                    .getElementsByTagName("text");
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                texts.add(nodes.item(i).getTextContent());
            }
            return texts;
        } catch (Exception e) {
            throw new AssertionError("not well-formed: " + svg, e);
        }
    }

    private static Contender script(String script) {
        return new Contender("script", List.of("sh", "-c", script), List.of(), false);
    }

    @Test
    void aServerIsAskedOnItsStdin() throws IOException {
        String script = "echo listening 4711; while read line; do echo \"$line 42\"; done";
        try (ServerProcess server = new ServerProcess(script(script), "echo", List.of())) {
            assertThat(server.port()).isEqualTo(4711);
            assertThat(server.allocated()).isEqualTo(42);
            assertThat(ProcessHandle.of(server.pid())).isPresent();
        }
    }

    @Test
    void aServerThatDoesNotStartIsTold() {
        assertThatThrownBy(() -> new ServerProcess(script("echo no luck >&2; exit 3"), "echo", List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("it does not start: no luck");
        assertThatThrownBy(() -> new ServerProcess(script("echo hello"), "echo", List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("it does not start: hello");
    }

    @Test
    void aFailureIsAResult() throws IOException {
        Results results = results();
        Generator none = new Generator(Path.of("no", "java"), "");
        new Comparison(none, results, 0, 0)
                .run(List.of(Workload.ECHO_20_100), List.of(script("echo no luck >&2; exit 3")), 2);
        assertThat(results.failure(Workload.ECHO_20_100, "script")).isEqualTo("it does not start: no luck");
        assertThat(Files.readAllLines(directory.resolve("results.jsonl"))).hasSize(2);
    }
}
