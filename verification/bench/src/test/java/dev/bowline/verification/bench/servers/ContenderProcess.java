package dev.bowline.verification.bench.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A running server of the comparison, and its console. Ended when closed. */
final class ContenderProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final String NO_MORE = "(its output has ended)";

    private final Process process;
    private final Path errors;
    private final Writer in;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    ContenderProcess(List<String> command) throws IOException {
        errors = Files.createTempFile("contender", ".err");
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "lines-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
            lines.add(NO_MORE);
        } catch (IOException e) {
            lines.add("cannot read what it says: " + e);
        }
    }

    private String line() throws InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return line != null ? line : "(nothing within " + PATIENCE_SECONDS + " s)";
    }

    /** Waits until it listens. */
    int port() throws InterruptedException {
        String line = line();
        assertThat(line)
                .as(() -> "the first line; on stderr stood: " + errors())
                .matches("listening [0-9]+");
        return Integer.parseInt(line.substring("listening ".length()));
    }

    /** What it answers to a line. */
    String ask(String command) throws IOException, InterruptedException {
        in.write(command + "\n");
        in.flush();
        return line();
    }

    void endInput() throws IOException {
        in.close();
    }

    /** Waits until it ends by itself. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return process.exitValue();
    }

    /** What it has said on stderr. */
    String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join(); // it has nothing to lose
        Files.delete(errors);
    }
}
