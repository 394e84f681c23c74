package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.matrix.Results.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tables of {@code docs/interoperability.md}, made from the files of {@link Results}. */
final class Page {
    /** In the order of the page. */
    static final List<String> PEERS = List.of(
            "Chromium",
            "ws",
            "undici",
            "python3-websockets",
            "java.net.http",
            "Java-WebSocket",
            "Jetty",
            "Netty",
            "Tyrus",
            "Undertow");

    private static final Path FILE = Results.inModule(Path.of("..", "docs", "interoperability.md"));
    private static final String BEGIN = "<!-- generated from here -->\n";
    private static final String END = "<!-- to here -->\n";
    private static final Pattern BITS = Pattern.compile("(?<=_window_bits=)\\d+");

    /** A line of a peer's table; windows that differ in nothing else share one. */
    private record Row(
            String role,
            String set,
            @Nullable Result plain,
            @Nullable Result tls) {
        Result shown() {
            return Objects.requireNonNull(plain != null ? plain : tls);
        }

        String pattern() {
            return BITS.matcher(toString()).replaceAll("N");
        }
    }

    private Page() {}

    static String read() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write() {
        try {
            Files.writeString(FILE, render(read()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page with the tables that the results give. */
    static String render(String page) {
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        StringBuilder tables = new StringBuilder("\n");
        List<Results> all = PEERS.stream().map(Results::of).toList();
        summary(tables, all);
        all.forEach(results -> details(tables, results));
        return page.substring(0, begin) + tables + page.substring(end);
    }

    private static void summary(StringBuilder out, List<Results> all) {
        out.append(
                "| | version | client, plain | client, TLS | server, plain | server, TLS |\n|---|---|---|---|---|---|\n");
        for (Results results : all) {
            out.append("| ").append(results.name()).append(" | ").append(results.version());
            for (String column : List.of("client | plain", "client | TLS", "server | plain", "server | TLS")) {
                List<Result> cells = results.cells().entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(column))
                        .map(Map.Entry::getValue)
                        .toList();
                long good = cells.stream().filter(Result::isGood).count();
                out.append(" | ").append(cells.isEmpty() ? "–" : good + " of " + cells.size());
            }
            out.append(" |\n");
        }
    }

    private static void details(StringBuilder out, Results results) {
        out.append("\n### ")
                .append(results.name())
                .append(" ")
                .append(results.version())
                .append("\n\n");
        results.notes().forEach(note -> out.append("- ").append(note).append('\n'));
        out.append(results.notes().isEmpty() ? "" : "\n");
        out.append("| it is | asks | agreed on | it sends | plain | TLS |\n|---|---|---|---|---|---|\n");
        List<Row> rows = rows(results);
        for (int from = 0, to; from < rows.size(); from = to) {
            Row first = rows.get(from);
            to = from + 1;
            while (to < rows.size() && rows.get(to).pattern().equals(first.pattern())) {
                to++;
            }
            line(out, first, rows.get(to - 1));
        }
    }

    private static List<Row> rows(Results results) {
        Map<String, Row> rows = new LinkedHashMap<>();
        results.cells().forEach((cell, result) -> {
            String[] fields = cell.split(" \\| ", 3);
            boolean tls = fields[1].equals("TLS");
            rows.merge(
                    fields[0] + fields[2],
                    new Row(fields[0], fields[2], tls ? null : result, tls ? result : null),
                    (plain, secure) -> new Row(plain.role(), plain.set(), plain.plain(), secure.tls()));
        });
        return new ArrayList<>(rows.values());
    }

    private static void line(StringBuilder out, Row first, Row last) {
        Result plain = first.plain();
        Result tls = first.tls();
        if (plain != null && tls != null && !plain.equals(tls)) {
            line(
                    out,
                    new Row(first.role(), first.set(), plain, null),
                    new Row(last.role(), last.set(), last.plain(), null));
            line(
                    out,
                    new Row(first.role(), first.set(), null, tls),
                    new Row(last.role(), last.set(), null, last.tls()));
            return;
        }
        out.append("| ")
                .append(String.join(
                        " | ",
                        first.role(),
                        range(first.set(), last.set()),
                        range(first.shown().agreed(), last.shown().agreed()),
                        first.shown().sends(),
                        mark(plain),
                        mark(tls)))
                .append(" |\n");
    }

    /** Two texts that differ in a number of bits, as one. */
    private static String range(String first, String last) {
        List<String> ends =
                BITS.matcher(last).results().map(match -> match.group()).toList();
        int[] next = {0};
        return BITS.matcher(first).replaceAll(match -> {
            String end = ends.get(next[0]++);
            return match.group().equals(end) ? end : match.group() + " to " + end;
        });
    }

    private static String mark(@Nullable Result result) {
        if (result == null) {
            return "–";
        }
        return result.isGood() ? "✓" : "✗";
    }
}
