package dev.bowline.metrics;

import dev.bowline.websocket.Histogram;
import java.util.ArrayList;
import java.util.List;

/**
 * What servers and hubs tell of durations, in one form.
 *
 * @param boundsNanos from the lowest to the highest
 * @param counts of each bound, those that were at most so long
 */
record Durations(long count, long sumNanos, long maxNanos, List<Long> boundsNanos, List<Long> counts) {
    static Durations of(Histogram histogram) {
        List<Long> bounds = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        histogram.buckets().forEach(bucket -> {
            bounds.add(bucket.upToNanos());
            counts.add(bucket.count());
        });
        return new Durations(histogram.count(), histogram.sumNanos(), histogram.maxNanos(), bounds, counts);
    }

    static Durations of(dev.bowline.session.server.Histogram histogram) {
        List<Long> bounds = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        histogram.buckets().forEach(bucket -> {
            bounds.add(bucket.upToNanos());
            counts.add(bucket.count());
        });
        return new Durations(histogram.count(), histogram.sumNanos(), histogram.maxNanos(), bounds, counts);
    }
}
