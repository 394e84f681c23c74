package dev.bowline.verification.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The results file: one measurement a line, each written as soon as it is there. A later line replaces an earlier one of the same
 * workload, contender and round, so that what failed can be measured again. Used by one thread.
 */
final class Results {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Key(String workload, String contender, int round) {}

    private final Path file;
    private final Map<Key, Measurement> all = new LinkedHashMap<>();

    /**
     * Reads what is there. A last line that was cut short, as by a machine that went down, is taken out of the file.
     *
     * @param notices is told of that
     * @throws IOException if another line can't be read; the message says which
     */
    Results(Path file, Consumer<String> notices) throws IOException {
        this.file = file;
        if (!Files.exists(file)) {
            return;
        }
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            try {
                put(JSON.readValue(lines.get(i), Measurement.class));
            } catch (JsonProcessingException e) {
                if (i < lines.size() - 1) {
                    throw new IOException("line " + (i + 1) + " of " + file + " is no measurement: " + lines.get(i), e);
                }
                notices.accept("the last line of " + file + " was cut short, and is dropped: " + lines.get(i));
                lines.remove(i);
            }
        }
        rewriteUnlessWhole(lines);
    }

    /** What is added begins a new line. */
    private void rewriteUnlessWhole(List<String> lines) throws IOException {
        byte[] whole = (String.join("\n", lines) + (lines.isEmpty() ? "" : "\n")).getBytes(StandardCharsets.UTF_8);
        if (Files.size(file) != whole.length) {
            Files.write(file, whole);
        }
    }

    private void put(Measurement measurement) {
        all.put(new Key(measurement.workload(), measurement.contender(), measurement.round()), measurement);
    }

    void add(Measurement measurement) throws IOException {
        put(measurement);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                JSON.writeValueAsString(measurement) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Whether there are figures; a failure is none. */
    boolean has(Workload workload, Contender contender, int round) {
        return has(workload.id(), contender.name(), round);
    }

    /** The same for what is no {@link Workload}. */
    boolean has(String workload, String contender, int round) {
        Measurement measurement = all.get(new Key(workload, contender, round));
        return measurement != null && measurement.failure() == null;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Collection<Measurement> of(String workload) {
        return all.values().stream()
                .filter(one -> one.workload().equals(workload))
                .toList();
    }

    /** The contenders in the order in which they were first measured. */
    List<String> contenders() {
        return all.values().stream().map(Measurement::contender).distinct().toList();
    }

    boolean has(Workload workload) {
        return !of(workload.id()).isEmpty();
    }

    /** In how many rounds a workload was measured. */
    int rounds(Workload workload) {
        return rounds(workload.id());
    }

    private int rounds(String workload) {
        return of(workload).stream().mapToInt(Measurement::round).max().orElse(0);
    }

    private OptionalDouble figure(String workload, String contender, int round, String figure) {
        Measurement measurement = all.get(new Key(workload, contender, round));
        Double value = measurement == null ? null : measurement.figures().get(figure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** A figure over the rounds; empty where there is none. */
    Spread spread(Workload workload, String contender, String figure) {
        return spread(workload.id(), contender, figure);
    }

    /** A figure over the rounds of what is no {@link Workload}; empty where there is none. */
    Spread spread(String workload, String contender, String figure) {
        return new Spread(IntStream.rangeClosed(1, rounds(workload))
                .mapToObj(round -> figure(workload, contender, round, figure))
                .flatMapToDouble(OptionalDouble::stream)
                .toArray());
    }

    /** One contender's figure divided by another's of the same round, over the rounds that both have. */
    Spread ratio(Workload workload, String contender, String to, String figure) {
        return ratio(workload.id(), contender, to, figure);
    }

    /** The same for what is no {@link Workload}. */
    Spread ratio(String workload, String contender, String to, String figure) {
        return new Spread(IntStream.rangeClosed(1, rounds(workload))
                .filter(round -> figure(workload, to, round, figure).orElse(0) > 0)
                .mapToObj(round -> {
                    double base = figure(workload, to, round, figure).orElseThrow();
                    OptionalDouble value = figure(workload, contender, round, figure);
                    return value.isPresent() ? OptionalDouble.of(value.getAsDouble() / base) : value;
                })
                .flatMapToDouble(OptionalDouble::stream)
                .toArray());
    }

    /** Sentences about the measurements of a contender that failed, and were not made again since. */
    List<String> failures(Workload workload, String contender) {
        return failures(workload.id(), contender, workload.figure());
    }

    /** The same for what is no {@link Workload}. */
    List<String> failures(String workload, String contender, String figure) {
        List<Measurement> failed = of(workload).stream()
                .filter(one -> one.contender().equals(contender) && one.failure() != null)
                .toList();
        boolean none = spread(workload, contender, figure).isEmpty();
        if (none && !failed.isEmpty()) {
            return List.of(String.valueOf(failed.get(0).failure()));
        }
        List<String> sentences = new ArrayList<>();
        failed.forEach(one -> sentences.add("round " + one.round() + " failed: " + one.failure()));
        return sentences;
    }
}
