package dev.bowline.verification.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The figures of the codec's benchmarks as tables in Markdown, one for each benchmark, with a column for each codec. */
final class CodecTable {
    private static final String OURS = "bowline";

    private CodecTable() {}

    /**
     * What one benchmark of one codec said.
     *
     * @param benchmark the name of its method
     * @param parameters what was measured, in words, such as {@code 16 KiB}
     * @param nanos the time of one call
     * @param garbageBytes what one call allocates; negative if that was not measured
     */
    record Figure(String benchmark, String parameters, String codec, double nanos, double garbageBytes) {}

    static String markdown(List<Figure> figures) {
        Map<String, List<Figure>> benchmarks = new LinkedHashMap<>();
        figures.forEach(figure -> benchmarks
                .computeIfAbsent(figure.benchmark(), name -> new ArrayList<>())
                .add(figure));
        StringBuilder text = new StringBuilder();
        benchmarks.forEach((name, ofOne) -> table(name, ofOne, text));
        return text.toString();
    }

    private static void table(String benchmark, List<Figure> figures, StringBuilder text) {
        Set<String> codecs = new LinkedHashSet<>();
        Map<String, Map<String, Figure>> rows = new LinkedHashMap<>();
        for (Figure figure : figures) {
            codecs.add(figure.codec());
            rows.computeIfAbsent(figure.parameters(), parameters -> new LinkedHashMap<>())
                    .put(figure.codec(), figure);
        }
        text.append("### ").append(title(benchmark)).append("\n\n|  |");
        codecs.forEach(codec -> text.append(' ').append(heading(codec)).append(" |"));
        text.append("\n|---|").append("---|".repeat(codecs.size())).append('\n');
        rows.forEach((parameters, row) -> {
            text.append("| ").append(parameters).append(" |");
            codecs.forEach(codec ->
                    text.append(' ').append(cell(row.get(codec), row.get(OURS))).append(" |"));
            text.append('\n');
        });
        text.append('\n');
    }

    private static String cell(@Nullable Figure figure, @Nullable Figure ours) {
        if (figure == null) {
            return "–";
        }
        String cell = time(figure.nanos());
        if (ours != null && !figure.codec().equals(OURS)) {
            cell += " (" + significant(figure.nanos() / ours.nanos()) + " ×)";
        }
        // What is below a byte is the harness's own.
        return figure.garbageBytes() < 0
                ? cell
                : cell + String.format(Locale.ROOT, ", %,d B", (long) figure.garbageBytes());
    }

    private static String time(double nanos) {
        if (nanos < 1e3) {
            return significant(nanos) + " ns";
        }
        return nanos < 1e6 ? significant(nanos / 1e3) + " µs" : significant(nanos / 1e6) + " ms";
    }

    /** Three digits that count. */
    private static String significant(double value) {
        return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%,.0f", value);
    }

    private static String heading(String codec) {
        return switch (codec) {
            case OURS -> "**Bowline**";
            case "netty" -> "Netty";
            case "java-websocket" -> "Java-WebSocket";
            case "jdk-decoder" -> "JDK, `CharsetDecoder`";
            case "jdk-string" -> "JDK, `String`";
            case "bytewise" -> "byte by byte";
            default -> codec;
        };
    }

    private static String title(String benchmark) {
        return switch (benchmark) {
            case "parse" -> "Parse: a server takes 16 KiB of masked frames of 20 B, or one frame";
            case "serverFrame" -> "Frame: a server sends one message";
            case "clientFrame" -> "Frame and mask: a client sends one message";
            case "mask" -> "Mask alone";
            case "utf8" -> "UTF-8: validate one text";
            case "sendCompressed" -> "Deflate: a server sends one message of JSON";
            case "receiveCompressed" -> "Inflate: a server takes one message of JSON";
            default -> benchmark;
        };
    }

    /** A value of a benchmark's parameter in words. */
    static String words(String parameter, String value) {
        if (!parameter.equals("size")) {
            return Objects.equals(value, "heap") || Objects.equals(value, "direct") ? value + " memory" : value;
        }
        int bytes = Integer.parseInt(value);
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + " MiB";
        }
        return bytes >= 1024 && bytes % 1024 == 0 ? (bytes >> 10) + " KiB" : bytes + " B";
    }
}
