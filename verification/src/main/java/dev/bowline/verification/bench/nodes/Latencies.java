package dev.bowline.verification.bench.nodes;

import java.util.Arrays;

/** Times in microseconds. Safe from any thread. */
public final class Latencies {
    private static final double NANOS_PER_MICRO = 1_000;

    private double[] micros = new double[256];
    private int count;
    private boolean sorted;

    public synchronized void addNanos(long nanos) {
        if (count == micros.length) {
            micros = Arrays.copyOf(micros, count * 2);
        }
        micros[count++] = nanos / NANOS_PER_MICRO;
        sorted = false;
    }

    public synchronized int count() {
        return count;
    }

    synchronized void clear() {
        count = 0;
    }

    /**
     * The time that so many did not exceed.
     *
     * @param share more than 0, up to 1
     * @throws IllegalStateException if there are none
     */
    public synchronized double micros(double share) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        if (!sorted) {
            Arrays.sort(micros, 0, count);
            sorted = true;
        }
        return micros[Math.max(0, (int) Math.ceil(share * count) - 1)];
    }
}
