package dev.bowline.verification.bench.http;

import dev.bowline.verification.bench.MeasuredPart;
import dev.bowline.verification.bench.compare.Machine;
import dev.bowline.verification.bench.compare.Spread;
import dev.bowline.verification.bench.restart.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code scripts/bench http-api}: how many messages a second go to a topic by the HTTP API, one in a request and many, over one connection and
 * more, and what each takes of the server's processor time; beside a session over a WebSocket, and a program in the process of the hub.
 * Rounds are interleaved; medians, with the least and the most. Fills in {@code docs/http-api.md}.
 */
public final class HttpApiMain {
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 2_000_000_000L;
    private static final long WARM_UP_NANOS = 2_000_000_000L;
    private static final List<Integer> CONNECTIONS = List.of(1, 8, 64);

    private final Child node;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Row> rows = new ArrayList<>();

    private HttpApiMain(Child node) {
        this.node = node;
    }

    private interface Way {
        Publisher open(long[] ports) throws IOException;
    }

    /**
     * What was published, and what it took.
     *
     * @param cpuNanos of the server
     */
    private record Sample(long messages, long nanos, long cpuNanos) {}

    /**
     * One line of the table.
     *
     * @param connections 0 in the process of the hub
     */
    private record Row(String name, int connections, List<Publisher> publishers, List<Sample> samples) {
        Spread perSecond() {
            return new Spread(samples.stream()
                    .mapToDouble(one -> one.messages * 1e9 / one.nanos)
                    .toArray());
        }

        Spread microsEach() {
            return new Spread(samples.stream()
                    .mapToDouble(one -> one.cpuNanos / 1e3 / one.messages)
                    .toArray());
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        try (Child node = new Child(ApiNodeMain.class)) {
            HttpApiMain bench = new HttpApiMain(node);
            bench.measure();
            String text = bench.page();
            System.out.print(text);
            Path page = Path.of(System.getProperty("bench.root", "."), "docs", "http-api.md");
            if (Files.exists(page)) {
                MeasuredPart.of(page, "measured").fill(text);
            }
        }
    }

    private void measure() throws IOException, InterruptedException, ExecutionException {
        int many = ApiNodeMain.MANY;
        rows.add(new Row("in the process of the hub", 0, List.of(), new ArrayList<>()));
        add("session, up to " + many + " on their way", ports -> new SocketPublisher((int) ports[0], many));
        add("session, one after another", ports -> new SocketPublisher((int) ports[0], 1));
        add("HTTP, " + many + " in a request", ports -> new HttpPublisher((int) ports[1], many));
        add("HTTP, one in a request", ports -> new HttpPublisher((int) ports[1], 1));
        long before = node.ask("published")[0];
        long all = 0;
        for (int round = -1; round < ROUNDS; round++) {
            for (Row row : rows) {
                Sample sample = sample(row, round < 0 ? WARM_UP_NANOS : ROUND_NANOS);
                all += sample.messages;
                if (round >= 0) { // before that it warms up
                    row.samples.add(sample);
                }
            }
        }
        long there = node.ask("published")[0] - before - 1;
        if (there != all) {
            throw new IllegalStateException(all + " messages were published, but there are " + there);
        }
        for (Row row : rows) {
            for (Publisher publisher : row.publishers) {
                publisher.close();
            }
        }
        threads.shutdown();
    }

    private void add(String name, Way way) throws IOException {
        for (int connections : CONNECTIONS) {
            List<Publisher> publishers = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                publishers.add(way.open(node.greeting()));
            }
            rows.add(new Row(name, connections, publishers, new ArrayList<>()));
        }
    }

    private Sample sample(Row row, long nanos) throws IOException, InterruptedException, ExecutionException {
        long cpu = node.ask("cpu")[0];
        long began = System.nanoTime();
        long messages = 0;
        if (row.connections == 0) {
            messages = node.ask("publish " + nanos)[0];
        } else {
            List<Future<Long>> all = new ArrayList<>();
            for (Publisher publisher : row.publishers) {
                all.add(threads.submit(() -> publisher.publishUntil(began + nanos)));
            }
            for (Future<Long> one : all) {
                messages += one.get();
            }
        }
        long took = System.nanoTime() - began;
        return new Sample(messages, took, node.ask("cpu")[0] - cpu);
    }

    private String page() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : Machine.describe(Path.of(System.getProperty("java.home"), "bin", "java"))) {
            text.append("- ").append(line).append('\n');
        }
        text.append("- Server and clients share these cores. Medians of ")
                .append(ROUNDS)
                .append(" rounds of ")
                .append(ROUND_NANOS / 1_000_000_000L)
                .append(" s, with the least and the most\n\n")
                .append(
                        "| | connections | messages a second | server’s processor time for each, µs | beside a session |\n")
                .append("|---|---|---|---|---|\n");
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %.2f |%n",
                    row.name,
                    row.connections == 0 ? "–" : Integer.toString(row.connections),
                    show("%,.0f", row.perSecond()),
                    show("%.1f", row.microsEach()),
                    row.microsEach().median() / session(row.connections)));
        }
        return text.toString();
    }

    /** What a message takes over sessions one after another, over as many connections. */
    private double session(int connections) {
        return rows.stream()
                .filter(row -> row.name.endsWith("another") && row.connections == Math.max(1, connections))
                .mapToDouble(row -> row.microsEach().median())
                .findFirst()
                .orElseThrow();
    }

    private static String show(String format, Spread spread) {
        return String.format(
                Locale.ROOT, format + " [" + format + "–" + format + "]", spread.median(), spread.min(), spread.max());
    }
}
