package dev.bowline.verification.bench.polling;

import dev.bowline.verification.bench.nodes.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * When changes happened, and when clients came to know of them. A client that learns of a version knows those before it too: who asks
 * now and then sees the last of several changes, and that does. Safe from any thread.
 */
final class Arrivals {
    private final List<Seen> users;
    private final Latencies latencies = new Latencies();
    private boolean measuring;
    private int measured; // changes

    Arrivals(int users) {
        this.users = IntStream.range(0, users).mapToObj(user -> new Seen()).toList();
    }

    /** Changes that happen from now on are measured, or no more; those that were are waited for in any case. */
    synchronized void measure(boolean on) {
        measuring = on;
    }

    /**
     * The next version of an order happens now.
     *
     * @throws IllegalStateException if it is not the next one
     */
    synchronized void changed(int order, long version, long nowNanos) {
        List<Change> changes = users.get(order).changes;
        if (version != Orders.FIRST_VERSION + 1 + changes.size()) {
            throw new IllegalStateException("version " + version + " of order " + order + " comes behind "
                    + (Orders.FIRST_VERSION + changes.size()));
        }
        changes.add(new Change(nowNanos, measuring));
        measured += measuring ? 1 : 0;
    }

    /** A client knows this version of its order now. */
    synchronized void arrived(int order, long version, long nowNanos) {
        Seen seen = users.get(order);
        for (; seen.version < version; seen.version++) {
            Change change = seen.changes.get((int) (seen.version - Orders.FIRST_VERSION));
            if (change.measured) {
                latencies.addNanos(nowNanos - change.atNanos);
            }
        }
    }

    /** How many changes are measured. */
    synchronized int changes() {
        return measured;
    }

    /** Whether their clients know of all of them. */
    synchronized boolean isComplete() {
        return latencies.count() == measured;
    }

    /** From a change to its client; of those that have arrived. */
    Latencies latencies() {
        return latencies;
    }

    private record Change(long atNanos, boolean measured) {}

    /** What there is of an order, and what its client knows of that. */
    private static final class Seen {
        private final List<Change> changes = new ArrayList<>();
        private long version = Orders.FIRST_VERSION;
    }
}
