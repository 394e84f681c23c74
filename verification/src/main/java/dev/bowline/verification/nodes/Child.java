package dev.bowline.verification.nodes;

import dev.bowline.testkit.Orphans;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process of the proof's own, which says lines. Safe from any thread; its lines are told by a thread of its own, in order. */
final class Child implements AutoCloseable {
    private static final long END_SECONDS = 40; // longer than draining may take

    private final Process process;
    private final Thread reader;
    private final Writer input;

    private Child(Process process, Consumer<String> lines) {
        this.process = process;
        Orphans.begun(process);
        input = process.outputWriter(StandardCharsets.UTF_8);
        reader = new Thread(() -> read(lines), "lines-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it.
     *
     * @param errors where its standard error goes
     * @param lines is told what it says
     */
    static Child start(List<String> command, Path errors, Consumer<String> lines) {
        try {
            return new Child(
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                            .start(),
                    lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    /** Starts a main class of this class path in a JVM of its own, of the same JDK. */
    static Child java(
            List<String> options, Class<?> main, Path errors, Consumer<String> lines, List<String> arguments) {
        // Surefire may start its JVM with a jar that only names the class path; the path itself stands here then.
        String whole = System.getProperty("surefire.test.class.path");
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(options);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                whole != null ? whole : System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        return start(command, errors, lines);
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what process " + process.pid() + " says", e);
        }
    }

    /** Says a line to it. */
    synchronized void say(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("process " + process.pid() + " hears nothing more", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal, such as {@code STOP}. */
    void signal(String name) {
        try {
            int result = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (result != 0) {
                throw new IllegalStateException("process " + process.pid() + " can't be sent SIG" + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a signal is sent", e);
        }
    }

    /** Ends it as SIGKILL does. All that it has said was told when this returns. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Waits until it has ended by itself, after {@code TERM}; kills it if that takes too long, and says so. */
    void awaitEnd() {
        try {
            boolean ended = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            Orphans.ended(process);
            reader.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            if (!ended) {
                throw new IllegalStateException("process " + process.pid() + " did not end in time");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
