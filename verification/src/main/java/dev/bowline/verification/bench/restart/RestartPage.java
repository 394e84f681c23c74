package dev.bowline.verification.bench.restart;

import dev.bowline.verification.bench.MeasuredPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Fills in what was measured in {@code docs/restart.md}, and draws its charts. The prose around it stays. */
final class RestartPage {
    private static final double MIB = 1 << 20;

    private final Path docs;

    RestartPage(Path docs) {
        this.docs = docs;
    }

    void writeSimulated(List<Result> results, List<Long> heaps) throws IOException {
        StringBuilder text = new StringBuilder(table(results));
        text.append(String.format(
                Locale.ROOT,
                "%nHeap of the process, clients included, of the first row: %.0f MiB before they came, %.0f MiB with all of them, %.0f MiB when"
                        + " all were back, %.0f MiB when all had left.%n%n",
                heaps.get(0) / MIB,
                heaps.get(1) / MIB,
                heaps.get(2) / MIB,
                heaps.get(3) / MIB));
        fill("simulated", text.append(chart("simulated", results)).toString());
    }

    void writeSockets(List<SocketTrial.Measured> measured, List<String> machine) throws IOException {
        List<Result> results =
                measured.stream().map(SocketTrial.Measured::result).toList();
        StringBuilder text = new StringBuilder();
        machine.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append('\n').append(table(results)).append('\n');
        text.append("CPU of the server, as a share of one core:\n\n")
                .append("| | before | until all are back | after | for each that came back |\n|---|---|---|---|---|\n");
        for (SocketTrial.Measured one : measured) {
            SocketTrial.Cost cost = one.cost();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f %% | %.0f %% | %.0f %% | %.0f µs |%n",
                    one.result().course().label(),
                    100 * cost.idle(),
                    100 * cost.returning(),
                    100 * cost.after(),
                    cost.microsPerReturn()));
        }
        text.append("\nMemory of the server in MiB, heap after full collections and resident:\n\n")
                .append(
                        "| | without clients | with all | when all are back | when all have left |\n|---|---|---|---|---|\n");
        for (SocketTrial.Measured one : measured) {
            SocketTrial.Memories memories = one.memories();
            if (memories != null) {
                text.append(String.format(
                        "| %s | %s | %s | %s | %s |%n",
                        one.result().course().label(),
                        megabytes(memories.none()),
                        megabytes(memories.open()),
                        megabytes(memories.back()),
                        megabytes(memories.left())));
            }
        }
        text.append('\n');
        fill("sockets", text.append(chart("sockets", results)).toString());
    }

    private static String megabytes(SocketTrial.Memory memory) {
        return String.format(Locale.ROOT, "%.0f, %.0f", memory.heap() / MIB, memory.resident() / MIB);
    }

    private static String table(List<Result> results) {
        StringBuilder text =
                new StringBuilder("| | resumed | messages lost | openings, most in 100 ms | most in 1 s | attempts"
                        + " | most in 1 s | half are back | 99 % | all |\n|---|---|---|---|---|---|---|---|---|---|\n");
        for (Result result : results) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %,d of %,d | %s | %,d | %,d | %,d | %,d | %.1f s | %.1f s | %.1f s |%n",
                    result.course().label(),
                    result.resumed(),
                    result.clients(),
                    result.course().graceful() ? String.format(Locale.ROOT, "%,d", result.lost()) : "–",
                    result.openings().most(),
                    result.openings().mostInASecond(),
                    result.attempts().total(),
                    result.attempts().mostInASecond(),
                    result.openings().secondsTo(0.5),
                    result.openings().secondsTo(0.99),
                    result.openings().secondsTo(1)));
        }
        return text.toString();
    }

    private String chart(String name, List<Result> results) throws IOException {
        String title = String.format(
                Locale.ROOT,
                "%,d sessions: how many are open again in each 100 ms",
                results.get(0).clients());
        SvgTimeChart chart = new SvgTimeChart(title);
        results.forEach(result -> chart.series(result.course().label(), result.openings()));
        Path directory = Files.createDirectories(docs.resolve("restart"));
        Files.writeString(directory.resolve(name + ".svg"), chart.svg());
        return "![" + title + "](restart/" + name + ".svg)\n";
    }

    private void fill(String part, String text) throws IOException {
        Files.createDirectories(docs);
        MeasuredPart.of(docs.resolve("restart.md"), part).fill(text);
    }
}
