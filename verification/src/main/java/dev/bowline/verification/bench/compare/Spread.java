package dev.bowline.verification.bench.compare;

import java.util.Arrays;

/** A figure that was measured several times. */
public final class Spread {
    private final double[] sorted;

    public Spread(double... values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    boolean isEmpty() {
        return sorted.length == 0;
    }

    int count() {
        return sorted.length;
    }

    public double min() {
        return sorted[0];
    }

    public double max() {
        return sorted[sorted.length - 1];
    }

    /** The one in the middle, or the mean of the two that are. */
    public double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
