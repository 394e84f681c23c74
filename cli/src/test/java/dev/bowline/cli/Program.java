package dev.bowline.cli;

import dev.bowline.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as a process of its own, on the class path of the tests. Every wait is bounded. */
public final class Program implements AutoCloseable {
    /** A JVM that starts while the machine is busy takes its time. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern READY = Pattern.compile("Bowline ready on ws(s?)://.*:(\\d+)/ and http\\1://.*:\\2/");

    private final Process process;
    private final Lines out;
    private final Lines err;

    private Program(Process process) {
        this.process = process;
        this.out = new Lines(process.getInputStream());
        this.err = new Lines(process.getErrorStream());
    }

    public static Program start(String... arguments) {
        return startWith(Map.of(), arguments);
    }

    /** With these variables in its environment, beside those that the tests have; but of the program's own these alone. */
    public static Program startWith(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("os.name", "").equals("Linux")) {
            // A script that ran the tests in the background would have made them ignore SIGINT, and the program too.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.add(ProcessHandle.current().info().command().orElse("java"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED"); // as the launcher does
        }
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1", // starts faster
                "-cp",
                System.getProperty("java.class.path", ""),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("BOWLINE_")); // they would be settings
        builder.environment().putAll(environment);
        try {
            return new Program(builder.start());
        } catch (IOException e) {
            throw new AssertionError("can't start " + command, e);
        }
    }

    /** {@code serve} on a free port, ready. */
    public static Program serve(String... arguments) {
        List<String> all = new ArrayList<>(List.of("serve", "--no-api"));
        if (!List.of(arguments).contains("--port")) {
            all.addAll(List.of("--port", "0"));
        }
        all.addAll(List.of(arguments));
        return start(all.toArray(String[]::new));
    }

    /** The port in the line that says that it is ready. */
    public int port() {
        String line = out.take();
        Matcher ready = READY.matcher(line);
        if (!ready.matches()) {
            throw new AssertionError("expected the line that says it is ready, but came " + line);
        }
        return Integer.parseInt(ready.group(2));
    }

    /** The number of its process. */
    public long pid() {
        return process.pid();
    }

    /** Writes to its stdin. */
    public Program type(String text) {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    public Program typeBytes(int... bytes) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length);
        for (int b : bytes) {
            all.put((byte) b);
        }
        return write(all.array());
    }

    private Program write(byte[] bytes) {
        try {
            OutputStream in = process.getOutputStream();
            in.write(bytes);
            in.flush();
            return this;
        } catch (IOException e) {
            throw new AssertionError("the program reads no more; its stderr: " + err.all(), e);
        }
    }

    public Program endOfInput() {
        try {
            process.getOutputStream().close();
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The next line of its stdout. */
    public String outLine() {
        return out.take();
    }

    /** Waits for a line in its stderr that contains this, and returns it. */
    public String errLine(String part) {
        Await.until("a line with \"" + part + "\" in " + err.all(), PATIENCE, () -> err.all().stream()
                .anyMatch(line -> line.contains(part)));
        return err.all().stream()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElseThrow();
    }

    /** Sends it a signal: {@code TERM}, {@code INT} … */
    public void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " ended with " + code);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public int exitCode() {
        return exitCode(PATIENCE);
    }

    public int exitCode(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "still running after " + atMost + "; its stdout: " + out.all() + ", its stderr: " + err.all());
            }
            out.awaitEnd();
            err.awaitEnd();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All lines of its stdout so far; after {@link #exitCode}, all there are. */
    public List<String> out() {
        return out.all();
    }

    /** As {@link #out}, of its stderr. */
    public List<String> err() {
        return err.all();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
    }

    /** Collects the lines of a stream in a thread of its own. */
    private static final class Lines {
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final BlockingQueue<String> next = new LinkedBlockingQueue<>();
        private final Thread reader;

        Lines(InputStream stream) {
            reader = new Thread(
                    () -> {
                        try (BufferedReader lines =
                                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                                all.add(line);
                                next.add(line);
                            }
                        } catch (IOException e) {
                            all.add("<" + e + ">");
                        }
                    },
                    "program-output");
            reader.setDaemon(true);
            reader.start();
        }

        String take() {
            try {
                String line = next.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (line == null) {
                    throw new AssertionError("no line came within " + PATIENCE + " after " + all);
                }
                return line;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        List<String> all() {
            return List.copyOf(all);
        }

        void awaitEnd() throws InterruptedException {
            reader.join(PATIENCE.toMillis());
        }
    }
}
