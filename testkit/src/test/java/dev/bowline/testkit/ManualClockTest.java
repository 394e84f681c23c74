package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    @Test
    void standsStillUntilAdvanced() {
        ManualClock clock = new ManualClock(17);
        assertThat(clock.nanoTime()).isEqualTo(17);
        assertThat(clock.advance(Duration.ofMillis(3))).isEqualTo(3_000_017);
        assertThat(clock.advanceNanos(1)).isEqualTo(3_000_018);
        assertThat(clock.getAsLong()).isEqualTo(3_000_018);
    }

    @Test
    void startsCloseToOverflow() {
        ManualClock clock = new ManualClock();
        long before = clock.nanoTime();
        long after = clock.advance(Duration.ofMinutes(2));
        assertThat(after).isNegative();
        assertThat(after - before).isEqualTo(Duration.ofMinutes(2).toNanos());
    }

    @Test
    void doesNotGoBack() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ManualClock().advanceNanos(-1));
    }
}
