package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurationCounterTest {
    private static final long MILLI = 1_000_000;

    private final DurationCounter counter = new DurationCounter();

    private long upTo(long nanos) {
        return counter.read().buckets().stream()
                .filter(bucket -> bucket.upToNanos() == nanos)
                .mapToLong(Histogram.Bucket::count)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBoundBelongsToItsBucketAndBucketsHoldTheShorterOnesToo() {
        counter.record(MILLI);
        counter.record(MILLI + 1);
        counter.record(0);
        assertThat(upTo(MILLI / 2)).isEqualTo(1);
        assertThat(upTo(MILLI)).isEqualTo(2);
        assertThat(upTo(5 * MILLI)).isEqualTo(3);
    }

    @Test
    void whatIsLongerThanTheLastBoundIsCountedAllTheSame() {
        counter.record(60_000 * MILLI);
        assertThat(upTo(10_000 * MILLI)).isZero();
        assertThat(counter.read().count()).isEqualTo(1);
        assertThat(counter.read().sumNanos()).isEqualTo(60_000 * MILLI);
        assertThat(counter.read().maxNanos()).isEqualTo(60_000 * MILLI);
    }

    @Test
    void twoAreTakenTogetherBucketByBucket() {
        counter.record(MILLI);
        DurationCounter other = new DurationCounter();
        other.record(2 * MILLI);
        Histogram both = counter.read().plus(other.read());
        other.record(MILLI);
        counter.record(2 * MILLI);
        assertThat(both.count()).isEqualTo(2);
        assertThat(both.sumNanos()).isEqualTo(3 * MILLI);
        assertThat(both.maxNanos()).isEqualTo(2 * MILLI);
        assertThat(both).isEqualTo(counter.read());
    }
}
