package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.Version;
import dev.bowline.cli.config.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bowline init}: writes a configuration to begin with. */
@Command(
        name = "init",
        description = {
            "Writes a configuration to begin with: all settings with their meaning and defaults, and fresh keys for tokens, tickets"
                    + " and the API.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Exit code: 0 written, 1 it could not be, 2 called wrongly."})
public final class InitCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "bowline.yaml",
            description = "Where to write it. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(names = "--force", description = "Write over a file that is there, with other keys.")
    private boolean force;

    @Override
    public Integer call() throws CommandFailure {
        try {
            if (force) {
                Files.deleteIfExists(file); // so that the new one has the right permissions from the beginning
            }
            write(Template.fresh());
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    file + " is there already, and has keys that may be in use; --force writes over it.");
        } catch (IOException e) {
            throw new CommandFailure("can't write " + file + ": " + e.getMessage() + ".");
        }
        spec.commandLine().getOut().println("Wrote " + file + " with fresh keys. Next: bowline serve --config " + file);
        return CommandLine.ExitCode.OK;
    }

    /** There are keys in it: for its owner alone, where the file system can say so. */
    private void write(String text) throws IOException {
        boolean posix = Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, attributes)) {
            channel.write(StandardCharsets.UTF_8.encode(text));
        }
    }
}
