package dev.bowline.cli.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RareLineTest {
    @Test
    void isSaidOnceAMinuteWithHowOftenItWasNot() {
        ManualClock clock = new ManualClock();
        RareLine line = new RareLine(System.getLogger(RareLineTest.class.getName()), clock);
        try (CapturedLog log = CapturedLog.of(RareLineTest.class)) {
            assertThat(line.say("one")).isTrue();
            assertThat(line.say("two")).isFalse();
            clock.advance(Duration.ofMinutes(1).minusNanos(1));
            assertThat(line.say("three")).isFalse();
            clock.advanceNanos(1);
            assertThat(line.say("four")).isTrue();
            clock.advance(Duration.ofMinutes(2)); // over the end of the clock's numbers
            assertThat(line.say("five")).isTrue();
            assertThat(log.lines())
                    .containsExactly(
                            "WARNING one", "WARNING four (and 2 more since the last such line)", "WARNING five");
        }
    }
}
