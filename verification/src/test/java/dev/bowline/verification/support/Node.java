package dev.bowline.verification.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the scripts in {@code src/test/node}, and installs their packages where that was not done yet. */
public final class Node {
    private static final int OLDEST_RELEASE = 20;
    private static final long INSTALL_SECONDS = 120;

    /** Why node cannot be used; null if it can. Found out once. */
    private static @Nullable String missing;

    private static boolean examined;

    private Node() {}

    /** Starts a script; ends the test with the reason if there is no node or no packages. */
    public static LineProcess start(Consumer<String> lines, String script, String... arguments) {
        String reason = missing();
        if (reason != null) {
            throw Requirements.missing(reason);
        }
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return LineProcess.start(directory(), lines, command);
    }

    private static File directory() {
        Path here = Path.of("src/test/node");
        return (Files.isDirectory(here) ? here : Path.of("verification").resolve(here)).toFile();
    }

    private static synchronized @Nullable String missing() {
        if (!examined) {
            examined = true;
            missing = examine();
        }
        return missing;
    }

    private static @Nullable String examine() {
        String version = output("node", "--version");
        if (version == null) {
            return "Node.js is missing";
        }
        if (Integer.parseInt(version.strip().substring(1).split("\\.", 2)[0]) < OLDEST_RELEASE) {
            return "Node.js is " + version.strip() + ", and the peers need " + OLDEST_RELEASE + " or later";
        }
        Path installed = directory().toPath().resolve("node_modules");
        if (!Files.isDirectory(installed)
                && output("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent") == null) {
            return "the node packages of verification/src/test/node could not be installed";
        }
        return null;
    }

    /** What a command prints; null if it cannot be run, fails or does not end. */
    private static @Nullable String output(String... command) {
        try {
            File printed = File.createTempFile("bowline-", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .directory(directory())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .redirectOutput(printed)
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
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
