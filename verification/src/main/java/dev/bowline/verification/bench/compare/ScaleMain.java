package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code scripts/bench scale}. */
@Command(
        name = "scripts/bench scale",
        description = "Measures how Bowline's cost for a unit of work goes with size, and fills in docs/scaling.md.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "What the results file has is not measured again; what failed is."})
public final class ScaleMain implements Callable<Integer> {
    private static final Comparison.Plan PLAN = new Comparison.Plan(3, 4, 2);
    private static final String LIMIT = "Max open files";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(
            names = "--series",
            paramLabel = "NAME",
            split = ",",
            converter = SeriesConverter.class,
            description = "Only these. Default: all.")
    private List<Series> series = List.of();

    private final Place place;

    ScaleMain(Place place) {
        this.place = place;
    }

    public static void main(String[] arguments) {
        System.exit(Complaint.commandLine(new ScaleMain(Place.ofProperties())).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Comparison.Plan plan = options.plan(spec, PLAN);
        boolean measure = options.measure(spec);
        Results results = new Results(options.results(place, "scale.jsonl"), notice -> BenchOptions.tell(spec, notice));
        if (measure) {
            Contender bowline = place.contenders().stream()
                    .filter(contender -> contender.name().equals(Contender.BOWLINE))
                    .findFirst()
                    .orElseThrow();
            Scale scale = new Scale(
                    cores -> new Generator(place.java(), place.generator(), cores),
                    bowline,
                    results,
                    plan,
                    mostFiles(Files.readAllLines(Path.of("/proc/self/limits"))),
                    System.out);
            for (Series one : series.isEmpty() ? List.of(Series.values()) : series) {
                scale.run(one);
            }
        }
        return write(results);
    }

    /** How many files a process may open: the hard limit, to which Java raises its own. */
    static long mostFiles(List<String> limits) throws IOException {
        for (String line : limits) {
            if (line.startsWith(LIMIT)) {
                String hard = line.substring(LIMIT.length()).strip().split(" +", -1)[1];
                return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
            }
        }
        throw new IOException("the operating system does not tell how many files a process may open");
    }

    private Integer write(Results results) throws IOException {
        Path docs = options.docs(place);
        Path page = docs.resolve("scaling.md");
        if (!Files.exists(page)) { // elsewhere than where the prose is
            Files.createDirectories(docs);
            Files.writeString(page, "# Scaling\n\n" + ScalePage.BEGIN + "\n" + ScalePage.END + "\n");
        }
        ScalePage scale = new ScalePage(results, place.machine());
        return options.write(spec, results, page, scale.missing(docs), () -> scale.write(docs));
    }

    static final class SeriesConverter implements ITypeConverter<Series> {
        @Override
        public Series convert(String value) {
            try {
                return Series.of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
