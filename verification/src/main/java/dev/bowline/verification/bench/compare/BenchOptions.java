package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What the commands have in common: how often and how long to measure, and where results and page are. */
final class BenchOptions {
    private static final Comparison.Plan QUICK = new Comparison.Plan(1, 1, 1);
    private static final double MOST_SECONDS = 3600;
    private static final int MOST_ROUNDS = 1000;

    @Parameters(
            arity = "0..1",
            paramLabel = "report",
            description = "\"report\": measure nothing, and write the page again.")
    private @Nullable String what;

    @Option(names = "--rounds", paramLabel = "N", description = "How often. Default: 5, with scale 3.")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "How long each time. Default: 2.")
    private @Nullable Double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            description = "How long to load each server beforehand. Default: 5, with scale 4.")
    private @Nullable Double warmUp;

    @Option(
            names = "--quick",
            description =
                    "Try it out: one round of 1 s after 1 s, with results and page in target/bench/quick, unless told"
                            + " otherwise.")
    private boolean quick;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Where the results are kept. Default: a file in target/bench.")
    private @Nullable Path resultsFile;

    @Option(
            names = "--write",
            paramLabel = "DIR",
            description = "Where to write the page and its charts. Default: docs.")
    private @Nullable Path directory;

    @Option(
            names = "--overwrite",
            description = "Write the page though the one that is there shows more than was measured.")
    private boolean overwrite;

    /** Writes the page. */
    interface Writer {
        void write() throws IOException;
    }

    /** Whether to measure, and not only to report. */
    boolean measure(CommandSpec spec) {
        if (what != null && !what.equals("report")) {
            throw new ParameterException(
                    spec.commandLine(), "the argument is \"" + what + "\", but can only be \"report\"");
        }
        return what == null;
    }

    Comparison.Plan plan(CommandSpec spec, Comparison.Plan usual) {
        Comparison.Plan plan = quick ? QUICK : usual;
        return new Comparison.Plan(
                rounds == null ? plan.rounds() : (int) inRange(spec, "--rounds", rounds, 1, MOST_ROUNDS),
                warmUp == null ? plan.warmUp() : inRange(spec, "--warm-up", warmUp, 0, MOST_SECONDS),
                seconds == null ? plan.seconds() : inRange(spec, "--seconds", seconds, 0.1, MOST_SECONDS));
    }

    private static double inRange(CommandSpec spec, String option, Number value, double least, double most) {
        double number = value.doubleValue();
        if (number >= least && number <= most) {
            return number;
        }
        throw new ParameterException(
                spec.commandLine(), option + " is " + value + ", but must be " + plain(least) + " to " + plain(most));
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    Path results(Place place, String name) throws IOException {
        return place.results(resultsFile, quick ? "quick/" + name : name);
    }

    Path docs(Place place) {
        return directory != null ? directory : place.root().resolve(quick ? "target/bench/quick" : "docs");
    }

    /**
     * Writes the page, unless that would lose what it shows.
     *
     * @param missing what the page shows and the results have not
     * @return the exit code
     */
    int write(CommandSpec spec, Results results, Path page, List<String> missing, Writer writer) throws IOException {
        if (results.isEmpty()) {
            tell(spec, "nothing was measured so far, so there is no page to write");
            return ExitCode.SOFTWARE;
        }
        if (!missing.isEmpty() && !overwrite) {
            tell(
                    spec,
                    page + " is left as it is: it shows what these results have not: " + String.join("; ", missing)
                            + ". Measure that too, or write elsewhere by --write DIR, or give it up by --overwrite.");
            return ExitCode.SOFTWARE;
        }
        writer.write();
        tell(spec, "the page is " + page);
        return ExitCode.OK;
    }

    static void tell(CommandSpec spec, String notice) {
        spec.commandLine().getErr().println("bench: " + notice);
        spec.commandLine().getErr().flush();
    }
}
