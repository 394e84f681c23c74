package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code scripts/bench compare}. */
@Command(
        name = "scripts/bench compare",
        description =
                "Measures Bowline beside other servers, and writes docs/benchmarks.md from all that was measured.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "What the results file has is not measured again; what failed is. Idle connections are measured 3 times at most."
        })
public final class CompareMain implements Callable<Integer> {
    private static final Comparison.Plan PLAN = new Comparison.Plan(5, 5, 2);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(
            names = "--workloads",
            paramLabel = "NAME",
            split = ",",
            converter = WorkloadConverter.class,
            description = "Only these. Default: all.")
    private List<Workload> workloads = List.of();

    @Option(names = "--contenders", paramLabel = "NAME", split = ",", description = "Only these. Default: all.")
    private List<String> contenders = List.of();

    private final Place place;

    CompareMain(Place place) {
        this.place = place;
    }

    public static void main(String[] arguments) {
        System.exit(Complaint.commandLine(new CompareMain(Place.ofProperties())).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Comparison.Plan plan = options.plan(spec, PLAN);
        boolean measure = options.measure(spec);
        List<Contender> newest = wanted(place.contenders());
        List<Contender> java17 = wanted(place.contenders17());
        Results results =
                new Results(options.results(place, "results.jsonl"), notice -> BenchOptions.tell(spec, notice));
        if (measure) {
            Comparison comparison = new Comparison(
                    () -> new Generator(place.java(), place.generator(), "1"), results, plan, System.out);
            for (Workload workload : workloads.isEmpty() ? List.of(Workload.values()) : workloads) {
                List<Contender> those = workload.onJava17() ? java17 : newest;
                if (those.isEmpty()) {
                    BenchOptions.tell(spec, "without " + workload.id() + ", as there is no JDK 17 here");
                } else {
                    comparison.run(workload, those);
                }
            }
        }
        Path docs = options.docs(place);
        BenchmarksPage page = new BenchmarksPage(results, place.machineAndServers());
        return options.write(spec, results, docs.resolve("benchmarks.md"), page.missing(docs), () -> page.write(docs));
    }

    private List<Contender> wanted(List<Contender> all) {
        if (contenders.isEmpty() || all.isEmpty()) {
            return all;
        }
        List<String> ids = all.stream().map(Contender::id).toList();
        List<String> unknown = new ArrayList<>(contenders);
        unknown.removeAll(ids);
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no contender \"" + unknown.get(0) + "\" here, only " + String.join(", ", ids));
        }
        return all.stream()
                .filter(contender -> contenders.contains(contender.id()))
                .toList();
    }

    static final class WorkloadConverter implements ITypeConverter<Workload> {
        @Override
        public Workload convert(String value) {
            try {
                return Workload.of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
