package dev.bowline.verification.bench.polling;

import dev.bowline.verification.bench.compare.Machine;
import dev.bowline.verification.bench.polling.Way.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scripts/bench polling}: what it costs to tell pages of the same changes by polling, long polling and push. */
@Command(
        name = "polling",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Delivers the same changes by polling, long polling and push; fills in docs/from-polling-to-push.md.")
public final class PollingMain implements Callable<Integer> {
    private static final int MOST_USERS =
            1_500; // a process has 20,000 files on many systems, and each takes three of them, four times
    private static final double QUICK_SECONDS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(names = "--users", paramLabel = "N", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
    private int users;

    @Option(
            names = "--every",
            paramLabel = "S",
            defaultValue = "30",
            description = "Seconds between two changes for a user, in the mean. Default: ${DEFAULT-VALUE}.")
    private double every;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "120",
            description = "How long to measure. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "30",
            description = "How long to load the servers beforehand. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the moments of the changes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--quick",
            description = "Try it out: 100 users for 5 s after 5 s; the page is written to target/bench/docs.")
    private boolean quick;

    private PollingMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PollingMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(users >= 1 && users <= MOST_USERS, "--users must be 1 to " + MOST_USERS);
        require(every > 0 && seconds > 0 && warmUp >= 0, "--every and --seconds must be above 0");
        PollingTrial trial = quick
                ? new PollingTrial(100, every, QUICK_SECONDS, QUICK_SECONDS, seed)
                : new PollingTrial(users, every, warmUp, seconds, seed);
        spec.commandLine().getErr().printf("bench: this takes %.0f s and a few%n", trial.warmUp() + trial.seconds());
        List<Result> results = trial.run(PollingTrial.KINDS);
        List<String> machine = Machine.describe(Path.of(System.getProperty("java.home"), "bin", "java"));
        Path root = Path.of(System.getProperty("bench.root", "."));
        Path page = root.resolve(quick ? "target/bench/docs" : "docs").resolve("from-polling-to-push.md");
        System.out.print(PollingPage.text(machine, trial, results));
        PollingPage.write(page, machine, trial, results);
        return ExitCode.OK;
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), what);
        }
    }
}
