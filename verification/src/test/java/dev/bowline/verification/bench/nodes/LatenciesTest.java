package dev.bowline.verification.bench.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class LatenciesTest {
    @Test
    void tellsWhatAShareDidNotExceed() {
        Latencies latencies = new Latencies();
        for (int micros = 1_000; micros >= 1; micros--) {
            latencies.addNanos(micros * 1_000L);
        }
        assertThat(latencies.count()).isEqualTo(1_000);
        assertThat(latencies.micros(0.5)).isEqualTo(500);
        assertThat(latencies.micros(0.99)).isEqualTo(990);
        assertThat(latencies.micros(1)).isEqualTo(1_000);
    }

    @Test
    void whatComesLaterCountsToo() {
        Latencies latencies = new Latencies();
        latencies.addNanos(5_000);
        assertThat(latencies.micros(1)).isEqualTo(5);
        latencies.addNanos(1_000);
        assertThat(latencies.micros(0.5)).isEqualTo(1);
        latencies.clear();
        assertThatThrownBy(() -> latencies.micros(1)).isInstanceOf(IllegalStateException.class);
    }
}
