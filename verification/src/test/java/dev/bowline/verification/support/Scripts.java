package dev.bowline.verification.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where scripts are, and what a command prints. */
final class Scripts {
    private static final long PATIENCE_SECONDS = 120; // packages may have to be installed

    private Scripts() {}

    /** A directory of this module, whether Maven or an editor runs the test. */
    static File directory(String inModule) {
        Path here = Path.of(inModule);
        return (Files.isDirectory(here) ? here : Path.of("verification").resolve(here)).toFile();
    }

    /** What a command prints; null if it cannot be run, fails or does not end. */
    static @Nullable String output(File directory, String... command) {
        try {
            File printed = File.createTempFile("bowline-", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .directory(directory)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .redirectOutput(printed)
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return null;
                }
                return process.exitValue() == 0 ? Files.readString(printed.toPath()) : null;
            } finally {
                Files.deleteIfExists(printed.toPath());
            }
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
