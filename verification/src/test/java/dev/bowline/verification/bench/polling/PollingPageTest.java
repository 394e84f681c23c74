package dev.bowline.verification.bench.polling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.verification.bench.polling.Way.Kind;
import dev.bowline.verification.bench.polling.Way.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PollingPageTest {
    private static final PollingTrial TRIAL = new PollingTrial(1_000, 30, 10, 60, 3);

    @Test
    void saysWhatAChangeTook() {
        String text = PollingPage.text(List.of("Machine: this one"), TRIAL, results());
        assertThat(text)
                .contains("- Machine: this one\n")
                .contains("- Load: 1,000 users, a change of each one's order every 30 s in the mean; 60 s after a"
                        + " warm-up of 10 s, seed 3: 2 changes\n")
                .contains("\n| asks | 5,000 | 2,500 | 10.00 | 2.0 ms | 400 ms | 1,500 µs | 30 |\n")
                .endsWith("\n| nobody | – | – | – | – | – | 50 µs | – |\n");
    }

    @Test
    void leavesTheProseOfThePage(@TempDir Path directory) throws IOException {
        Path page = directory.resolve("page.md");
        Files.writeString(page, "before\n<!-- measured -->\nold\n<!-- /measured -->\nbehind\n");
        PollingPage.write(page, List.of(), TRIAL, results());
        assertThat(Files.readString(page))
                .startsWith("before\n<!-- measured -->\n")
                .endsWith("<!-- /measured -->\nbehind\n")
                .contains("| asks |")
                .doesNotContain("old");
    }

    private static List<Result> results() {
        Arrivals arrivals = new Arrivals(1);
        arrivals.measure(true);
        arrivals.changed(0, 2, 0);
        arrivals.changed(0, 3, 0);
        arrivals.arrived(0, 2, 2_000_000);
        arrivals.arrived(0, 3, 400_000_000);
        return List.of(
                new Result(
                        new Kind("asks", How.POLLING, 1),
                        100,
                        new Traffic(1_000, 2_000),
                        new Traffic(10_000, 5_000),
                        20,
                        3_000_000,
                        arrivals),
                new Result(
                        new Kind("nobody", How.NOBODY, 0),
                        100,
                        new Traffic(0, 0),
                        new Traffic(0, 0),
                        0,
                        100_000,
                        arrivals));
    }
}
