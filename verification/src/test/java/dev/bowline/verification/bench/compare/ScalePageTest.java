package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalePageTest {
    private static final String PROSE =
            "# Scaling\n\nBefore.\n\n<!-- measured -->\nold\n<!-- /measured -->\n\nBehind.\n";

    private final Path docs;
    private final Path page;

    ScalePageTest(@TempDir Path docs) throws IOException {
        this.docs = docs;
        page = docs.resolve("scaling.md");
        Files.writeString(page, PROSE);
    }

    private Results results() throws IOException {
        return new Results(docs.resolve("scale.jsonl"), notice -> {
            throw new AssertionError(notice);
        });
    }

    private static Measurement cost(Series series, int at, int round, double cost) {
        return new Measurement(
                series.id(),
                Scale.name(at),
                round,
                null,
                Map.of(series.figure(), cost, "rate", 1e6 / cost, "p50", 10.0, "p99", 20.0));
    }

    private void write(Results results) throws IOException {
        new ScalePage(results, List.of("Processor: one")).write(docs);
    }

    @Test
    void theMeasuredPartIsReplacedAndTheProseStays() throws IOException {
        Results results = results();
        for (int round = 1; round <= 3; round++) {
            results.add(cost(Series.CONNECTIONS, 100, round, 4 + 0.1 * round));
            results.add(cost(Series.CONNECTIONS, 1_000, round, 5));
        }
        results.add(new Measurement(Series.CONNECTIONS.id(), Scale.name(50_000), 1, "too few files", Map.of()));
        for (int i = 0; i < 2; i++) { // written again, it is the same
            write(results);
            assertThat(page)
                    .content()
                    .startsWith("# Scaling\n\nBefore.\n\n<!-- measured -->\n")
                    .endsWith("<!-- /measured -->\n\nBehind.\n")
                    .doesNotContain("old")
                    .contains("- Processor: one\n")
                    .containsOnlyOnce("### Connections\n")
                    .contains(
                            "| connections | µs of server CPU per message | × the first | a second | p50 µs | p99 µs |")
                    .contains("| 100 | 4.20 [4.10–4.30] | 1.00 | 238,095 | 10.0 | 20.0 |")
                    .contains("| 1,000 | 5.00 [5.00–5.00] | 1.19 | 200,000 |")
                    .contains("- 50,000: too few files")
                    .contains("](scaling/connections.svg)")
                    .doesNotContain("What one node would carry");
        }
        assertThat(Svg.texts(Files.readString(docs.resolve("scaling/connections.svg"))))
                .contains("1,000");
    }

    @Test
    void whatANodeCarriesIsComputedWhenAllOfItWasMeasured() throws IOException {
        Results results = results();
        results.add(cost(Series.LOOPS, 1, 1, 4));
        results.add(cost(Series.LOOPS, 2, 1, 5));
        results.add(cost(Series.CONNECTIONS, 100, 1, 3));
        results.add(cost(Series.CONNECTIONS, 1_000, 1, 4));
        results.add(cost(Series.SUBSCRIBERS, 1_000, 1, 2));
        results.add(cost(Series.MEMORY, 10_000, 1, 512));
        write(results);
        assertThat(page)
                .content()
                .contains("An echoed message costs 4.00 µs".substring(3))
                .contains("two loops do 80 %")
                .contains("takes 512 B");
    }

    @Test
    void bytesAreCountedForMessagesThatGrow() throws IOException {
        Results results = results();
        results.add(cost(Series.MESSAGE_SIZE, 1_024, 1, 5.12));
        write(results);
        assertThat(page).content().contains("| ns for each byte |").contains("| 20.0 | 5.00 |");
    }

    @Test
    void whatThePageHasMoreIsTold() throws IOException {
        Results results = results();
        results.add(cost(Series.CONNECTIONS, 100, 1, 3));
        results.add(cost(Series.LOOPS, 1, 1, 3));
        write(results);
        Results less = new Results(docs.resolve("less.jsonl"), notice -> {});
        less.add(cost(Series.LOOPS, 1, 1, 3));
        assertThat(new ScalePage(less, List.of()).missing(docs)).containsExactly("Connections");
        assertThat(new ScalePage(results, List.of()).missing(docs)).isEmpty();
    }

    @Test
    void aPageWithoutAPlaceForItIsRefused() throws IOException {
        Files.writeString(page, "# Scaling\n");
        assertThatThrownBy(() -> write(results()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no place for what was measured");
        assertThat(page).hasContent("# Scaling\n");
    }
}
