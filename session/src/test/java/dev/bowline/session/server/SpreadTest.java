package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** When those who were dismissed come back, each as section 8.3 has it. */
final class SpreadTest {
    private static final long WINDOW = 120_000;

    @Test
    void oneClientIsToldTheLeast() {
        assertThat(new Spread(1_234, 1, 1_000, WINDOW).adviceMillis(0)).isEqualTo(1_234);
    }

    @Test
    void aFewComeAtOnce() {
        assertThat(new Spread(0, 100, 1_000, WINDOW).adviceMillis(99)).isLessThan(100);
    }

    @Test
    void manyComeAsFastAsTheyMayAndNotFaster() {
        Seeded.run(20, random -> {
            int[] perSecond = new int[(int) (WINDOW / 1_000)];
            Spread spread = new Spread(500, 50_000, 1_000, WINDOW);
            for (int i = 0; i < 50_000; i++) {
                long advice = spread.adviceMillis(i);
                long wait = advice + random.intBetween(0, (int) advice);
                perSecond[(int) (wait / 1_000)]++;
            }
            assertThat(Arrays.stream(perSecond).max().orElseThrow()).isBetween(900, 1_150);
        });
    }

    @Test
    void allAreBackWithinTwoThirdsOfTheWindow() {
        Spread spread = new Spread(10_000, 10_000_000, 1_000, WINDOW);
        assertThat(2 * spread.adviceMillis(9_999_999)).isBetween(WINDOW * 2 / 3 - 1_000, WINDOW * 2 / 3);
    }

    @Test
    void whoIsToComeLateComesLate() {
        assertThat(new Spread(WINDOW, 1_000, 1_000, WINDOW).adviceMillis(999)).isEqualTo(WINDOW);
    }
}
