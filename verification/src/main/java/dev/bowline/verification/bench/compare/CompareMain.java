package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code scripts/bench compare}. */
@Command(
        name = "scripts/bench compare",
        description =
                "Measures Bowline beside other servers, and writes docs/benchmarks.md from all that was measured.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "What the results file has is not measured again; what failed is."})
public final class CompareMain implements Callable<Integer> {
    private static final int ROUNDS = 5;
    private static final double SECONDS = 2;
    private static final double WARM_UP = 5;
    private static final double MOST_SECONDS = 3600;
    private static final int MOST_ROUNDS = 1000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "report",
            description = "\"report\": measure nothing, and write the page again.")
    private @Nullable String what;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often. Default: 5; idle connections 3 times at most.")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "How long each time. Default: 2.")
    private @Nullable Double seconds;

    @Option(names = "--warm-up", paramLabel = "S", description = "How long to load each server beforehand. Default: 5.")
    private @Nullable Double warmUp;

    @Option(
            names = "--quick",
            description =
                    "Try it out: one round of 1 s after 1 s, with results and page in target/bench/quick, unless told"
                            + " otherwise.")
    private boolean quick;

    @Option(
            names = "--workloads",
            paramLabel = "NAME",
            split = ",",
            converter = WorkloadConverter.class,
            description = "Only these. Default: all.")
    private List<Workload> workloads = List.of();

    @Option(names = "--contenders", paramLabel = "NAME", split = ",", description = "Only these. Default: all.")
    private List<String> contenders = List.of();

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Where the results are kept. Default: target/bench/results.jsonl.")
    private @Nullable Path resultsFile;

    @Option(
            names = "--write",
            paramLabel = "DIR",
            description = "Where to write benchmarks.md and its charts. Default: docs.")
    private @Nullable Path directory;

    @Option(
            names = "--overwrite",
            description = "Write the page though the one that is there shows more workloads than were measured.")
    private boolean overwrite;

    private final Place place;

    CompareMain(Place place) {
        this.place = place;
    }

    public static void main(String[] arguments) {
        System.exit(Complaint.commandLine(new CompareMain(Place.ofProperties())).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Comparison.Plan plan = plan();
        boolean measure = what == null;
        if (what != null && !what.equals("report")) {
            throw calledWrongly("the argument is \"" + what + "\", but can only be \"report\"");
        }
        List<Contender> newest = wanted(place.contenders());
        List<Contender> java17 = newest.isEmpty() ? List.of() : wanted(place.contenders17());
        Results results =
                new Results(place.results(resultsFile, quick ? "quick/results.jsonl" : "results.jsonl"), this::tell);
        for (Workload workload : measure ? wanted() : List.<Workload>of()) {
            List<Contender> those = workload.onJava17() ? java17 : newest;
            if (those.isEmpty()) {
                tell("without " + workload.id() + ", as there is no JDK 17 here");
            } else {
                new Comparison(() -> new Generator(place.java(), place.generator(), "1"), results, plan, System.out)
                        .run(workload, those);
            }
        }
        return write(results);
    }

    private Comparison.Plan plan() {
        return new Comparison.Plan(
                rounds == null ? (quick ? 1 : ROUNDS) : (int) inRange("--rounds", rounds, 1, MOST_ROUNDS),
                warmUp == null ? (quick ? 1 : WARM_UP) : inRange("--warm-up", warmUp, 0, MOST_SECONDS),
                seconds == null ? (quick ? 1 : SECONDS) : inRange("--seconds", seconds, 0.1, MOST_SECONDS));
    }

    private double inRange(String option, Number value, double least, double most) {
        double number = value.doubleValue();
        if (number >= least && number <= most) {
            return number;
        }
        throw calledWrongly(option + " is " + value + ", but must be " + plain(least) + " to " + plain(most));
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private List<Workload> wanted() {
        return workloads.isEmpty() ? List.of(Workload.values()) : workloads;
    }

    private List<Contender> wanted(List<Contender> all) {
        if (contenders.isEmpty()) {
            return all;
        }
        List<String> ids = all.stream().map(Contender::id).toList();
        List<String> unknown = new ArrayList<>(contenders);
        unknown.removeAll(ids);
        if (!unknown.isEmpty() && !all.isEmpty()) {
            throw calledWrongly(
                    "there is no contender \"" + unknown.get(0) + "\" here, only " + String.join(", ", ids));
        }
        return all.stream()
                .filter(contender -> contenders.contains(contender.id()))
                .toList();
    }

    private Integer write(Results results) throws IOException {
        if (results.isEmpty()) {
            tell("nothing was measured so far, so there is no page to write");
            return CommandLine.ExitCode.SOFTWARE;
        }
        Path docs = directory != null ? directory : place.root().resolve(quick ? "target/bench/quick" : "docs");
        BenchmarksPage page = new BenchmarksPage(results, place.machine());
        List<String> missing = page.missing(docs);
        if (!missing.isEmpty() && !overwrite) {
            tell("the page in " + docs + " is left as it is: it shows what these results have not: "
                    + String.join("; ", missing)
                    + ". Measure that too, or write elsewhere by --write DIR, or give it up by --overwrite.");
            return CommandLine.ExitCode.SOFTWARE;
        }
        page.write(docs);
        tell("the page is " + docs.resolve("benchmarks.md"));
        return CommandLine.ExitCode.OK;
    }

    private void tell(String notice) {
        spec.commandLine().getErr().println("bench: " + notice);
        spec.commandLine().getErr().flush();
    }

    private ParameterException calledWrongly(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
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
