package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Fills in what was measured in {@code docs/scaling.md}, and writes its charts. The prose around it stays. */
final class ScalePage {
    static final String BEGIN = "<!-- measured -->";
    static final String END = "<!-- /measured -->";

    /** The sizes that the computation of larger nodes takes its costs from. */
    private static final List<Integer> TYPICAL = List.of(10_000, 1_000, 100);

    private final Results results;
    private final List<String> machine;

    ScalePage(Results results, List<String> machine) {
        this.results = results;
        this.machine = machine;
    }

    /** The titles of series that the page has, and these results have not. */
    List<String> missing(Path docs) throws IOException {
        List<String> lines = Files.readAllLines(docs.resolve("scaling.md"));
        return Arrays.stream(Series.values())
                .filter(series -> results.of(series.id()).isEmpty() && lines.contains("### " + series.title()))
                .map(Series::title)
                .toList();
    }

    /**
     * @throws IOException if the page is not there, or has no place for what was measured; the message says so
     */
    void write(Path docs) throws IOException {
        Path page = docs.resolve("scaling.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(page + " has no place for what was measured, between " + BEGIN + " and " + END);
        }
        Path charts = Files.createDirectories(docs.resolve("scaling"));
        String measured = measured(charts);
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + "\n\n" + measured + text.substring(end));
    }

    private String measured(Path charts) throws IOException {
        StringBuilder text = new StringBuilder();
        machine.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append('\n');
        for (Series series : Series.values()) {
            Path chart = charts.resolve(series.id() + ".svg");
            if (results.of(series.id()).isEmpty()) {
                Files.deleteIfExists(chart);
            } else {
                section(text, series, chart);
            }
        }
        Spread efficiency = efficiency();
        Spread message = typical(Series.CONNECTIONS);
        Spread delivery = typical(Series.SUBSCRIBERS);
        Spread memory = typical(Series.MEMORY);
        if (!efficiency.isEmpty() && !message.isEmpty() && !delivery.isEmpty() && !memory.isEmpty()) {
            text.append(
                    new Nodes(message.median(), delivery.median(), Math.min(1, efficiency.median()), memory.median())
                            .markdown());
        }
        return text.toString();
    }

    /** How much two loops do of what one does twice: the processor time of one divided by that of two, within each round. */
    private Spread efficiency() {
        return results.ratio(Series.LOOPS.id(), Scale.name(1), Scale.name(2), Series.LOOPS.figure());
    }

    private Spread typical(Series series) {
        return TYPICAL.stream()
                .map(at -> spread(series, at, series.figure()))
                .filter(spread -> !spread.isEmpty())
                .findFirst()
                .orElse(new Spread());
    }

    private Spread spread(Series series, int at, String figure) {
        return results.spread(series.id(), Scale.name(at), figure);
    }

    private void section(StringBuilder text, Series series, Path file) throws IOException {
        boolean memory = series == Series.MEMORY;
        boolean bytes = series == Series.MESSAGE_SIZE;
        text.append("### ").append(series.title()).append("\n\n| ").append(series.size());
        text.append(" | ").append(series.unit()).append(" | × the first | ");
        text.append(memory ? "heap | resident, without the heap" : "a second | p50 µs | p99 µs");
        text.append(bytes ? " | ns for each byte |\n" : " |\n");
        text.append("|---".repeat(memory ? 5 : bytes ? 7 : 6)).append("|\n");
        SvgLineChart chart = new SvgLineChart(series.title() + " (" + series.unit() + ")", series.size(), bytes);
        List<String> failures = new ArrayList<>();
        double first = Double.NaN;
        boolean any = false;
        for (int at : series.sizes()) {
            String size = String.format(Locale.ROOT, "%,d", at);
            results.failures(series.id(), Scale.name(at), series.figure())
                    .forEach(failure -> failures.add("- " + size + ": " + failure + "\n"));
            Spread spread = spread(series, at, series.figure());
            if (spread.isEmpty()) {
                continue;
            }
            any = true;
            chart.point(at, spread);
            first = Double.isNaN(first) ? spread.median() : first;
            List<String> cells =
                    new ArrayList<>(List.of(size, withRange(spread), SvgBarChart.number(spread.median() / first)));
            for (String figure : memory ? List.of("heap", "resident") : List.of("rate", "p50", "p99")) {
                Spread other = spread(series, at, figure);
                cells.add(other.isEmpty() ? "–" : SvgBarChart.number(other.median()));
            }
            if (bytes) {
                cells.add(SvgBarChart.number(spread.median() * 1000 / at));
            }
            text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }
        text.append('\n');
        if (!failures.isEmpty()) {
            text.append("Not measured:\n\n").append(String.join("", failures)).append('\n');
        }
        if (any) {
            Files.writeString(file, chart.svg());
            text.append(String.format("![%s](scaling/%s)%n%n", series.title(), file.getFileName()));
        }
    }

    private static String withRange(Spread spread) {
        String median = SvgBarChart.number(spread.median());
        return spread.count() == 1
                ? median
                : median + " [" + SvgBarChart.number(spread.min()) + "–" + SvgBarChart.number(spread.max()) + "]";
    }
}
