package dev.bowline.verification.bench.nodes;

import java.util.List;
import java.util.Locale;

/** What a number of clients would need, computed from what was measured. */
final class Sizing {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double GIB = 1L << 30;

    /** What the kernel takes for a connection: docs/scaling.md says where that comes from. */
    private static final double KERNEL_BYTES = 3_700;

    private static final int CLIENTS_OF_A_NODE = 50_000;
    private static final int SUBSCRIPTIONS = 2; // of a client
    private static final int SUBSCRIBERS = 100; // of a topic
    private static final double MESSAGES_A_SECOND = 0.1; // to a client
    private static final double REQUESTS_A_SECOND = 1.0 / 60; // of a client
    private static final double RESUMES_A_SECOND = 1.0 / 3_600; // of a client
    private static final double SAFE_SHARE = 0.5; // of a core of Redis

    private static final List<Integer> CLIENTS = List.of(10_000, 100_000, 1_000_000);
    private static final List<Integer> NODES = List.of(2, 3, 10, 20, 50);

    private final Figures figures;
    private final DocumentedBytes bytes;
    private final double publishMicros; // of Redis, for a message that nobody gets
    private final double nodeMicros; // of Redis, for each node that gets it

    Sizing(Figures figures, DocumentedBytes bytes) {
        this.figures = figures;
        this.bytes = bytes;
        double[] line = line(figures.growth());
        publishMicros = line[0];
        nodeMicros = line[1];
    }

    /** The line that fits best: where it begins, and how it rises. */
    private static double[] line(List<Growth.Result> growth) {
        double meanX =
                growth.stream().mapToDouble(Growth.Result::nodes).average().orElseThrow();
        double meanY = growth.stream()
                .mapToDouble(one -> one.redisMicros().median())
                .average()
                .orElseThrow();
        double up = 0;
        double across = 0;
        for (Growth.Result one : growth) {
            up += (one.nodes() - meanX) * (one.redisMicros().median() - meanY);
            across += (one.nodes() - meanX) * (one.nodes() - meanX);
        }
        double rise = Math.max(0, up / across);
        return new double[] {meanY - rise * meanX, rise};
    }

    private double redisMicrosOfMessage(int nodes) {
        return publishMicros + nodeMicros * nodes;
    }

    /** Text for the page. */
    String text() {
        Requests.Result request = figures.requests(Mode.KEPT);
        double receiveMicros = figures.price(Mode.KEPT, Prices.PUBLISHED).nodeMicros() / 2;
        double deliveryMicros =
                figures.growth().get(figures.growth().size() - 1).nodeMicros().median();
        double resumeMicros = figures.price(Mode.KEPT, Prices.RESUMED).redisMicros();
        double idleMicros = figures.idle(Mode.KEPT).session().redisMicros() / 60;
        double redisBytes = figures.idle(Mode.KEPT).sessionBytes()
                + SUBSCRIPTIONS * figures.idle(Mode.KEPT).subscribedBytes() / Idle.SUBSCRIPTIONS;
        double nodeBytes = bytes.connection() + bytes.session() + SUBSCRIPTIONS * bytes.subscription() + KERNEL_BYTES;
        StringBuilder text = new StringBuilder("""
                ### Toward a million connections

                Computed, not measured. Each client has a session that is kept and two subscriptions, gets a message every 10 s from topics
                of 100 subscribers each, asks once a minute, and comes back once an hour. The formulas, for one second:

                """);
        text.append(format(
                "- processor of Redis = messages × (%.0f µs + %.1f µs × nodes) + requests × %.0f µs + resumes × %.0f µs + sessions × %.2f µs%n",
                publishMicros, nodeMicros, request.used().redisMicros(), resumeMicros, idleMicros));
        text.append(format(
                "- processor of the nodes = deliveries × %.1f µs + messages × nodes × %.0f µs + requests × %.0f µs%n",
                deliveryMicros, receiveMicros, request.used().nodeMicros()));
        text.append(format("- memory of Redis = sessions × %,.0f B, and the logs of the topics%n", redisBytes));
        text.append(format(
                "- memory of the nodes = sessions × %,.0f B, of which %,.0f B are the kernel's;"
                        + " from [Scaling](scaling.md) and [Sessions](sessions.md)%n%n",
                nodeBytes, KERNEL_BYTES));
        text.append("| clients | nodes | memory of a node, GiB | cores of all nodes | memory of Redis, GiB"
                + " | of a core of Redis |\n|---|---|---|---|---|---|\n");
        for (int clients : CLIENTS) {
            int nodes = Math.max(2, (clients + CLIENTS_OF_A_NODE - 1) / CLIENTS_OF_A_NODE);
            double deliveries = clients * MESSAGES_A_SECOND;
            double messages = deliveries / SUBSCRIBERS;
            double redis = messages * redisMicrosOfMessage(nodes)
                    + clients * REQUESTS_A_SECOND * request.used().redisMicros()
                    + clients * RESUMES_A_SECOND * resumeMicros
                    + clients * idleMicros;
            double cores = deliveries * deliveryMicros
                    + messages * nodes * receiveMicros
                    + clients * REQUESTS_A_SECOND * request.used().nodeMicros();
            text.append(format(
                    "| %,d | %d | %.2f | %.2f | %.2f | %.0f %% |%n",
                    clients,
                    nodes,
                    nodeBytes * clients / nodes / GIB,
                    cores / MICROS_PER_SECOND,
                    redisBytes * clients / GIB,
                    100 * redis / MICROS_PER_SECOND));
        }
        return text.append(ends(request)).toString();
    }

    private String ends(Requests.Result request) {
        StringBuilder text = new StringBuilder("""

                Redis uses one core. Where it is half busy, with nothing else to do, this is what it does in a second:

                | nodes that get each message | messages published | requests, sessions kept |
                |---|---|---|
                """);
        for (int nodes : NODES) {
            text.append(format(
                    "| %d | %,.0f | %,.0f |%n",
                    nodes,
                    SAFE_SHARE * MICROS_PER_SECOND / redisMicrosOfMessage(nodes),
                    SAFE_SHARE * MICROS_PER_SECOND / request.used().redisMicros()));
        }
        return text.toString();
    }

    private static String format(String what, Object... values) {
        return String.format(Locale.ROOT, what, values);
    }
}
