package dev.bowline.verification.bench.restart;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How often something happened in each tenth of a second since a moment. Not thread-safe. */
public final class Curve {
    static final int STEP_MILLIS = 100;

    private static final int STEPS_PER_SECOND = 1_000 / STEP_MILLIS;

    private long[] counts = new long[0];

    /**
     * It happened; what was before the moment does not count.
     *
     * @param millis since the moment
     */
    public void add(long millis) {
        if (millis >= 0) {
            int step = Math.toIntExact(millis / STEP_MILLIS);
            if (step >= counts.length) {
                counts = Arrays.copyOf(counts, Math.max(step + 1, 2 * counts.length));
            }
            counts[step]++;
        }
    }

    static Curve of(long[] counts) {
        Curve curve = new Curve();
        curve.counts = counts.clone();
        return curve;
    }

    void clear() {
        counts = new long[0];
    }

    /** Its counts, parted by spaces. */
    String toLine() {
        return Arrays.stream(counts()).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    /** For each tenth of a second, up to the last in which it happened. */
    long[] counts() {
        int end = counts.length;
        while (end > 0 && counts[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(counts, end);
    }

    public long total() {
        return Arrays.stream(counts).sum();
    }

    /** The most in a tenth of a second. */
    public long most() {
        return Arrays.stream(counts).max().orElse(0);
    }

    /** The most in a second, wherever it begins. */
    long mostInASecond() {
        long most = 0;
        long now = 0;
        for (int i = 0; i < counts.length; i++) {
            now += counts[i] - (i >= STEPS_PER_SECOND ? counts[i - STEPS_PER_SECOND] : 0);
            most = Math.max(most, now);
        }
        return most;
    }

    /** When a share of all had happened, in seconds: the end of that tenth. */
    public double secondsTo(double share) {
        long wanted = (long) Math.ceil(total() * share);
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i];
            if (sum >= wanted) {
                return (i + 1) * STEP_MILLIS / 1_000.0;
            }
        }
        return 0;
    }
}
