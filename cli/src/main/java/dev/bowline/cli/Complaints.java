package dev.bowline.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How mistakes and failures are told: one sentence on stderr. */
final class Complaints {
    private Complaints() {}

    /** The program was called wrongly. */
    static int aboutUsage(ParameterException mistake, String[] args) {
        CommandLine command = mistake.getCommandLine();
        String what = mistake instanceof UnmatchedArgumentException unmatched
                ? aboutUnmatched(unmatched, command)
                : plain(mistake);
        complain(command, what + "; see " + nameOf(command) + " --help.");
        return CommandLine.ExitCode.USAGE;
    }

    /** The program was called rightly, but something went wrong. */
    static int aboutExecution(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof CommandFailure) {
            complain(command, String.valueOf(failure.getMessage()));
        } else {
            complain(command, "internal error, please report it: " + failure);
            failure.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void complain(CommandLine command, String sentence) {
        PrintWriter err = command.getErr();
        err.println(nameOf(command) + ": " + sentence); // no colour: whether stderr is a terminal, Java does not tell
        err.flush();
    }

    private static String nameOf(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    private static String aboutUnmatched(UnmatchedArgumentException mistake, CommandLine command) {
        String argument = mistake.getUnmatched().get(0);
        if (argument.startsWith("-")) {
            String options = command.getCommandSpec().options().stream()
                    .map(OptionSpec::longestName)
                    .collect(Collectors.joining(", "));
            return "there is no option " + argument + ", only " + options;
        }
        List<String> commands = List.copyOf(command.getSubcommands().keySet());
        return commands.isEmpty()
                ? "the argument \"" + argument + "\" is one too many"
                : "there is no command \"" + argument + "\", only " + String.join(", ", commands);
    }

    /** The first line of what picocli says, as the middle of a sentence; or what one of our converters says. */
    private static String plain(ParameterException mistake) {
        String message = String.valueOf(mistake.getMessage());
        if (mistake.getCause() instanceof TypeConversionException ours) {
            message = String.valueOf(ours.getMessage());
        }
        String line = message.lines().findFirst().orElse("");
        String open = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
        boolean word = open.length() > 1 && Character.isLowerCase(open.charAt(1)); // and not "URI" or "I"
        return word ? open.substring(0, 1).toLowerCase(Locale.ROOT) + open.substring(1) : open;
    }
}
