package dev.bowline.verification.bench.polling;

import dev.bowline.verification.bench.MeasuredPart;
import dev.bowline.verification.bench.nodes.Latencies;
import dev.bowline.verification.bench.polling.Way.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Fills in what was measured in {@code docs/from-polling-to-push.md}. The prose around it stays. */
final class PollingPage {
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double MICROS_PER_MILLI = 1_000;

    private PollingPage() {}

    static void write(Path page, List<String> machine, PollingTrial trial, List<Result> results) throws IOException {
        MeasuredPart.of(page, "measured").fill(text(machine, trial, results));
    }

    /** Machine, load, and a table with a row for each result. */
    static String text(List<String> machine, PollingTrial trial, List<Result> results) {
        StringBuilder text = new StringBuilder();
        machine.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append(String.format(
                Locale.ROOT,
                "- Load: %,d users, a change of each one's order every %.0f s in the mean; %.0f s after a warm-up of %.0f s, seed %d:"
                        + " %,d changes%n%n",
                trial.users(),
                trial.every(),
                trial.seconds(),
                trial.warmUp(),
                trial.seed(),
                results.get(0).arrivals().changes()));
        text.append(
                        "| for each change | bytes to the server | bytes to the client | requests or messages to the server"
                                + " | known after, p50 | p99 | CPU of the server | bytes to open a page's connection, both ways |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        results.forEach(result -> text.append(row(result)));
        return text.toString();
    }

    private static String row(Result result) {
        double changes = result.arrivals().changes();
        String cpu = String.format(Locale.ROOT, "%,.0f µs", result.cpuNanos() / NANOS_PER_MICRO / changes);
        if (result.kind().how() == How.NOBODY) {
            return "| " + result.kind().label() + " | – | – | – | – | – | " + cpu + " | – |\n";
        }
        Latencies latencies = result.arrivals().latencies();
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %.2f | %s | %s | %s | %,.0f |%n",
                result.kind().label(),
                result.traffic().toServer() / changes,
                result.traffic().toClients() / changes,
                result.handled() / changes,
                millis(latencies.micros(0.5)),
                millis(latencies.micros(0.99)),
                cpu,
                (double) (result.opening().toServer() + result.opening().toClients()) / result.users());
    }

    private static String millis(double micros) {
        double millis = micros / MICROS_PER_MILLI;
        return String.format(Locale.ROOT, millis < 100 ? "%.1f ms" : "%,.0f ms", millis);
    }
}
