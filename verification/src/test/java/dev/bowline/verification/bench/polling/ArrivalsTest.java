package dev.bowline.verification.bench.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals(2);

    @Test
    void takesTheTimeFromAChangeToItsClient() {
        arrivals.measure(true);
        arrivals.changed(0, 2, 1_000_000);
        arrivals.changed(1, 2, 2_000_000);
        assertThat(arrivals.isComplete()).isFalse();
        arrivals.arrived(1, 2, 2_500_000);
        arrivals.arrived(0, 2, 5_000_000);
        assertThat(arrivals.isComplete()).isTrue();
        assertThat(arrivals.latencies().micros(0.5)).isEqualTo(500);
        assertThat(arrivals.latencies().micros(1)).isEqualTo(4_000);
    }

    @Test
    void letsALaterVersionStandForThoseBeforeIt() {
        arrivals.measure(true);
        arrivals.changed(0, 2, 0);
        arrivals.changed(0, 3, 1_000_000);
        arrivals.arrived(0, 3, 3_000_000);
        arrivals.arrived(0, 3, 9_000_000); // it asked again
        assertThat(arrivals.isComplete()).isTrue();
        assertThat(arrivals.latencies().count()).isEqualTo(2);
        assertThat(arrivals.latencies().micros(0.5)).isEqualTo(2_000);
        assertThat(arrivals.latencies().micros(1)).isEqualTo(3_000);
    }

    @Test
    void leavesOutWhatHappenedWhileNothingWasMeasured() {
        arrivals.changed(0, 2, 0);
        arrivals.measure(true);
        arrivals.changed(0, 3, 1_000_000);
        arrivals.measure(false);
        arrivals.changed(0, 4, 2_000_000);
        arrivals.arrived(0, 4, 3_000_000);
        assertThat(arrivals.changes()).isEqualTo(1);
        assertThat(arrivals.latencies().count()).isEqualTo(1);
        assertThat(arrivals.latencies().micros(1)).isEqualTo(2_000);
    }

    @Test
    void refusesAVersionThatIsNotTheNext() {
        assertThatThrownBy(() -> arrivals.changed(0, 3, 0)).isInstanceOf(IllegalStateException.class);
    }
}
