package dev.bowline.verification.bench.compare;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** How a mistake in the call, or a failure, is told: one sentence on stderr. */
final class Complaint {
    private Complaint() {}

    /** The command line of a command, with complaints as said. */
    static CommandLine commandLine(Object command) {
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((mistake, arguments) -> usage(mistake))
                .setExecutionExceptionHandler((failure, line, parsed) -> failure(failure, line));
    }

    private static int usage(ParameterException mistake) {
        String message = String.valueOf(mistake.getMessage());
        CommandLine command = mistake.getCommandLine();
        command.getErr()
                .println(nameOf(command) + ": " + message.lines().findFirst().orElse("") + "; see " + nameOf(command)
                        + " --help.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failure(Exception failure, CommandLine command) {
        if (failure instanceof java.io.IOException) {
            command.getErr().println(nameOf(command) + ": " + failure.getMessage());
        } else {
            failure.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String nameOf(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }
}
