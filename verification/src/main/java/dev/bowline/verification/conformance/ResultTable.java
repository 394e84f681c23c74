package dev.bowline.verification.conformance;

import dev.bowline.verification.conformance.Setting.Subject;
import dev.bowline.verification.conformance.Suite.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The results that are expected, a line for each case and side:
 *
 * <pre>
 * 7.1.3    server  OK             CLEAN       1000
 * 7.13.1   server  INFORMATIONAL  CLEAN       1002  # RFC 6455 §7.4 does not define codes from 5000 on
 * </pre>
 *
 * <p>The columns are: case, side under test, behaviour, how it closed, and the code of its Close frame. What is not
 * {@code OK} and {@code CLEAN} needs a reason.
 */
final class ResultTable {
    private static final String RESOURCE = "results.txt";
    private static final String HEAD = """
            # What the conformance suite finds: case, side under test, behaviour, close, code of its Close frame.
            # Compared by ConformanceTest; written anew by ConformanceMain --write. See docs/conformance.md.
            """;

    private final Map<Key, Line> lines = new TreeMap<>();

    private record Key(String id, Subject subject) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Comparator.comparing(Key::id, Cases.BY_NUMBER)
                    .thenComparing(Key::subject)
                    .compare(this, other);
        }
    }

    /** @param text the line up to the reason */
    private record Line(String text, String reason) {}

    /** The table that is checked in. */
    static ResultTable checkedIn() {
        try (InputStream in = ResultTable.class.getResourceAsStream(RESOURCE)) {
            return in == null ? new ResultTable() : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ResultTable parse(String text) {
        ResultTable table = new ResultTable();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            String[] parts = line.split("#", 2);
            String[] words = parts[0].strip().split(" +", -1);
            Key key = new Key(words[0], Subject.valueOf(words[1].toUpperCase(Locale.ROOT)));
            Line value = new Line(parts[0].stripTrailing(), parts.length == 1 ? "" : parts[1].strip());
            if (table.lines.put(key, value) != null) {
                throw new IllegalArgumentException("two lines for " + key);
            }
        });
        return table;
    }

    /** Where the results differ from the table, and what the table lacks; for people. Empty if all is as expected. */
    List<String> differences(List<Result> results) {
        List<String> differences = new ArrayList<>();
        for (Result result : results) {
            Line expected = lines.get(key(result));
            if (expected == null || !expected.text.equals(text(result))) {
                differences.add("expected  " + (expected == null ? "no such case" : expected.text) + "\nfound     "
                        + text(result) + "\n  because "
                        + String.join("\n          ", result.verdict().why()));
            }
        }
        return differences;
    }

    /** The cases that have no line, the lines that have no case, and what is neither good nor has a reason. */
    List<String> gaps(List<Case> cases) {
        List<String> gaps = new ArrayList<>();
        Set<Key> unknown = new TreeSet<>(lines.keySet());
        for (Case played : cases) {
            for (Subject subject : Subject.values()) {
                Key key = new Key(played.id(), subject);
                if (!unknown.remove(key)) {
                    gaps.add(key + " has no line");
                }
            }
        }
        unknown.forEach(key -> gaps.add(key + " is no case"));
        lines.forEach((key, line) -> {
            if (line.reason.isEmpty() && !line.text.matches(".* OK +CLEAN +\\d+")) {
                gaps.add(key + ": no reason for " + line.text);
            }
        });
        return gaps;
    }

    /** The table with these results in place of what it had for them; reasons stay. */
    String with(List<Result> results) {
        Map<Key, Line> all = new TreeMap<>(lines);
        results.forEach(result ->
                all.merge(key(result), new Line(text(result), ""), (old, now) -> new Line(now.text, old.reason)));
        StringBuilder text = new StringBuilder(HEAD);
        all.values().forEach(line -> text.append(line.text)
                .append(line.reason.isEmpty() ? "" : "  # " + line.reason)
                .append('\n'));
        return text.toString();
    }

    private static Key key(Result result) {
        return new Key(result.id(), result.subject());
    }

    private static String text(Result result) {
        Verdict verdict = result.verdict();
        return String.format(
                Locale.ROOT,
                "%-7s  %-6s  %-13s  %-7s  %4d",
                result.id(),
                result.subject().name().toLowerCase(Locale.ROOT),
                verdict.behaviour(),
                verdict.close(),
                verdict.closeCode());
    }
}
