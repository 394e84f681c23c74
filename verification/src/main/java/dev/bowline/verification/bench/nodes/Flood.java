package dev.bowline.verification.bench.nodes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What a message costs Redis and the nodes that get it, when many are under way: one subscriber on each node, so deliveries count little. */
final class Flood {
    private static final int PATIENCE_SECONDS = 60;

    private Flood() {}

    /** With so many nodes; what one message used. */
    record Result(int nodes, Usage usage) {}

    static List<Result> measure(Installation on, int nodes, int messages) throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        Semaphore arrived = new Semaphore(0);
        try (Clients clients = new Clients()) {
            for (int count = 1; count <= nodes; count++) {
                for (int node = 0; node < count; node++) {
                    Clients.await(clients.connect(on.uri(node), "reader")
                            .subscribe(topic(count), (name, offset, payload) -> arrived.release())
                            .ready());
                }
            }
            on.learnIdle(2);
            publish(on, nodes, messages, arrived); // warms up
            for (int count = 1; count <= nodes; count++) {
                int nodesNow = count;
                Usage used = on.measure(() -> publish(on, nodesNow, messages, arrived));
                results.add(new Result(count, used.per(messages)));
            }
        }
        return results;
    }

    private static String topic(int nodes) {
        return "bench.flood." + nodes;
    }

    private static void publish(Installation on, int nodes, int messages, Semaphore arrived)
            throws IOException, InterruptedException {
        on.tell(0, "flood " + topic(nodes) + " " + messages);
        if (!arrived.tryAcquire(nodes * messages, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("a message has not come to all");
        }
    }
}
