package dev.bowline.cli.bench;

import dev.bowline.cli.bench.LoadOptions.Mode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** For people: the progress on one stream, as a bar or in lines, and the report on another. */
public final class TextReport implements Progress {
    private static final int BAR_WIDTH = 30;

    private final PrintWriter out;
    private final PrintWriter progress;
    private final boolean bar;
    private boolean barShown;

    /**
     * @param out where to put the report
     * @param progress where to put the progress
     * @param bar whether that is a terminal, on which a line can be written over
     */
    public TextReport(PrintWriter out, PrintWriter progress, boolean bar) {
        this.out = out;
        this.progress = progress;
        this.bar = bar;
    }

    private void say(String line) {
        if (barShown) {
            progress.println();
            barShown = false;
        }
        progress.println(line);
        progress.flush();
    }

    private void show(double done, String beside) {
        if (!bar) {
            say(beside);
            return;
        }
        int full = (int) Math.round(done * BAR_WIDTH);
        progress.print("\r[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "] " + beside + "   ");
        progress.flush();
        barShown = true;
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    @Override
    public void connecting(int open, int wanted) {
        show((double) open / wanted, format("%,d of %,d connections", open, wanted));
    }

    @Override
    public void connected(int connections, Duration took) {
        say(format("%,d connections in %.2f s; warming up", connections, took.toNanos() / 1e9));
    }

    @Override
    public void measuring() {
        say("measuring");
    }

    @Override
    public void progress(Duration passed, Duration of, long messages, long errors) {
        double seconds = passed.toNanos() / 1e9;
        show(
                Math.min(1, seconds / (of.toNanos() / 1e9)),
                format("%.0f s, %,.0f a second", seconds, messages / seconds)
                        + (errors == 0 ? "" : format(", %,d errors", errors)));
    }

    @Override
    public void measured() {
        if (barShown) {
            progress.println();
            progress.flush();
            barShown = false;
        }
    }

    public void report(Report report) {
        LoadOptions options = report.options();
        out.println(what(options) + (options.compressed() ? ", with permessage-deflate" : ""));
        if (options.mode() == Mode.IDLE) {
            out.println(format("  %,d connections held for %.1f s", report.opened(), report.seconds()));
        } else {
            out.println(format(
                    "  throughput   %,.0f %s a second%s, %,d in %.1f s",
                    report.messagesPerSecond(),
                    unit(options.mode()),
                    report.bytesPerSecond() == 0 ? "" : format(" (%,.1f MB/s)", report.bytesPerSecond() / 1e6),
                    report.messages(),
                    report.seconds()));
            out.println(format(
                    "  latency, µs  p50 %,.0f   p90 %,.0f   p99 %,.0f   p99.9 %,.0f   max %,.0f   mean %,.0f",
                    report.latencyMicros(50),
                    report.latencyMicros(90),
                    report.latencyMicros(99),
                    report.latencyMicros(99.9),
                    report.latencyMicros(100),
                    report.latencies().getMean() / 1000));
        }
        report.serverCpuSeconds()
                .ifPresent(seconds -> out.println(format(
                        "  server       %.2f s of processor time (%.0f %% of a core)%s",
                        seconds,
                        report.seconds() == 0 ? 0 : 100 * seconds / report.seconds(),
                        report.serverCpuMicrosPerMessage().isEmpty()
                                ? ""
                                : format(
                                        ", %.3f µs each",
                                        report.serverCpuMicrosPerMessage().getAsDouble()))));
        if (report.errors().isEmpty()) {
            out.println("  errors       none");
        } else {
            report.errors().forEach((kind, count) -> out.println(format("  error        %,d × %s", count, kind)));
        }
        out.flush();
    }

    private static String what(LoadOptions options) {
        String content =
                format("%,d B %s", options.content().size(), options.content().isText() ? "text" : "binary");
        return switch (options.mode()) {
            case ECHO ->
                format(
                        "Echo of %s, %,d connections, %s",
                        content,
                        options.connections(),
                        options.rate() == 0
                                ? format("%,d in flight", options.inFlight())
                                : format("%,d messages a second", options.rate()));
            case BROADCAST ->
                format(
                        "Broadcast of %s to %,d connections, %,d at once",
                        content, options.connections(), options.inFlight());
            case HANDSHAKE -> format("Opening and closing, %,d at once", options.connections());
            case IDLE -> format("%,d idle connections", options.connections());
        };
    }

    private static String unit(Mode mode) {
        return switch (mode) {
            case BROADCAST -> "deliveries";
            case HANDSHAKE -> "connections";
            case ECHO, IDLE -> "messages";
        };
    }
}
