package dev.bowline.verification.support;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Another program that is spoken to in lines of UTF-8: what it says is handed to a consumer, on a thread of its own. Its
 * standard error is the test's. Closing it ends its standard input, on which it should exit; if it does not, it is killed.
 */
public final class LineProcess implements AutoCloseable {
    private static final long EXIT_SECONDS = 5;

    private final Process process;
    private final Writer input;
    private final Thread reader;

    private LineProcess(Process process, Consumer<String> lines) {
        this.process = process;
        this.input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.reader = new Thread(() -> read(lines), "lines-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    public static LineProcess start(File directory, Consumer<String> lines, List<String> command) {
        try {
            return new LineProcess(
                    new ProcessBuilder(command)
                            .directory(directory)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start(),
                    lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** Runs a main class of this test's class path in a JVM of its own, of the same JDK. */
    public static LineProcess java(
            Consumer<String> lines, List<String> jvmOptions, Class<?> main, String... arguments) {
        return java(lines, jvmOptions, main.getName(), arguments);
    }

    public static LineProcess java(
            Consumer<String> lines, List<String> jvmOptions, String mainClass, String... arguments) {
        return start(new File("."), lines, javaCommand(jvmOptions, mainClass, arguments));
    }

    /**
     * As {@link #java}, but started by a shell.
     *
     * @param script what the shell runs; the Java command stands for {@code "$@"} in it
     */
    public static LineProcess javaBy(
            String script, Consumer<String> lines, List<String> jvmOptions, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(javaCommand(jvmOptions, mainClass, arguments));
        return start(new File("."), lines, command);
    }

    private static List<String> javaCommand(List<String> jvmOptions, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(jvmOptions);
        command.add("--enable-native-access=ALL-UNNAMED"); // as the tests themselves have it
        command.add("-cp");
        command.add(classPath());
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    private static String classPath() {
        // Surefire may start its JVM with a jar that only names the class path; the path itself stands here then.
        String whole = System.getProperty("surefire.test.class.path");
        return whole != null ? whole : System.getProperty("java.class.path");
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            lines.accept("cannot read what it says: " + e);
        }
    }

    /** Says a line to the program. */
    public synchronized void say(String line) {
        try {
            input.write(line);
            input.write('\n');
            input.flush();
        } catch (IOException e) {
            throw new AssertionError("the program hears nothing more; alive: " + process.isAlive(), e);
        }
    }

    public Process process() {
        return process;
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            // It is gone already, which is what is wanted.
        }
        try {
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            reader.join(TimeUnit.SECONDS.toMillis(EXIT_SECONDS));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
