package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksPageTest {
    private final Path directory;

    BenchmarksPageTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Results results() throws IOException {
        return new Results(directory.resolve("results.jsonl"), notice -> {
            throw new AssertionError(notice);
        });
    }

    private static Measurement measured(Workload workload, String contender, int round, double cpu) {
        return new Measurement(
                workload.id(), contender, round, null, Map.of("cpu", cpu, "rate", 1e6 / cpu, "p50", 10.0, "p99", 20.0));
    }

    private String page(Results results) throws IOException {
        new BenchmarksPage(results, List.of("Processor: one")).write(directory);
        return Files.readString(directory.resolve("benchmarks.md"));
    }

    @Test
    void thePageRanksAndComparesWithTheFloorAndWithBowline() throws IOException {
        Results results = results();
        for (int round = 1; round <= 3; round++) {
            results.add(measured(Workload.ECHO_20_100, "Slow & Co", round, 8 + round));
            results.add(measured(Workload.ECHO_20_100, "Bowline", round, 4 + 0.1 * round));
            results.add(measured(Workload.ECHO_20_100, Contender.FLOOR, round, 4));
        }
        results.add(new Measurement(Workload.ECHO_20_100.id(), "Broken", 1, "it does not start", Map.of()));
        Path old = Files.createDirectories(directory.resolve("benchmarks")).resolve("echo-16k.svg");
        Files.writeString(old, "");
        String page = page(results);
        assertThat(page)
                .contains("- Processor: one")
                .contains("Median of 3 rounds:")
                .contains("| floor (C) | 4.00 [4.00–4.00] | 1.00 [1.00–1.00] | 0.952 [0.930–0.976] | 250,000 |")
                .contains("| **Bowline** | 4.20 [4.10–4.30] | 1.05 [1.03–1.08] | 1.00 [1.00–1.00] |")
                .contains("| Slow & Co | 10.0 [9.00–11.0] | 2.50 [2.25–2.75] | 2.38 [2.20–2.56] |")
                .contains("- Broken: it does not start")
                .doesNotContain("Echo of 16 KiB")
                .doesNotContain("There is no floor");
        assertThat(page.indexOf("| floor")).isLessThan(page.indexOf("| **Bowline"));
        assertThat(page.indexOf("| **Bowline")).isLessThan(page.indexOf("| Slow"));
        assertThat(old).doesNotExist();
        assertThat(Svg.texts(Files.readString(directory.resolve("benchmarks/echo-20-100.svg"))))
                .contains("Slow & Co", "Bowline", "4.20", "10.0");
    }

    @Test
    void withoutAFloorInCTheOneInJavaIsTaken() throws IOException {
        Results results = results();
        results.add(measured(Workload.ECHO_20_100, "Bowline", 1, 6));
        results.add(measured(Workload.ECHO_20_100, Contender.FLOOR_NIO, 1, 4));
        assertThat(page(results))
                .contains("the floor is the one in Java on NIO")
                .contains("One round:")
                .contains("| **Bowline** | 6.00 | 1.50 | 1.00 |");
        Results without = new Results(directory.resolve("others.jsonl"), notice -> {});
        without.add(measured(Workload.ECHO_20_100, "Bowline", 1, 6));
        assertThat(page(without)).contains("There is no floor for this one.").contains("| **Bowline** | 6.00 | – |");
    }

    @Test
    void howLongWasMeasuredIsSaid() throws IOException {
        Results results = results();
        results.add(new Measurement(
                Workload.ECHO_1M.id(), "Bowline", 1, null, Map.of("cpu", 6.0, "seconds", 1.5, "warmUp", 4.0)));
        assertThat(page(results)).contains("One round of 1.50 s, after 4.00 s of warm-up:");
    }

    @Test
    void idleConnectionsAreShownApart() throws IOException {
        Results results = results();
        results.add(new Measurement(
                Workload.IDLE_JDK17.id(),
                "Bowline",
                1,
                null,
                Map.of("heap", 500.0, "direct", 10.0, "resident", 100.0, "sum", 600.0)));
        results.add(new Measurement(Workload.IDLE_JDK17.id(), "Helidon", 1, "it needs Java 21", Map.of()));
        assertThat(page(results))
                .contains("## 10,000 idle connections, on JDK 17")
                .contains("| **Bowline** | 600 | – | 1.00 | 500 | 10.0 | 100 |")
                .contains("- Helidon: it needs Java 21");
    }

    @Test
    void latencyAndStartUpAreComparedByTheirOwnFigure() throws IOException {
        Results results = results();
        results.add(measured(Workload.LATENCY, "Bowline", 1, 6));
        results.add(new Measurement(Workload.STARTUP.id(), "ws", 1, null, Map.of("startup", 90.0, "listening", 80.0)));
        assertThat(page(results))
                .contains("| server | p99 latency, µs | × floor | × Bowline | messages a second | p50 µs | p99.9 µs |")
                .contains("| **Bowline** | 20.0 |")
                .contains("| server | ms until a connection is open | × floor | × Bowline | ms until it listens |")
                .contains("| ws | 90.0 | – | – | 80.0 |");
    }

    @Test
    void whatTheOldPageHasMoreIsTold() throws IOException {
        Results results = results();
        results.add(measured(Workload.ECHO_20_100, "Bowline", 1, 6));
        BenchmarksPage page = new BenchmarksPage(results, List.of());
        assertThat(page.missing(directory)).isEmpty();
        Files.writeString(
                directory.resolve("benchmarks.md"),
                "## " + Workload.ECHO_20_100.title() + "\n\n## " + Workload.ECHO_1M.title() + "\n\n## Other\n");
        assertThat(page.missing(directory)).containsExactly(Workload.ECHO_1M.title());
    }
}
