package dev.bowline.cli;

import dev.bowline.cli.config.ConfigurationException;
import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.config.Values;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The configuration of a server, for commands that want to know where it is, or what it takes. */
public final class ServerConfiguration {
    private static final String VARIABLE = "BOWLINE_CONFIG";

    private ServerConfiguration() {}

    /**
     * Reads it as {@code serve} does, with the environment.
     *
     * @throws CommandFailure for one that can't be served
     */
    public static Values read(Path file) throws CommandFailure {
        try {
            return ConfigurationReader.read(file, System.getenv(), new Options());
        } catch (ConfigurationException e) {
            throw new CommandFailure("the configuration can't be used:" + System.lineSeparator() + e.getMessage());
        }
    }

    /** The file that the environment names, for who is given none; null for none. */
    public static @Nullable Path ofEnvironment() {
        String file = System.getenv(VARIABLE);
        return file == null || file.isEmpty() ? null : Path.of(file);
    }
}
