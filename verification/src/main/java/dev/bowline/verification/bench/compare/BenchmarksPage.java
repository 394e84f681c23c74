package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes {@code docs/benchmarks.md} and its charts. */
final class BenchmarksPage {
    private static final String HEAD = """
            # Benchmarks

            Bowline beside other servers, measured in one run on one machine. This page is written by

            ```
            scripts/bench compare
            ```

            which builds every server, measures them in turn, and takes more than an hour; `--quick` tries it out in some
            minutes, and `--workloads=echo-20-100` measures a part. What is measured stands in `target/bench/results.jsonl`: a
            run that was interrupted goes on from there, and what failed is measured again.

            ## The machine

            """;

    private static final String METHOD = """

            ## How it is measured

            The servers run on one core and the generator, `./bowline bench`, on the other, on loopback. For each workload every
            server is started once and warmed up, and then waits while the others are measured (how long is said above each
            table; `--warm-up` and `--seconds` choose it). The rounds are interleaved (A B C A B C …), so that what else happens
            on the machine meets all of them. Shown are the median over the rounds and, in brackets, the least and the most. A
            ratio is taken within each round, and then the median of the ratios: **× floor** and **× Bowline** say how many
            times as much a server needs as the floor and as Bowline did in the same round. One generator process makes all runs
            of a workload, so that it is warm, too; the first 0.3 s of a run do not count.

            The main figure is the **processor time of the server for each message**, user and system, as the
            operating system counts it: throughput on loopback tells as much about the generator as about the server, processor
            time does not. It holds for one core; more cores are not compared here.

            The **floor** is a loop on epoll in C (`verification/bench/floor/floor.c`) that only moves and unmasks bytes. It checks
            nothing, reassembles nothing, and has no timers: no server that does its work can be much below it. *floor (NIO)* is
            the same in Java on NIO. The other servers are written as their documentation recommends for speed, with one event
            loop where they have such (`verification/bench`). All Java servers run on the same JDK with the same heap, 1 GiB (the
            floor's is smaller). Every answer is checked.

            What is not measured: a real network, TLS, many cores, and what an application does with a message.

            """;

    private static final String NIO_IS_THE_FLOOR =
            "There is no floor in C here: the floor is the one in Java on NIO.\n\n";
    private static final String NO_FLOOR = "There is no floor for this one.\n\n";

    private static final String IDLE = """
            Memory for each connection, in bytes, after a full collection, less what the process held before the connections
            came; each round is a new process. The heap of Java is all there from the beginning, so that its resident memory
            grows by native memory alone, to which direct buffers belong: the sum is heap and resident. In Bun and ws the heap is
            part of what is resident. What the kernel holds for a connection is in no process, and not counted.

            """;

    private static final String STARTUP = """
            From the start of the process until it says that it listens, and until the answer to a first opening handshake has
            come. Each round is a new process. Java has no archive of classes but its own.

            """;

    private static final Map<String, String> LOAD_COLUMNS =
            columns("p50", "p50 µs", "p99", "p99 µs", "p999", "p99.9 µs", "garbage", "garbage, B each");
    private static final Map<String, String> IDLE_COLUMNS =
            columns("heap", "heap", "direct", "direct", "resident", "resident, without Java's heap");
    private static final Map<String, String> STARTUP_COLUMNS = columns("listening", "ms until it listens");

    private final Results results;
    private final List<String> machine;

    BenchmarksPage(Results results, List<String> machine) {
        this.results = results;
        this.machine = machine;
    }

    private static Map<String, String> columns(String... figuresAndHeads) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (int i = 0; i < figuresAndHeads.length; i += 2) {
            columns.put(figuresAndHeads[i], figuresAndHeads[i + 1]);
        }
        return columns;
    }

    /** The titles of workloads that a page has, and these results have not. */
    List<String> missing(Path docs) throws IOException {
        Path page = docs.resolve("benchmarks.md");
        if (!Files.exists(page)) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(page);
        return Arrays.stream(Workload.values())
                .filter(workload -> !results.has(workload) && lines.contains("## " + workload.title()))
                .map(Workload::title)
                .toList();
    }

    /** Writes the page and its charts; what they were before is gone. */
    void write(Path docs) throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        machine.forEach(line -> page.append("- ").append(line).append('\n'));
        page.append(METHOD);
        Path charts = Files.createDirectories(docs.resolve("benchmarks"));
        for (Workload workload : Workload.values()) {
            Path chart = charts.resolve(workload.id() + ".svg");
            if (results.has(workload)) {
                section(page, workload);
                chart(page, workload, chart);
            } else {
                Files.deleteIfExists(chart);
            }
        }
        Files.writeString(docs.resolve("benchmarks.md"), page.toString().stripTrailing() + "\n");
    }

    /** Those that were measured, the least first. */
    private List<String> ranked(Workload workload) {
        List<String> names = new ArrayList<>(results.contenders());
        names.removeIf(name -> spread(workload, name).isEmpty());
        names.sort(Comparator.comparingDouble(name -> spread(workload, name).median()));
        return names;
    }

    private Spread spread(Workload workload, String contender) {
        return results.spread(workload, contender, workload.figure());
    }

    private static String unit(Workload workload) {
        return switch (workload.figure()) {
            case "p99" -> "p99 latency, µs";
            case "sum" -> "B for each connection";
            case "startup" -> "ms until a connection is open";
            default -> "µs of server CPU per " + workload.unit();
        };
    }

    private Map<String, String> columns(Workload workload) {
        Map<String, String> columns = new LinkedHashMap<>();
        if (workload.kind() == Workload.Kind.LOAD) {
            columns.put("rate", workload.units() + " a second");
        }
        columns.putAll(
                switch (workload.kind()) {
                    case LOAD -> LOAD_COLUMNS;
                    case IDLE -> IDLE_COLUMNS;
                    case STARTUP -> STARTUP_COLUMNS;
                });
        if (workload.figure().equals("p99")) {
            columns.put("cpu", "µs of server CPU per " + workload.unit());
        }
        columns.remove(workload.figure());
        return columns;
    }

    private void section(StringBuilder page, Workload workload) {
        page.append("## ").append(workload.title()).append("\n\n");
        if (!workload.mustReach().isEmpty()) {
            page.append("Bowline's goal: ")
                    .append(workload.mustReach())
                    .append(" × the floor, aim ")
                    .append(workload.aim())
                    .append(" ×.\n\n");
        }
        page.append(
                switch (workload.kind()) {
                    case LOAD -> "";
                    case IDLE -> IDLE;
                    case STARTUP -> STARTUP;
                });
        boolean inC = !spread(workload, Contender.FLOOR).isEmpty();
        String floor = inC ? Contender.FLOOR : Contender.FLOOR_NIO;
        if (!inC) {
            page.append(spread(workload, floor).isEmpty() ? NO_FLOOR : NIO_IS_THE_FLOOR);
        }
        int rounds = results.rounds(workload);
        page.append(rounds == 1 ? "One round" : "Median of " + rounds + " rounds")
                .append(times(workload))
                .append(":\n\n");
        table(page, workload, floor);
        failures(page, workload);
    }

    /** How long was measured, where that is known. */
    private String times(Workload workload) {
        for (String name : results.contenders()) {
            Spread seconds = results.spread(workload, name, Comparison.SECONDS);
            Spread warmUp = results.spread(workload, name, Comparison.WARM_UP);
            if (!seconds.isEmpty() && !warmUp.isEmpty()) {
                return " of " + SvgBarChart.number(seconds.median()) + " s, after "
                        + SvgBarChart.number(warmUp.median()) + " s of warm-up";
            }
        }
        return "";
    }

    private void table(StringBuilder page, Workload workload, String floor) {
        Map<String, String> columns = columns(workload);
        List<String> head = new ArrayList<>(List.of("server", unit(workload), "× floor", "× Bowline"));
        head.addAll(columns.values());
        page.append(row(head)).append("|---".repeat(head.size())).append("|\n");
        for (String name : ranked(workload)) {
            List<String> cells = new ArrayList<>(List.of(
                    name.startsWith(Contender.BOWLINE) ? "**" + name + "**" : name,
                    withRange(spread(workload, name)),
                    withRange(results.ratio(workload, name, floor, workload.figure())),
                    withRange(results.ratio(workload, name, Contender.BOWLINE, workload.figure()))));
            columns.keySet().forEach(figure -> {
                Spread spread = results.spread(workload, name, figure);
                cells.add(spread.isEmpty() ? "–" : SvgBarChart.number(spread.median()));
            });
            page.append(row(cells));
        }
        page.append('\n');
    }

    private void chart(StringBuilder page, Workload workload, Path file) throws IOException {
        SvgBarChart chart = new SvgBarChart(workload.title(), unit(workload));
        ranked(workload).forEach(name -> chart.bar(name, spread(workload, name), name.startsWith(Contender.BOWLINE)));
        Files.writeString(file, chart.svg());
        page.append("![")
                .append(workload.title())
                .append("](benchmarks/")
                .append(file.getFileName())
                .append(")\n\n");
    }

    private void failures(StringBuilder page, Workload workload) {
        List<String> failed = new ArrayList<>();
        for (String name : results.contenders()) {
            results.failures(workload, name).forEach(failure -> failed.add("- " + name + ": " + failure + "\n"));
        }
        if (!failed.isEmpty()) {
            page.append("Not measured:\n\n").append(String.join("", failed)).append('\n');
        }
    }

    private static String withRange(Spread spread) {
        return spread.isEmpty()
                ? "–"
                : spread.count() == 1
                        ? SvgBarChart.number(spread.median())
                        : String.format(
                                Locale.ROOT,
                                "%s [%s–%s]",
                                SvgBarChart.number(spread.median()),
                                SvgBarChart.number(spread.min()),
                                SvgBarChart.number(spread.max()));
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
