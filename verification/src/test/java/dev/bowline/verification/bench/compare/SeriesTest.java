package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeriesTest {
    @Test
    void seriesHaveNamesAndGrow() {
        for (Series series : Series.values()) {
            assertThat(Series.of(series.id())).isSameAs(series);
            assertThat(series.sizes()).isSorted().hasSizeGreaterThan(1);
        }
        assertThatThrownBy(() -> Series.of("size"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "there is no series \"size\", only loops, connections, message-size, subscribers, users, memory");
    }

    @Test
    void connectionsAreLimitedByFiles() {
        assertThat(Series.CONNECTIONS.cannot(19_500, 20_000)).isEmpty();
        assertThat(Series.CONNECTIONS.cannot(50_000, 20_000))
                .isEqualTo("a process may have 20000 files open here (ulimit -n)");
        assertThat(Series.USERS.cannot(50_000, 20_000)).isEmpty();
    }

    @Test
    void manyConnectionsAreSpreadOverAddresses() {
        assertThat(Series.CONNECTIONS.hosts(10_000)).containsExactly("127.0.0.1");
        assertThat(Series.CONNECTIONS.hosts(19_500)).containsExactly("127.0.0.1", "127.0.0.2");
        assertThat(Series.SUBSCRIBERS.hosts(10)).hasSize(1);
    }

    @Test
    void eachMakesItsLoad() {
        assertThat(Series.MESSAGE_SIZE.options(16_777_216)).containsExactly("--connections", "4", "--size", "16777216");
        assertThat(Series.MESSAGE_SIZE.connections(1)).isEqualTo(100);
        assertThat(Series.SUBSCRIBERS.options(10))
                .containsExactly("--connections", "10", "--broadcast", "--size", "100");
        assertThat(Series.SUBSCRIBERS.mode()).isEqualTo("broadcast");
        assertThat(Series.LOOPS.arguments(2)).containsExactly("automatic", "2");
        assertThat(Series.USERS.arguments(1000)).containsExactly("automatic", "1", "1000");
        assertThat(Series.LOOPS.serverCores()).isEqualTo(Series.LOOPS.generatorCores());
        assertThat(Series.USERS.serverCores()).isNotEqualTo(Series.USERS.generatorCores());
    }
}
