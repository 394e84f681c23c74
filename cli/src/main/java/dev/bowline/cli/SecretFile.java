package dev.bowline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file with a key or a token, as an option names it. */
public final class SecretFile {
    private static final int MAX_BYTES = 64 * 1024;

    private SecretFile() {}

    /**
     * Its bytes.
     *
     * @param what is expected there, such as "key"
     */
    public static byte[] read(String what, Path file) throws CommandFailure {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new CommandFailure(file + " has more than " + MAX_BYTES + " bytes: it is no " + what + ".");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new CommandFailure("there is no file " + file + ".");
        } catch (IOException e) {
            throw new CommandFailure("could not read " + file + ": " + e.getMessage() + ".");
        }
    }
}
