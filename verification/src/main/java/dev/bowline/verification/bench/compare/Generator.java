package dev.bowline.verification.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The load generator, {@code bowline bench --json}, on the second processor. */
final class Generator {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path java;
    private final String classPath;

    Generator(Path java, String classPath) {
        this.java = java;
        this.classPath = classPath;
    }

    /** Whom to tell of what it says, while it runs. */
    interface Listener {
        void on(String event) throws IOException;
    }

    /**
     * Runs it to its end.
     *
     * @return its report
     * @throws IOException if it ends without one
     */
    JsonNode run(int port, long pid, List<String> options, Listener listener) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "taskset",
                "-c",
                "1",
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx2g",
                "-cp",
                classPath,
                "dev.bowline.cli.Main",
                "bench",
                "ws://127.0.0.1:" + port + "/",
                "--json",
                "--pid",
                Long.toString(pid)));
        command.addAll(options);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        JsonNode report = null;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = JSON.readTree(line);
                String name = event.path("event").asText();
                listener.on(name);
                if (name.equals("report")) {
                    report = event;
                }
            }
        } finally {
            process.destroy();
        }
        if (report == null) {
            throw new IOException("the generator ended without a report");
        }
        return report;
    }
}
