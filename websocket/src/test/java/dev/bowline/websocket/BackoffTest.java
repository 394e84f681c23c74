package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.Seeded;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
    /** Draws 0.5, the middle of every interval. */
    private static final RandomGenerator HALF = () -> Long.MIN_VALUE;

    @Test
    void growsByTheFactorUpToTheCap() {
        long[] halves = {500, 1000, 2000, 4000, 8000, 15_000, 15_000};
        for (int i = 0; i < halves.length; i++) {
            assertThat(Backoff.DEFAULT.delay(i + 1, HALF)).isEqualTo(Duration.ofMillis(halves[i]));
        }
        assertThat(Backoff.DEFAULT.delay(Integer.MAX_VALUE, HALF)).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void spreadsOverTheWholeInterval() {
        Seeded.run(20, seeded -> {
            RandomGenerator random = new SplittableRandom(seeded.nextLong());
            int attempt = seeded.intBetween(1, 100);
            long bound = (long) Math.min(30e9, 1e9 * Math.pow(2, attempt - 1));
            long lowest = Long.MAX_VALUE;
            long highest = 0;
            for (int i = 0; i < 1000; i++) {
                long nanos = Backoff.DEFAULT.delay(attempt, random).toNanos();
                lowest = Math.min(lowest, nanos);
                highest = Math.max(highest, nanos);
            }
            assertThat(lowest).isBetween(0L, bound / 20);
            assertThat(highest).isBetween(bound - bound / 20, bound - 1);
        });
    }

    @Test
    void refusesWhatMakesNoSense() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Backoff(second.negated(), 2, second)).hasMessageContaining("base");
        assertThatThrownBy(() -> new Backoff(second, 0.9, second)).hasMessageContaining("factor");
        assertThatThrownBy(() -> new Backoff(second, Double.NaN, second)).hasMessageContaining("factor");
        assertThatThrownBy(() -> new Backoff(second, 2, second.negated())).hasMessageContaining("cap");
        assertThat(new Backoff(Duration.ZERO, 1, Duration.ZERO).delay(5, HALF)).isZero();
    }
}
