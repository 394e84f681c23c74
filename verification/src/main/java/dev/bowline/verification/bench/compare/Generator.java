package dev.bowline.verification.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The load generator, {@code bowline bench --json}, in a process of its own that serves one run after the other. It is started with
 * the first run, and again after one that went wrong. Used by one thread.
 */
final class Generator implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long END_SECONDS = 10;

    private final List<String> command;
    private @Nullable Running running;

    private record Running(Process process, BufferedReader out, BufferedWriter in) {}

    /**
     * @param cores those that it may use, as {@code taskset} takes them
     */
    Generator(Path java, String classPath, String cores) {
        command = List.of(
                "taskset",
                "-c",
                cores,
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx3g",
                "-cp",
                classPath,
                GeneratorMain.class.getName());
    }

    /** Whom to tell of what it says, while it runs. */
    interface Listener {
        void on(String event) throws IOException;
    }

    /**
     * Makes one run, to its end.
     *
     * @param hosts of the server, over which the connections are spread
     * @return its report
     * @throws IOException if it ends without one, or with errors; the message says which
     */
    JsonNode run(List<String> hosts, int port, long pid, List<String> options, Listener listener) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("bench"));
        hosts.forEach(host -> arguments.add("ws://" + host + ":" + port + "/"));
        arguments.addAll(List.of("--json", "--pid", Long.toString(pid)));
        arguments.addAll(options);
        JsonNode report;
        try {
            report = run(String.join(" ", arguments), listener);
        } catch (IOException | RuntimeException e) {
            close(); // what it still has to say belongs to no later run
            throw e;
        }
        requireNoErrors(report);
        return report;
    }

    private JsonNode run(String line, Listener listener) throws IOException {
        Running generator = running();
        try {
            generator.in().write(line + "\n");
            generator.in().flush();
        } catch (IOException e) {
            throw new IOException("the generator ended without a report", e);
        }
        JsonNode report = null;
        while (true) {
            String said = generator.out().readLine();
            if (said == null) {
                throw new IOException("the generator ended without a report");
            }
            JsonNode event = parsed(said);
            String name = event.path("event").asText();
            if (name.equals("ended")) {
                break;
            }
            listener.on(name);
            if (name.equals("report")) {
                report = event;
            }
        }
        if (report == null) {
            throw new IOException("the generator made no report");
        }
        return report;
    }

    private static JsonNode parsed(String said) throws IOException {
        try {
            return JSON.readTree(said);
        } catch (JsonProcessingException e) {
            throw new IOException("the generator said \"" + said + "\"", e);
        }
    }

    private Running running() throws IOException {
        Running now = running;
        if (now == null) {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            now = new Running(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
                    new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)));
            running = now;
        }
        return now;
    }

    private static void requireNoErrors(JsonNode report) throws IOException {
        List<String> errors = new ArrayList<>();
        report.path("errors").properties().forEach(error -> errors.add(error.getValue() + " × " + error.getKey()));
        if (!errors.isEmpty()) {
            throw new IOException(String.join("; ", errors));
        }
    }

    /** Ends the process. The next run starts another one. */
    @Override
    public void close() {
        Running now = running;
        running = null;
        if (now == null) {
            return;
        }
        now.process().destroyForcibly(); // it has nothing to lose
        try {
            now.process().waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
