package dev.bowline.verification.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Measures contenders under a workload, round after round, each round all of them in turn. Under load, a server serves all rounds:
 * it is started and warmed up once, and waits idle while others are measured. What the results file has already is not measured
 * again; what failed is.
 */
final class Comparison {
    /** The figures that say how a server was measured, in seconds. */
    static final String SECONDS = "seconds";

    static final String WARM_UP = "warmUp";

    private static final String HOST = "127.0.0.1";
    private static final String SERVER_CORE = "0";

    /** What the first messages of a run meet, such as connections that have just been opened, is not measured. */
    private static final String SETTLE_SECONDS = "0.3";

    /** A server that failed is started again for the next round; how many failures in a row are enough. */
    private static final int MOST_FAILURES = 2;

    /** Memory varies little, and each round takes long. */
    private static final int MOST_IDLE_ROUNDS = 3;

    private static final double IDLE_SECONDS = 2.5;
    private static final String FIRST_SECONDS = "3";

    /**
     * How long and how often to measure.
     *
     * @param rounds at least 1; idle connections are measured in 3 at most
     * @param warmUp of each server, in seconds
     * @param seconds of each measurement
     */
    record Plan(int rounds, double warmUp, double seconds) {}

    private final Supplier<Generator> generators;
    private final Results results;
    private final Plan plan;
    private final PrintStream out;

    Comparison(Supplier<Generator> generators, Results results, Plan plan, PrintStream out) {
        this.generators = generators;
        this.results = results;
        this.plan = plan;
        this.out = out;
    }

    /**
     * Measures what is missing of a workload.
     *
     * @throws IOException if the results can't be written; what goes wrong with a server is a result
     */
    void run(Workload workload, List<Contender> contenders) throws IOException {
        int rounds = workload.kind() == Workload.Kind.IDLE ? Math.min(plan.rounds(), MOST_IDLE_ROUNDS) : plan.rounds();
        List<Contender> due = contenders.stream()
                .filter(contender -> !isComplete(workload, contender, rounds))
                .toList();
        if (due.isEmpty()) {
            return;
        }
        // Of its own for each workload: what Java has compiled for one is not what serves another best.
        try (Generator generator = generators.get()) {
            Rounds measuring =
                    switch (workload.kind()) {
                        case LOAD -> new UnderLoad(workload, generator);
                        case IDLE -> contender -> idle(workload, contender, generator);
                        case STARTUP -> StartUp::measure;
                    };
            try (measuring) {
                run(workload, due, rounds, measuring);
            }
        }
    }

    private boolean isComplete(Workload workload, Contender contender, int rounds) {
        for (int round = 1; round <= rounds; round++) {
            if (!results.has(workload, contender, round)) {
                return false;
            }
        }
        return true;
    }

    /** How one contender is measured once. */
    private interface Rounds extends AutoCloseable {
        Map<String, Double> measure(Contender contender) throws IOException;

        @Override
        default void close() {}
    }

    private void run(Workload workload, List<Contender> due, int rounds, Rounds measuring) throws IOException {
        Map<Contender, Integer> failures = new HashMap<>(); // in a row
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : due) {
                if (results.has(workload, contender, round) || failures.getOrDefault(contender, 0) >= MOST_FAILURES) {
                    continue;
                }
                Measurement measured;
                try {
                    measured =
                            new Measurement(workload.id(), contender.name(), round, null, measuring.measure(contender));
                    failures.remove(contender);
                } catch (IOException e) {
                    measured = new Measurement(
                            workload.id(), contender.name(), round, String.valueOf(e.getMessage()), Map.of());
                    failures.merge(contender, 1, Integer::sum);
                }
                results.add(measured);
                out.printf(
                        "%s %d/%d %s: %s%n",
                        workload.id(),
                        round,
                        rounds,
                        contender.name(),
                        measured.failure() == null ? measured.figures() : measured.failure());
            }
        }
    }

    /** Servers that stay until the workload is done with. */
    private final class UnderLoad implements Rounds {
        private final Workload workload;
        private final Generator generator;
        private final Map<Contender, ServerProcess> servers = new HashMap<>();

        UnderLoad(Workload workload, Generator generator) {
            this.workload = workload;
            this.generator = generator;
        }

        @Override
        public Map<String, Double> measure(Contender contender) throws IOException {
            try {
                ServerProcess server = servers.get(contender);
                if (server == null) {
                    server = new ServerProcess(contender, workload.mode(), List.of(), SERVER_CORE);
                    servers.put(contender, server);
                    load(server, "0", warmUp());
                }
                Map<String, Double> figures = load(server, SETTLE_SECONDS, plan.seconds());
                figures.put(SECONDS, plan.seconds());
                figures.put(WARM_UP, warmUp());
                return figures;
            } catch (IOException e) {
                ServerProcess failed = servers.remove(contender);
                if (failed != null) {
                    failed.close();
                }
                throw e;
            }
        }

        /** A connection that opens runs more code than a message does, and less often: compiling it takes longer. */
        private double warmUp() {
            return workload == Workload.HANDSHAKE ? 3 * plan.warmUp() : plan.warmUp();
        }

        private Map<String, Double> load(ServerProcess server, String settle, double seconds) throws IOException {
            List<String> options = workload.options();
            options.addAll(List.of("--warm-up", settle, "--duration", Double.toString(seconds)));
            return Comparison.load(generator, List.of(HOST), server, options);
        }

        @Override
        public void close() {
            servers.values().forEach(ServerProcess::close);
        }
    }

    /** Makes one run, and tells {@code cpu}, {@code rate}, percentiles, and where the server knows it {@code garbage}. */
    static Map<String, Double> load(Generator generator, List<String> hosts, ServerProcess server, List<String> options)
            throws IOException {
        long[] allocated = {-1, -1};
        JsonNode report = generator.run(hosts, server.port(), server.pid(), options, event -> {
            if (event.equals("measuring")) {
                allocated[0] = server.allocated();
            } else if (event.equals("measured")) {
                allocated[1] = server.allocated();
            }
        });
        if (!report.path("serverCpuMicrosPerMessage").isNumber()) {
            throw new IOException("nothing came back while it was measured");
        }
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

    private static Map<String, Double> idle(Workload workload, Contender contender, Generator generator)
            throws IOException {
        // With a heap that is all there from the beginning, what the process grows by is native memory.
        try (ServerProcess server =
                new ServerProcess(contender, workload.mode(), List.of("-XX:+AlwaysPreTouch"), SERVER_CORE)) {
            return idle(generator, List.of(HOST), server, workload.options(), contender.heap());
        }
    }

    /** Opens connections, and tells what the server has grown by for each of them. */
    static Map<String, Double> idle(
            Generator generator, List<String> hosts, ServerProcess server, List<String> options, boolean java)
            throws IOException {
        // What the first connections bring about, such as compiled code, is not theirs.
        generator.run(
                hosts,
                server.port(),
                server.pid(),
                List.of("--handshakes", "--connections", "50", "--warm-up", "0", "--duration", FIRST_SECONDS),
                event -> {});
        ServerProcess.Memory before = server.memory();
        List<ServerProcess.Memory> during = new ArrayList<>();
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("--warm-up", "0", "--duration", Double.toString(IDLE_SECONDS)));
        JsonNode report = generator.run(hosts, server.port(), server.pid(), arguments, event -> {
            if (event.equals("measuring")) {
                long begin = System.nanoTime();
                during.add(server.memory());
                if (System.nanoTime() - begin > (IDLE_SECONDS - 0.5) * 1e9) {
                    throw new IOException("the server told its memory when the connections were about to end");
                }
            }
        });
        return perConnection(before, during.get(0), report.path("opened").asDouble(), java);
    }

    static Map<String, Double> perConnection(
            ServerProcess.Memory before, ServerProcess.Memory during, double connections, boolean java) {
        Map<String, Double> figures = new LinkedHashMap<>();
        if (before.heap() >= 0) {
            figures.put("heap", (during.heap() - before.heap()) / connections);
        }
        if (before.direct() >= 0) {
            figures.put("direct", (during.direct() - before.direct()) / connections);
        }
        double resident = (during.resident() - before.resident()) / connections;
        figures.put("resident", resident);
        figures.put("sum", java ? resident + figures.getOrDefault("heap", 0.0) : resident);
        return figures;
    }
}
