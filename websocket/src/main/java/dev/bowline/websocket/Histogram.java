package dev.bowline.websocket;

import java.util.ArrayList;
import java.util.List;

/**
 * How often something took how long, since it is counted. Immutable.
 *
 * @param count how often in all
 * @param sumNanos all of them together
 * @param maxNanos the longest; 0 before the first
 * @param buckets from the lowest bound to the highest; what took longer than that is in {@code count} alone
 */
public record Histogram(long count, long sumNanos, long maxNanos, List<Bucket> buckets) {
    /** Nothing yet. */
    public static final Histogram EMPTY = new Histogram(0, 0, 0, List.of());

    /**
     * Those up to a bound, the shorter ones too.
     *
     * @param upToNanos the bound, which belongs to it
     */
    public record Bucket(long upToNanos, long count) {}

    public Histogram {
        buckets = List.copyOf(buckets);
    }

    /**
     * Both taken together.
     *
     * @throws IllegalArgumentException if both have buckets, with other bounds
     */
    public Histogram plus(Histogram other) {
        if (buckets.isEmpty() || other.buckets.isEmpty()) {
            return new Histogram(
                    count + other.count,
                    sumNanos + other.sumNanos,
                    Math.max(maxNanos, other.maxNanos),
                    buckets.isEmpty() ? other.buckets : buckets);
        }
        if (buckets.size() != other.buckets.size()) {
            throw new IllegalArgumentException("the bounds of two histograms are not the same");
        }
        List<Bucket> both = new ArrayList<>(buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            Bucket one = buckets.get(i);
            Bucket two = other.buckets.get(i);
            if (one.upToNanos != two.upToNanos) {
                throw new IllegalArgumentException("the bounds of two histograms are not the same");
            }
            both.add(new Bucket(one.upToNanos, one.count + two.count));
        }
        return new Histogram(count + other.count, sumNanos + other.sumNanos, Math.max(maxNanos, other.maxNanos), both);
    }
}
