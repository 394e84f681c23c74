package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** {@code scripts/bench compare}, which says where everything is by system properties. */
public final class CompareMain {
    private CompareMain() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = 5;
        double seconds = 3;
        double warmUp = 6;
        List<Workload> workloads = List.of(Workload.values());
        String only = "";
        boolean measure = true;
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.substring(0, argument.length() - value.length())) {
                case "--rounds=" -> rounds = Integer.parseInt(value);
                case "--seconds=" -> seconds = Double.parseDouble(value);
                case "--warm-up=" -> warmUp = Double.parseDouble(value);
                case "--workloads=" ->
                    workloads = Arrays.stream(value.split(",", -1))
                            .map(Workload::of)
                            .toList();
                case "--contenders=" -> only = value.toLowerCase(Locale.ROOT);
                case "" -> {
                    if (!argument.equals("report")) {
                        throw new IllegalArgumentException("what is \"" + argument + "\"?");
                    }
                    measure = false;
                }
                default -> throw new IllegalArgumentException("there is no option \"" + argument + "\"");
            }
        }
        Path root = Path.of(property("bench.root"));
        Path java = Path.of(property("bench.java"));
        Results results = new Results(root.resolve("target/bench/results.jsonl"));
        if (measure) {
            List<Contender> contenders = new ArrayList<>(Contenders.all(
                    java,
                    property("bench.servers"),
                    root.resolve("verification/bench/npm"),
                    root.resolve("target/bench/floor")));
            List<String> wanted = List.of(only.split(",", -1));
            contenders.removeIf(contender -> !wanted.contains("")
                    && wanted.stream()
                            .noneMatch(name ->
                                    contender.name().toLowerCase(Locale.ROOT).startsWith(name)));
            Generator generator = new Generator(java, property("java.class.path"));
            new Comparison(generator, results, warmUp, seconds).run(workloads, contenders, rounds);
        }
        Path docs = root.resolve("docs");
        Files.createDirectories(docs.resolve("benchmarks"));
        new BenchmarksPage(results, Machine.describe(java)).write(docs);
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(
                    "system property " + name + " is missing; start it by scripts/bench compare");
        }
        return value;
    }
}
