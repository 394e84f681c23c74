package dev.bowline.verification.bench.polling;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * When which order changes: at random, independent of each other, so that the times between are exponential (a Poisson process). The same for
 * the same seed.
 */
record Schedule(List<Change> changes) {
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * One of them.
     *
     * @param atNanos since the beginning
     * @param version of the order from then on
     */
    record Change(long atNanos, int order, long version) {}

    Schedule {
        changes = List.copyOf(changes);
    }

    /**
     * @param orders how many there are
     * @param every the mean of seconds between two changes of one order
     * @param seconds how long it goes on
     */
    static Schedule of(int orders, double every, double seconds, long seed) {
        Random random = new Random(seed);
        long[] versions = new long[orders];
        List<Change> changes = new ArrayList<>();
        for (double at = wait(random, every / orders); at < seconds; at += wait(random, every / orders)) {
            int order = random.nextInt(orders);
            versions[order]++;
            changes.add(new Change((long) (at * NANOS_PER_SECOND), order, Orders.FIRST_VERSION + versions[order]));
        }
        return new Schedule(changes);
    }

    private static double wait(Random random, double mean) {
        return -Math.log(1 - random.nextDouble()) * mean;
    }
}
