package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.Version;
import dev.bowline.cli.config.ConfigurationException;
import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.config.Values;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bowline check-config}: says what is wrong with a configuration, or what it sets. */
@Command(
        name = "check-config",
        description = {
            "Reads a configuration as serve does, with the BOWLINE_… variables of the environment, and says all that is wrong with"
                    + " it; or, if nothing is, what it sets and where.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Exit code: 0 it can be served, 1 it can't, 2 called wrongly."})
public final class CheckConfigCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "bowline.yaml",
            description = "The file. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws CommandFailure {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Values values = ConfigurationReader.read(file, System.getenv(), new Options());
            values.describe().forEach(out::println);
            out.println(file + " can be served.");
            return CommandLine.ExitCode.OK;
        } catch (ConfigurationException e) {
            throw new CommandFailure("the configuration can't be served:" + System.lineSeparator() + e.getMessage());
        }
    }
}
