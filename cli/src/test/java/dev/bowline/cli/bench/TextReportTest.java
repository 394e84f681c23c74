package dev.bowline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.bench.LoadOptions.Mode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TextReportTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private TextReport text(boolean bar) {
        return new TextReport(new PrintWriter(out), new PrintWriter(err), bar);
    }

    private List<String> report(Report report) {
        text(false).report(report);
        return out.toString().lines().toList();
    }

    @Test
    void reportsOnEchoes() {
        assertThat(report(Reports.report(Reports.options(Mode.ECHO, false, 0, false), Map.of(), OptionalDouble.of(2))))
                .containsExactly(
                        "Echo of 2,000 B binary, 1,500 connections, 3 in flight",
                        "  throughput   1,000 messages a second (2.0 MB/s), 4,000 in 4.0 s",
                        "  latency, µs  p50 100   p90 100   p99 100   p99.9 5,001   max 5,001   mean 149",
                        "  server       2.00 s of processor time (50 % of a core), 500.000 µs each",
                        "  errors       none");
    }

    @Test
    void saysThatARateWasKeptAndThatMessagesWereCompressed() {
        assertThat(report(Reports.report(
                                Reports.options(Mode.ECHO, true, 1000, true), Map.of(), OptionalDouble.empty()))
                        .get(0))
                .isEqualTo("Echo of 2,000 B text, 1,500 connections, 1,000 messages a second, with permessage-deflate");
    }

    @Test
    void reportsOnBroadcasts() {
        assertThat(report(Reports.report(
                        Reports.options(Mode.BROADCAST, false, 0, false), Map.of(), OptionalDouble.empty())))
                .startsWith(
                        "Broadcast of 2,000 B binary to 1,500 connections, 3 at once",
                        "  throughput   1,000 deliveries a second (2.0 MB/s), 4,000 in 4.0 s");
    }

    @Test
    void reportsOnHandshakes() {
        assertThat(report(Reports.report(
                        Reports.options(Mode.HANDSHAKE, false, 0, false), Map.of(), OptionalDouble.empty())))
                .startsWith(
                        "Opening and closing, 1,500 at once",
                        "  throughput   1,000 connections a second, 4,000 in 4.0 s");
    }

    @Test
    void ofIdleConnectionsThereIsNoLatency() {
        assertThat(report(
                        Reports.report(Reports.options(Mode.IDLE, false, 0, false), Map.of(), OptionalDouble.empty())))
                .containsExactly("1,500 idle connections", "  1,500 connections held for 4.0 s", "  errors       none");
    }

    @Test
    void whatCameToNothingIsReportedToo() {
        assertThat(report(Reports.empty(
                        Reports.options(Mode.ECHO, false, 0, false), Map.of("no answer", 1500L), OptionalDouble.of(0))))
                .contains(
                        "  throughput   0 messages a second, 0 in 0.0 s",
                        "  server       0.00 s of processor time (0 % of a core)",
                        "  error        1,500 × no answer")
                .doesNotContain("  errors       none");
    }

    @Test
    void withoutATerminalProgressIsLines() {
        TextReport text = text(false);
        text.connecting(700, 1500);
        text.connected(1500, Duration.ofMillis(250));
        text.measuring();
        text.progress(Duration.ofSeconds(1), Duration.ofSeconds(4), 5000, 0);
        text.progress(Duration.ofSeconds(2), Duration.ofSeconds(4), 9000, 2);
        text.measured();
        assertThat(err.toString().lines())
                .containsExactly(
                        "700 of 1,500 connections",
                        "1,500 connections in 0.25 s; warming up",
                        "measuring",
                        "1 s, 5,000 a second",
                        "2 s, 4,500 a second, 2 errors");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void onATerminalProgressIsABarThatIsWrittenOver() {
        TextReport text = text(true);
        text.progress(Duration.ofSeconds(1), Duration.ofSeconds(4), 5000, 0);
        text.progress(Duration.ofSeconds(4), Duration.ofSeconds(4), 9000, 0);
        assertThat(err.toString())
                .isEqualTo("\r[########......................] 1 s, 5,000 a second   "
                        + "\r[##############################] 4 s, 2,250 a second   ");
        text.measured();
        assertThat(err.toString()).endsWith(System.lineSeparator()); // and the report begins a line of its own
    }
}
