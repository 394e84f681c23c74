package dev.bowline.cli.bench;

import dev.bowline.cli.bench.LoadOptions.Mode;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * What came of a run.
 *
 * @param seconds how long was measured
 * @param messages answers, deliveries, or connections opened and closed, as the mode has it, in the measured time
 * @param latencies of them, in nanoseconds
 * @param errors how many of which kind, in the whole run
 * @param serverCpuSeconds what the server's process used in the measured time, where that was asked for
 */
public record Report(
        LoadOptions options,
        int opened,
        double seconds,
        long messages,
        Histogram latencies,
        Map<String, Long> errors,
        OptionalDouble serverCpuSeconds) {

    public double messagesPerSecond() {
        return seconds == 0 ? 0 : messages / seconds;
    }

    /** The payload that came back. */
    public double bytesPerSecond() {
        Mode mode = options.mode();
        return mode == Mode.ECHO || mode == Mode.BROADCAST
                ? messagesPerSecond() * options.content().size()
                : 0;
    }

    /** Empty where it was not asked for, or nothing came. */
    public OptionalDouble serverCpuMicrosPerMessage() {
        return serverCpuSeconds.isEmpty() || messages == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(serverCpuSeconds.getAsDouble() * 1e6 / messages);
    }

    public double latencyMicros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1000.0;
    }
}
