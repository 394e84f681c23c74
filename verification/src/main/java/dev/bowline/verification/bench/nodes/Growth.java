package dev.bowline.verification.bench.nodes;

import dev.bowline.realtime.SessionClient;
import dev.bowline.verification.bench.compare.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What a message to a topic costs as nodes are added, each with as many subscribers: one message at a time. */
final class Growth {
    static final int SUBSCRIBERS = 200; // of a node

    private static final int WARM_UP_ROUNDS = 2;
    private static final int PATIENCE_SECONDS = 30;

    private Growth() {}

    /**
     * With so many nodes.
     *
     * @param nodeMicros processor time of all nodes for each delivery
     * @param redisMicros processor time of Redis for each message published
     * @param deliveries in a second
     */
    record Result(int nodes, Spread nodeMicros, Spread redisMicros, Spread deliveries) {}

    private static final class Series {
        private final int nodes;
        private final List<Double> nodeMicros = new ArrayList<>();
        private final List<Double> redisMicros = new ArrayList<>();
        private final List<Double> deliveries = new ArrayList<>();

        Series(int nodes) {
            this.nodes = nodes;
        }

        String topic() {
            return "bench.growth." + nodes;
        }

        Result result() {
            return new Result(nodes, spread(nodeMicros), spread(redisMicros), spread(deliveries));
        }

        private static Spread spread(List<Double> values) {
            return new Spread(values.stream().mapToDouble(one -> one).toArray());
        }
    }

    /** @param rounds of each number of nodes; interleaved, so that what else the machine does meets all */
    static List<Result> measure(Installation on, int nodes, int rounds, int messages)
            throws IOException, InterruptedException {
        Semaphore arrived = new Semaphore(0);
        List<Series> all = new ArrayList<>();
        try (Clients clients = new Clients()) {
            for (int count = 1; count <= nodes; count++) {
                Series series = new Series(count);
                all.add(series);
                for (int node = 0; node < count; node++) {
                    subscribe(clients, on, node, series.topic(), arrived);
                }
            }
            on.learnIdle(3);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                for (Series series : all) {
                    Usage used = on.measure(() -> publish(on, series, messages, arrived));
                    double deliveries = (double) messages * series.nodes * SUBSCRIBERS;
                    if (round >= 0) {
                        series.nodeMicros.add(used.nodeMicros() / deliveries);
                        series.redisMicros.add(used.redisMicros() / messages);
                        series.deliveries.add(deliveries / used.seconds());
                    }
                }
            }
        }
        return all.stream().map(Series::result).toList();
    }

    private static void subscribe(Clients clients, Installation on, int node, String topic, Semaphore arrived) {
        List<CompletionStage<Void>> ready = new ArrayList<>();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            SessionClient client = clients.connect(on.uri(node), "reader-" + i);
            ready.add(client.subscribe(topic, (name, offset, payload) -> arrived.release())
                    .ready());
        }
        ready.forEach(Clients::await);
    }

    /** By the application, on the first node. */
    private static void publish(Installation on, Series series, int messages, Semaphore arrived)
            throws IOException, InterruptedException {
        for (int i = 0; i < messages; i++) {
            on.tell(0, "publish " + series.topic() + " 1");
            if (!arrived.tryAcquire(series.nodes * SUBSCRIBERS, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("a message has not come to all");
            }
        }
    }
}
