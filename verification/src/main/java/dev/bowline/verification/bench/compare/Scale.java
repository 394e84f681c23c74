package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Measures Bowline at each size of a series, round after round, each round all sizes in turn. Each size has a server of its own, which
 * serves all rounds. What the results file has already is not measured again.
 */
final class Scale {
    private static final String SETTLE_SECONDS = "0.3";

    private final Function<String, Generator> generators;
    private final Contender bowline;
    private final Results results;
    private final Comparison.Plan plan;
    private final long mostFiles;
    private final PrintStream out;

    /**
     * @param generators makes one that uses the processors given
     * @param bowline whose arguments are replaced
     * @param mostFiles that a process may have open
     */
    Scale(
            Function<String, Generator> generators,
            Contender bowline,
            Results results,
            Comparison.Plan plan,
            long mostFiles,
            PrintStream out) {
        this.generators = generators;
        this.bowline = bowline;
        this.results = results;
        this.plan = plan;
        this.mostFiles = mostFiles;
        this.out = out;
    }

    /**
     * Measures what is missing of a series.
     *
     * @throws IOException if the results can't be written; what goes wrong with a server is a result
     */
    void run(Series series) throws IOException {
        Map<Integer, ServerProcess> servers = new LinkedHashMap<>();
        try (Generator generator = generators.apply(series.generatorCores())) {
            for (int round = 1; round <= plan.rounds(); round++) {
                for (int at : series.sizes()) {
                    if (!results.has(series.id(), name(at), round)) {
                        measure(series, at, round, servers, generator);
                    }
                }
            }
        } finally {
            servers.values().forEach(ServerProcess::close);
        }
    }

    static String name(int at) {
        return Integer.toString(at);
    }

    private void measure(Series series, int at, int round, Map<Integer, ServerProcess> servers, Generator generator)
            throws IOException {
        Measurement measured;
        try {
            measured = new Measurement(series.id(), name(at), round, null, figures(series, at, servers, generator));
        } catch (IOException e) {
            ServerProcess failed = servers.remove(at);
            if (failed != null) {
                failed.close();
            }
            measured = new Measurement(series.id(), name(at), round, String.valueOf(e.getMessage()), Map.of());
        }
        results.add(measured);
        out.printf(
                "%s %d/%d %d: %s%n",
                series.id(),
                round,
                plan.rounds(),
                at,
                measured.failure() == null ? measured.figures() : measured.failure());
    }

    private Map<String, Double> figures(Series series, int at, Map<Integer, ServerProcess> servers, Generator generator)
            throws IOException {
        String cannot = series.cannot(at, mostFiles);
        if (!cannot.isEmpty()) {
            throw new IOException(cannot);
        }
        List<String> hosts = series.hosts(at);
        List<String> options = new ArrayList<>(series.options(at));
        if (series == Series.MEMORY) { // which starts from a process that has held no connections yet
            try (ServerProcess server = start(series, at, hosts, List.of("-XX:+AlwaysPreTouch"))) {
                return Comparison.idle(generator, hosts, server, options, true);
            }
        }
        ServerProcess server = servers.get(at);
        if (server == null) {
            server = start(series, at, hosts, List.of());
            servers.put(at, server);
            Comparison.load(generator, hosts, server, withTimes(options, "0", plan.warmUp()));
        }
        return Comparison.load(generator, hosts, server, withTimes(options, SETTLE_SECONDS, plan.seconds()));
    }

    private ServerProcess start(Series series, int at, List<String> hosts, List<String> javaOptions)
            throws IOException {
        List<String> options = new ArrayList<>(javaOptions);
        if (hosts.size() > 1) {
            options.add("-Dbench.host=0.0.0.0"); // all of loopback's addresses are reached by this alone
        }
        Contender contender = new Contender(
                bowline.id(),
                bowline.name(),
                bowline.command(),
                series.arguments(at),
                bowline.heap(),
                bowline.cannot());
        return new ServerProcess(contender, series.mode(), options, series.serverCores());
    }

    private static List<String> withTimes(List<String> options, String settle, double seconds) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("--warm-up", settle, "--duration", Double.toString(seconds)));
        return all;
    }
}
