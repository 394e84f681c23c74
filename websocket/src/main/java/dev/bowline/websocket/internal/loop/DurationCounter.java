package dev.bowline.websocket.internal.loop;

import dev.bowline.websocket.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Counts durations by how long they were. Written by one thread, read by any. */
final class DurationCounter {
    /** From what a turn takes that does one thing, to what a callback takes that should not run there. */
    private static final long[] BOUNDS_NANOS = {
        micros(50),
        micros(100),
        micros(250),
        micros(500),
        micros(1_000),
        micros(2_500),
        micros(5_000),
        micros(10_000),
        micros(25_000),
        micros(50_000),
        micros(100_000),
        micros(250_000),
        micros(500_000),
        micros(1_000_000),
        micros(2_500_000),
        micros(5_000_000),
        micros(10_000_000)
    };

    // Behind one number for each bound, and one for what is above them.
    private static final int SUM = BOUNDS_NANOS.length + 1;
    private static final int MAX = SUM + 1;

    private final Counters counters = new Counters(MAX + 1);

    private static long micros(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }

    /** Counts one; on the one thread. */
    void record(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) { // most are short
            bucket++;
        }
        counters.add(bucket, 1);
        counters.add(SUM, nanos);
        if (nanos > counters.get(MAX)) {
            counters.set(MAX, nanos);
        }
    }

    /** What was counted so far, for any thread. */
    Histogram read() {
        List<Histogram.Bucket> buckets = new ArrayList<>(BOUNDS_NANOS.length);
        long upTo = 0;
        for (int i = 0; i < BOUNDS_NANOS.length; i++) {
            upTo += counters.get(i);
            buckets.add(new Histogram.Bucket(BOUNDS_NANOS[i], upTo));
        }
        return new Histogram(upTo + counters.get(BOUNDS_NANOS.length), counters.get(SUM), counters.get(MAX), buckets);
    }
}
