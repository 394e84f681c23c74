package dev.bowline.session.server;

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
    /**
     * Those up to a bound, the shorter ones too.
     *
     * @param upToNanos the bound, which belongs to it
     */
    public record Bucket(long upToNanos, long count) {}

    public Histogram {
        buckets = List.copyOf(buckets);
    }

    /** Both taken together; all that nodes count have the same bounds. */
    Histogram plus(Histogram other) {
        List<Bucket> both = new ArrayList<>(buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            both.add(new Bucket(buckets.get(i).upToNanos, buckets.get(i).count + other.buckets.get(i).count));
        }
        return new Histogram(count + other.count, sumNanos + other.sumNanos, Math.max(maxNanos, other.maxNanos), both);
    }
}
