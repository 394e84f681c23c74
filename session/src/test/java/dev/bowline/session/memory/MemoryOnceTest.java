package dev.bowline.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.memory.MemoryOnce.Outcome;
import org.junit.jupiter.api.Test;

class MemoryOnceTest {
    private final MemoryOnce once = new MemoryOnce(2);

    @Test
    void aKeyIsFreeAgainWhenItsTimeIsOver() {
        assertThat(once.take("a", 10, 100)).isEqualTo(Outcome.FREE);
        assertThat(once.take("a", 10, 109)).isEqualTo(Outcome.TAKEN);
        assertThat(once.take("a", 10, 110)).isEqualTo(Outcome.FREE);
    }

    @Test
    void noneIsForgottenForAnother() {
        once.take("a", 30, 100);
        once.take("b", 10, 100);
        assertThat(once.take("c", 10, 105)).isEqualTo(Outcome.FULL);
        assertThat(once.take("a", 10, 105)).isEqualTo(Outcome.TAKEN);
        assertThat(once.take("c", 10, 110)).as("in the place of b").isEqualTo(Outcome.FREE);
        assertThat(once.take("b", 10, 110)).isEqualTo(Outcome.FULL);
        assertThat(once.take("a", 10, 129)).isEqualTo(Outcome.TAKEN);
    }
}
