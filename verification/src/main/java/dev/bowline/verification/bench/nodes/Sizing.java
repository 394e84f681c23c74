package dev.bowline.verification.bench.nodes;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

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
    private final Line redis; // processor time for a message, by the nodes that get it
    private final Line nodes; // likewise, of all nodes

    Sizing(Figures figures, DocumentedBytes bytes) {
        this.figures = figures;
        this.bytes = bytes;
        redis = Line.of(figures.floods(), Usage::redisMicros);
        nodes = Line.of(figures.floods(), Usage::nodeMicros);
    }

    /** The line that fits best: where it begins, and how it rises. */
    private record Line(double begin, double rise) {
        static Line of(List<Flood.Result> floods, ToDoubleFunction<Usage> figure) {
            double meanX =
                    floods.stream().mapToDouble(Flood.Result::nodes).average().orElseThrow();
            double meanY = floods.stream()
                    .mapToDouble(one -> figure.applyAsDouble(one.usage()))
                    .average()
                    .orElseThrow();
            double up = 0;
            double across = 0;
            for (Flood.Result one : floods) {
                up += (one.nodes() - meanX) * (figure.applyAsDouble(one.usage()) - meanY);
                across += (one.nodes() - meanX) * (one.nodes() - meanX);
            }
            double rise = Math.max(0, up / across);
            return new Line(meanY - rise * meanX, rise);
        }

        double at(int nodes) {
            return begin + rise * nodes;
        }
    }

    /** Text for the page. */
    String text() {
        Requests.Result request = figures.requests(Mode.KEPT);
        double deliveryMicros =
                figures.growth().get(figures.growth().size() - 1).nodeMicros().median();
        double resumeMicros = figures.price(Mode.KEPT, Prices.RESUMED).redisMicros();
        double idleMicros = Math.max(0, figures.idle(Mode.KEPT).session().redisMicros() / 60);
        double redisBytes = figures.idle(Mode.KEPT).sessionBytes()
                + SUBSCRIPTIONS * figures.idle(Mode.KEPT).subscribedBytes() / Idle.SUBSCRIPTIONS;
        double nodeBytes = bytes.connection() + bytes.session() + SUBSCRIPTIONS * bytes.subscription() + KERNEL_BYTES;
        StringBuilder text = new StringBuilder("""
                ### Toward a million connections

                Computed, not measured. Each client has a session that is kept and two subscriptions, gets a message every 10 s from topics
                of 100 subscribers each, asks once a minute, and comes back once an hour. The formulas, for one second:

                """);
        text.append(format(
                "- processor of Redis = messages × (%.0f µs + %.1f µs × nodes) + requests × %.0f µs + resumes × %,.0f µs + sessions × %.2f µs%n",
                redis.begin, redis.rise, request.used().redisMicros(), resumeMicros, idleMicros));
        text.append(format(
                "- processor of the nodes = deliveries × %.1f µs + messages × (%.0f µs + %.1f µs × nodes) + requests × %.0f µs%n",
                deliveryMicros, nodes.begin, nodes.rise, request.used().nodeMicros()));
        text.append(format("- memory of Redis = sessions × %,.0f B, and the logs of the topics%n", redisBytes));
        text.append(format(
                "- memory of the nodes = sessions × %,.0f B, of which %,.0f B are the kernel's;"
                        + " from [Scaling](scaling.md) and [Sessions](sessions.md)%n%n",
                nodeBytes, KERNEL_BYTES));
        text.append("| clients | nodes | memory of a node, GiB | cores of all nodes | memory of Redis, GiB"
                + " | of a core of Redis |\n|---|---|---|---|---|---|\n");
        for (int clients : CLIENTS) {
            int count = Math.max(2, (clients + CLIENTS_OF_A_NODE - 1) / CLIENTS_OF_A_NODE);
            double deliveries = clients * MESSAGES_A_SECOND;
            double messages = deliveries / SUBSCRIBERS;
            double ofRedis = messages * redis.at(count)
                    + clients * REQUESTS_A_SECOND * request.used().redisMicros()
                    + clients * RESUMES_A_SECOND * resumeMicros
                    + clients * idleMicros;
            double cores = deliveries * deliveryMicros
                    + messages * nodes.at(count)
                    + clients * REQUESTS_A_SECOND * request.used().nodeMicros();
            text.append(format(
                    "| %,d | %d | %.2f | %.2f | %.2f | %.0f %% |%n",
                    clients,
                    count,
                    nodeBytes * clients / count / GIB,
                    cores / MICROS_PER_SECOND,
                    redisBytes * clients / GIB,
                    100 * ofRedis / MICROS_PER_SECOND));
        }
        return text.append(ends(request)).toString();
    }

    private String ends(Requests.Result request) {
        StringBuilder text = new StringBuilder("""

                Redis uses one core. Where it is half busy, with nothing else to do, this is what it does in a second:

                | nodes that get each message | messages published | requests, sessions kept |
                |---|---|---|
                """);
        for (int count : NODES) {
            text.append(format(
                    "| %d | %,.0f | %,.0f |%n",
                    count,
                    SAFE_SHARE * MICROS_PER_SECOND / redis.at(count),
                    SAFE_SHARE * MICROS_PER_SECOND / request.used().redisMicros()));
        }
        return text.toString();
    }

    private static String format(String what, Object... values) {
        return String.format(Locale.ROOT, what, values);
    }
}
