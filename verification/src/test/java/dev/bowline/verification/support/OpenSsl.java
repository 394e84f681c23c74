package dev.bowline.verification.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command that most people make their keys and certificates with. It works in one directory. */
public final class OpenSsl {
    private static final long SECONDS = 60;

    private final Path directory;

    /** Ends the test with the reason if there is no such command. */
    public OpenSsl(Path directory) {
        this.directory = directory;
        try {
            run("", "version");
        } catch (IOException e) {
            throw Requirements.missing("openssl is missing");
        }
    }

    /** Runs it with these arguments, parted by spaces; it must succeed. Returns what it prints. */
    public String call(String arguments) {
        return call("", arguments);
    }

    /** As {@link #call(String)}, with something to read. */
    public String call(String input, String arguments) {
        try {
            return run(input, arguments);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String run(String input, String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        Path printed = Files.createTempFile(directory, "openssl", ".out");
        Path read = Files.writeString(Files.createTempFile(directory, "openssl", ".in"), input);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(read.toFile())
                .redirectOutput(printed.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        String output = Files.readString(printed, StandardCharsets.ISO_8859_1);
        if (process.exitValue() != 0) {
            throw new AssertionError(command + " ended with " + process.exitValue() + ": " + output);
        }
        return output;
    }
}
