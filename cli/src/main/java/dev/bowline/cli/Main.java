package dev.bowline.cli;

import dev.bowline.cli.bench.BenchCommand;
import dev.bowline.cli.client.PublishCommand;
import dev.bowline.cli.client.SessionsCommand;
import dev.bowline.cli.client.SubscribeCommand;
import dev.bowline.cli.connect.ConnectCommand;
import dev.bowline.cli.serve.CheckConfigCommand;
import dev.bowline.cli.serve.InitCommand;
import dev.bowline.cli.serve.ServeCommand;
import dev.bowline.cli.token.TokenCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The program {@code bowline}.
 *
 * <p>Its exit code is 0 for success, 1 for what went wrong while it ran, 2 for a mistake in how it was called.
 */
@Command(
        name = "bowline",
        description = "WebSocket for Java that holds.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            InitCommand.class,
            CheckConfigCommand.class,
            TokenCommand.class,
            PublishCommand.class,
            SubscribeCommand.class,
            SessionsCommand.class,
            ConnectCommand.class,
            BenchCommand.class
        })
public final class Main implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public static void main(String[] args) {
        Logging.configure();
        System.exit(commandLine().execute(args));
    }

    /** The program's command line, for who runs it more than once in one JVM. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Complaints::aboutUsage)
                .setExecutionExceptionHandler(Complaints::aboutExecution);
    }

    /** Without a command there is nothing to do but to say which ones there are. */
    @Override
    public Integer call() {
        CommandLine program = spec.commandLine();
        program.usage(program.getErr(), Ansi.OFF); // whether stderr is a terminal, Java does not tell
        return CommandLine.ExitCode.USAGE;
    }
}
