package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.websocket.Histogram.Bucket;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private static final Histogram ONE = new Histogram(3, 60, 40, List.of(new Bucket(10, 1), new Bucket(20, 2)));

    @Test
    void twoAreTakenTogetherBucketByBucket() {
        Histogram two = new Histogram(2, 100, 90, List.of(new Bucket(10, 1), new Bucket(20, 1)));
        assertThat(ONE.plus(two))
                .isEqualTo(new Histogram(5, 160, 90, List.of(new Bucket(10, 2), new Bucket(20, 3))))
                .isEqualTo(two.plus(ONE));
    }

    @Test
    void nothingAddsNothing() {
        assertThat(ONE.plus(Histogram.EMPTY)).isEqualTo(ONE);
        assertThat(Histogram.EMPTY.plus(ONE)).isEqualTo(ONE);
    }

    @Test
    void otherBoundsAreNotAdded() {
        Histogram fewer = new Histogram(1, 1, 1, List.of(new Bucket(10, 1)));
        Histogram wider = new Histogram(1, 1, 1, List.of(new Bucket(10, 1), new Bucket(30, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> ONE.plus(fewer));
        assertThatIllegalArgumentException().isThrownBy(() -> ONE.plus(wider));
    }
}
