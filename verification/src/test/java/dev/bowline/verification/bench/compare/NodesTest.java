package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NodesTest {
    @Test
    void coresTimesOneDividedByTheCost() {
        assertThat(Nodes.perSecond(16, 4, 0.5)).isEqualTo(2_000_000);
    }

    @Test
    void eachDoublingLosesAgain() {
        assertThat(Nodes.keptByDoublings(2, 0.9)).isEqualTo(0.9, within(1e-9));
        assertThat(Nodes.keptByDoublings(16, 0.9)).isEqualTo(0.9 * 0.9 * 0.9 * 0.9, within(1e-9));
        assertThat(Nodes.keptByDoublings(64, 1)).isEqualTo(1, within(1e-9));
    }

    @Test
    void theTableSaysWhatItAssumes() {
        assertThat(new Nodes(4, 2, 0.9, 1024).markdown())
                .contains("Computed, not measured")
                .contains("costs 4.00 µs")
                .contains("two loops do 90 %")
                .contains("| 16 | 2.62–3.60 million | 5.25–7.20 million | 2.88 | 0.954 |")
                .contains("| 64 | 8.50–14.4 million |");
    }
}
