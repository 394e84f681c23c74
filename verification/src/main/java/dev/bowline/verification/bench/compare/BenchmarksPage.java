package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Writes {@code docs/benchmarks.md} and its charts. */
final class BenchmarksPage {
    private static final String HEAD = """
            # Benchmarks

            Bowline beside other servers, measured in one run on one machine. This page is written by

            ```
            scripts/bench compare
            ```

            which builds every server, measures each in turn, and takes some hours; `--rounds=1 --workloads=echo-20-100` is a
            short form. What is measured stands in `target/bench/results.jsonl`, and a run that was interrupted goes on
            from there.

            ## The machine

            """;

    private static final String METHOD = """

            ## How it is measured

            The server runs on one core and the generator, `./bowline bench`, on the other, on loopback. Each figure is a run
            of a fresh server process: some seconds of warm-up, then the measured time. The rounds are interleaved (A B C A B C …),
            so that what else happens on the machine meets all of them; shown are the median and, in brackets, the least and the
            most. The main figure is the **processor time of the server for each message**, user and system, as the
            operating system counts it: throughput on loopback tells as much about the generator as about the server, processor
            time does not. It holds for one core; more cores are not compared here.

            The **floor** is a loop on epoll in C (`verification/bench/floor/floor.c`) that only moves and unmasks bytes. It checks
            nothing, reassembles nothing, and has no timers: no server that does its work can be much below it. The other
            servers are written as their documentation recommends for speed, with one event loop where they have
            such (`verification/bench`). All Java servers run on the same JDK with the same heap. Every answer is checked.

            What is not measured: a real network, TLS, many cores, and what an application does with a message.

            """;

    private final Results results;
    private final List<String> machine;

    BenchmarksPage(Results results, List<String> machine) {
        this.results = results;
        this.machine = machine;
    }

    void write(Path docs) throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        machine.forEach(line -> page.append("- ").append(line).append('\n'));
        page.append(METHOD);
        try (Stream<Path> charts = Files.list(docs.resolve("benchmarks"))) {
            for (Path old : charts.toList()) { // of workloads that are on the page no more
                Files.delete(old);
            }
        }
        for (Workload workload : Workload.values()) {
            if (results.has(workload)) {
                if (workload == Workload.IDLE) {
                    idle(page);
                } else {
                    loaded(page, workload, docs);
                }
            }
        }
        Files.writeString(docs.resolve("benchmarks.md"), page.toString());
    }

    /** Those that were measured, the least processor time first; those that failed last. */
    private List<String> ranked(Workload workload, String figure) {
        List<String> names = new ArrayList<>(results.contenders());
        names.removeIf(name -> results.spread(workload, name, figure).isEmpty());
        names.sort(Comparator.comparingDouble(
                name -> results.spread(workload, name, figure).median()));
        return names;
    }

    private static String figure(Workload workload) {
        return workload == Workload.LATENCY ? "p99" : "cpu";
    }

    private void loaded(StringBuilder page, Workload workload, Path docs) throws IOException {
        String main = figure(workload);
        String unit = main.equals("cpu") ? "µs of server CPU per " + workload.unit() : "p99 latency, µs";
        page.append("## ").append(workload.title()).append("\n\n");
        Spread floor = results.spread(workload, Contender.FLOOR, main);
        if (!workload.mustReach().isEmpty()) {
            page.append("Bowline's goal: ")
                    .append(workload.mustReach())
                    .append(" × the floor, aim ")
                    .append(workload.aim())
                    .append(" ×.\n\n");
        }
        List<String> ranked = ranked(workload, main);
        SvgBarChart chart = new SvgBarChart(workload.title(), unit);
        page.append("| server | ")
                .append(unit)
                .append(" | × floor | ")
                .append(workload.unit().equals("delivery") ? "deliveries" : workload.unit() + "s")
                .append(" a second | p50 µs | p99 µs | garbage, B each |\n|---|---|---|---|---|---|---|\n");
        for (String name : ranked) {
            Spread spread = results.spread(workload, name, main);
            boolean ours = name.startsWith(Contender.BOWLINE);
            chart.bar(name, spread, ours);
            page.append(row(
                    ours ? "**" + name + "**" : name,
                    withRange(spread),
                    floor.isEmpty() ? "–" : SvgBarChart.number(spread.median() / floor.median()),
                    median(workload, name, "rate"),
                    median(workload, name, "p50"),
                    median(workload, name, "p99"),
                    median(workload, name, "garbage")));
        }
        page.append('\n');
        failures(page, workload);
        page.append("![")
                .append(workload.title())
                .append("](benchmarks/")
                .append(workload.id())
                .append(".svg)\n\n");
        Files.writeString(docs.resolve("benchmarks").resolve(workload.id() + ".svg"), chart.svg());
    }

    private void idle(StringBuilder page) {
        page.append("## ")
                .append(Workload.IDLE.title())
                .append(
                        "\n\nMemory for each connection after a full collection, in bytes. The heap of Java is all there from the"
                                + " beginning, so that its resident memory grows by native memory alone; the sum of both is the cost.\n\n");
        page.append("| server | heap | resident, without the heap | sum |\n|---|---|---|---|\n");
        List<String> names = new ArrayList<>(results.contenders());
        names.removeIf(name -> results.spread(Workload.IDLE, name, "resident").isEmpty());
        names.sort(Comparator.comparingDouble(this::idleSum));
        for (String name : names) {
            boolean java = !results.spread(Workload.IDLE, name, "direct").isEmpty() && isJava(name);
            page.append(row(
                    name.startsWith(Contender.BOWLINE) ? "**" + name + "**" : name,
                    java ? median(Workload.IDLE, name, "heap") : "–",
                    median(Workload.IDLE, name, "resident"),
                    SvgBarChart.number(idleSum(name))));
        }
        page.append('\n');
        failures(page, Workload.IDLE);
    }

    private static boolean isJava(String name) {
        return !name.equals(Contender.FLOOR) && !name.startsWith("Bun") && !name.equals("ws");
    }

    private double idleSum(String name) {
        double resident = results.spread(Workload.IDLE, name, "resident").median();
        Spread heap = results.spread(Workload.IDLE, name, "heap");
        return isJava(name) && !heap.isEmpty() ? resident + heap.median() : resident;
    }

    private void failures(StringBuilder page, Workload workload) {
        List<String> failed = new ArrayList<>();
        for (String name : results.contenders()) {
            String failure = results.failure(workload, name);
            if (!failure.isEmpty()) {
                failed.add("- " + name + ": " + failure + "\n");
            }
        }
        if (!failed.isEmpty()) {
            page.append("Not measured:\n\n").append(String.join("", failed)).append('\n');
        }
    }

    private String median(Workload workload, String name, String figure) {
        Spread spread = results.spread(workload, name, figure);
        return spread.isEmpty() ? "–" : SvgBarChart.number(spread.median());
    }

    private static String withRange(Spread spread) {
        return String.format(
                Locale.ROOT,
                "%s [%s–%s]",
                SvgBarChart.number(spread.median()),
                SvgBarChart.number(spread.min()),
                SvgBarChart.number(spread.max()));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
