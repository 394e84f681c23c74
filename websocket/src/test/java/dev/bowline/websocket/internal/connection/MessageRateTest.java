package dev.bowline.websocket.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MessageRateTest {
    @Test
    void allowsSoManyInASecondAndAsManyInTheNext() {
        ManualClock clock = new ManualClock(Long.MAX_VALUE - 1);
        MessageRate rate = new MessageRate(3, clock.nanoTime());
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 3; i++) {
                assertThat(rate.allow(clock.nanoTime())).isTrue();
                clock.advanceNanos(1);
            }
            assertThat(rate.allow(clock.nanoTime())).isFalse();
            clock.advance(Duration.ofSeconds(1));
        }
    }
}
