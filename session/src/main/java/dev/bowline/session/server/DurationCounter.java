package dev.bowline.session.server;

import java.util.ArrayList;
import java.util.List;

/** Counts durations by how long they were. Touched on the node's thread alone. */
final class DurationCounter {
    /** In microseconds: from what memory takes to what nobody waits for. */
    private static final long[] BOUNDS_MICROS = {
        50,
        100,
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000
    };

    private static final long NANOS = 1_000;

    private final long[] counts = new long[BOUNDS_MICROS.length + 1]; // the last: above all bounds
    private long sumNanos;
    private long maxNanos;

    void record(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_MICROS.length && nanos > BOUNDS_MICROS[bucket] * NANOS) {
            bucket++;
        }
        counts[bucket]++;
        sumNanos += nanos;
        maxNanos = Math.max(maxNanos, nanos);
    }

    Histogram read() {
        List<Histogram.Bucket> buckets = new ArrayList<>(BOUNDS_MICROS.length);
        long upTo = 0;
        for (int i = 0; i < BOUNDS_MICROS.length; i++) {
            upTo += counts[i];
            buckets.add(new Histogram.Bucket(BOUNDS_MICROS[i] * NANOS, upTo));
        }
        return new Histogram(upTo + counts[BOUNDS_MICROS.length], sumNanos, maxNanos, buckets);
    }
}
