package dev.bowline.websocket.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.websocket.Histogram;
import dev.bowline.websocket.Histogram.Bucket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationCounterTest {
    private final DurationCounter counter = new DurationCounter();

    private void record(Duration... durations) {
        for (Duration duration : durations) {
            counter.record(duration.toNanos());
        }
    }

    private long upTo(Duration bound) {
        return counter.read().buckets().stream()
                .filter(bucket -> bucket.upToNanos() == bound.toNanos())
                .mapToLong(Bucket::count)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void beginsWithNothing() {
        Histogram nothing = counter.read();
        assertThat(nothing.count()).isZero();
        assertThat(nothing.maxNanos()).isZero();
        assertThat(nothing.buckets()).isNotEmpty().allMatch(bucket -> bucket.count() == 0);
    }

    @Test
    void aBoundBelongsToItsBucketAndBucketsHoldTheShorterOnesToo() {
        record(Duration.ofMillis(1), Duration.ofMillis(1).plusNanos(1), Duration.ZERO);
        assertThat(upTo(Duration.ofNanos(500_000))).isEqualTo(1);
        assertThat(upTo(Duration.ofMillis(1))).isEqualTo(2);
        assertThat(upTo(Duration.ofNanos(2_500_000))).isEqualTo(3);
        assertThat(upTo(Duration.ofSeconds(10))).isEqualTo(3);
    }

    @Test
    void whatIsLongerThanTheLastBoundIsCountedAllTheSame() {
        record(Duration.ofMinutes(1), Duration.ofMillis(3));
        Histogram counted = counter.read();
        assertThat(upTo(Duration.ofSeconds(10))).isEqualTo(1);
        assertThat(counted.count()).isEqualTo(2);
        assertThat(counted.sumNanos())
                .isEqualTo(Duration.ofMinutes(1).plusMillis(3).toNanos());
        assertThat(counted.maxNanos()).isEqualTo(Duration.ofMinutes(1).toNanos());
    }
}
