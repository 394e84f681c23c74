package dev.bowline.verification.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures contenders under workloads, round after round, each round all of them in turn. */
final class Comparison {
    private final Generator generator;
    private final Results results;
    private final double warmUp;
    private final double seconds;

    Comparison(Generator generator, Results results, double warmUp, double seconds) {
        this.generator = generator;
        this.results = results;
        this.warmUp = warmUp;
        this.seconds = seconds;
    }

    /** What the results file has already is not measured again. */
    void run(List<Workload> workloads, List<Contender> contenders, int rounds) throws IOException {
        for (Workload workload : workloads) {
            for (int round = 1; round <= rounds; round++) {
                for (Contender contender : contenders) {
                    if (!results.has(workload, contender, round)) {
                        Measurement measured = measure(workload, contender, round);
                        results.add(measured);
                        System.out.printf(
                                "%s %d/%d %s: %s%n",
                                workload.id(),
                                round,
                                rounds,
                                contender.name(),
                                measured.failure() == null ? measured.figures() : measured.failure());
                    }
                }
            }
        }
    }

    private Measurement measure(Workload workload, Contender contender, int round) {
        boolean idle = workload == Workload.IDLE;
        // With a heap that is all there from the beginning, what the process grows by is native memory.
        List<String> javaOptions = idle ? List.of("-XX:+AlwaysPreTouch") : List.of();
        try (ServerProcess server = new ServerProcess(contender, workload.mode(), javaOptions)) {
            Map<String, Double> figures = idle ? idle(workload, server) : load(workload, server);
            return new Measurement(workload.id(), contender.name(), round, null, figures);
        } catch (IOException e) {
            return new Measurement(workload.id(), contender.name(), round, String.valueOf(e.getMessage()), Map.of());
        }
    }

    private Map<String, Double> load(Workload workload, ServerProcess server) throws IOException {
        List<String> options = workload.options();
        options.addAll(List.of("--warm-up", Double.toString(warmUp), "--duration", Double.toString(seconds)));
        long[] allocated = {-1, -1};
        JsonNode report = generator.run(server.port(), server.pid(), options, event -> {
            if (event.equals("measuring")) {
                allocated[0] = server.allocated();
            } else if (event.equals("measured")) {
                allocated[1] = server.allocated();
            }
        });
        requireNoErrors(report);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("cpu", report.path("serverCpuMicrosPerMessage").asDouble());
        figures.put("rate", report.path("messagesPerSecond").asDouble());
        for (String percentile : List.of("p50", "p99", "p999")) {
            figures.put(
                    percentile, report.path("latencyMicros").path(percentile).asDouble());
        }
        if (allocated[0] >= 0) {
            figures.put(
                    "garbage",
                    (allocated[1] - allocated[0]) / report.path("messages").asDouble());
        }
        return figures;
    }

    private static void requireNoErrors(JsonNode report) throws IOException {
        List<String> errors = new ArrayList<>();
        report.path("errors").properties().forEach(error -> errors.add(error.getValue() + " × " + error.getKey()));
        if (!errors.isEmpty()) {
            throw new IOException(String.join("; ", errors));
        }
    }

    private Map<String, Double> idle(Workload workload, ServerProcess server) throws IOException {
        // What the first connections bring about, such as compiled code, is not theirs.
        generator.run(
                server.port(),
                server.pid(),
                List.of("--handshakes", "--connections", "50", "--warm-up", "0", "--duration", "3"),
                event -> {});
        ServerProcess.Memory before = server.memory();
        ServerProcess.Memory[] during = new ServerProcess.Memory[1];
        List<String> options = workload.options();
        options.addAll(List.of("--warm-up", "0", "--duration", "4"));
        JsonNode report = generator.run(server.port(), server.pid(), options, event -> {
            if (event.equals("measuring")) {
                during[0] = server.memory();
            }
        });
        requireNoErrors(report);
        double connections = report.path("opened").asDouble();
        Map<String, Double> figures = new LinkedHashMap<>();
        if (before.heap() >= 0) {
            figures.put("heap", (during[0].heap() - before.heap()) / connections);
            figures.put("direct", (during[0].direct() - before.direct()) / connections);
        }
        figures.put("resident", (during[0].resident() - before.resident()) / connections);
        return figures;
    }
}
