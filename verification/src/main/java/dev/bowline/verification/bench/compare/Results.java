package dev.bowline.verification.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The results file: one measurement a line, each written as soon as it is there. */
final class Results {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final List<Measurement> all = new ArrayList<>();

    /** Reads what is there. */
    Results(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                all.add(JSON.readValue(line, Measurement.class));
            }
        }
    }

    void add(Measurement measurement) throws IOException {
        all.add(measurement);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                JSON.writeValueAsString(measurement) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    boolean has(Workload workload, Contender contender, int round) {
        return all.stream()
                .anyMatch(one -> one.workload().equals(workload.id())
                        && one.contender().equals(contender.name())
                        && one.round() == round);
    }

    /** The contenders in the order in which they were first measured. */
    List<String> contenders() {
        return all.stream().map(Measurement::contender).distinct().toList();
    }

    boolean has(Workload workload) {
        return all.stream().anyMatch(one -> one.workload().equals(workload.id()));
    }

    /** A figure over the rounds; empty where there is none. */
    Spread spread(Workload workload, String contender, String figure) {
        return new Spread(all.stream()
                .filter(one -> one.workload().equals(workload.id())
                        && one.contender().equals(contender)
                        && one.figures().containsKey(figure))
                .mapToDouble(one -> one.figures().getOrDefault(figure, 0.0))
                .toArray());
    }

    /** Why a contender has no figures for a workload; empty where it has, or was not measured. */
    String failure(Workload workload, String contender) {
        return all.stream()
                .filter(one -> one.workload().equals(workload.id())
                        && one.contender().equals(contender)
                        && one.failure() != null)
                .map(one -> String.valueOf(one.failure()))
                .findFirst()
                .orElse("");
    }
}
