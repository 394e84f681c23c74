package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MessageClockTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long BEGAN = Long.MAX_VALUE - 5 * SECOND; // the clock's scale wraps round

    private final MessageClock clock = new MessageClock(10 * SECOND);

    @Test
    void runsFromTheFirstByteAndASecondLongerForEachThousand() {
        clock.underWay(0, BEGAN);
        assertThat(clock.isRunning()).isTrue();
        assertThat(clock.deadlineNanos() - BEGAN).isEqualTo(10 * SECOND);
        clock.underWay(2_500, BEGAN + SECOND);
        clock.underWay(500, BEGAN + 2 * SECOND);
        assertThat(clock.deadlineNanos() - BEGAN).isEqualTo(13 * SECOND);
        assertThat(clock.isOver(BEGAN + 13 * SECOND - 1)).isFalse();
        assertThat(clock.isOver(BEGAN + 13 * SECOND)).isTrue();
        assertThat(clock.error(BEGAN + 13 * SECOND).message())
                .startsWith("message not finished in time: 3000 bytes in 13000 ms");
    }

    @Test
    void endsWithTheMessage() {
        clock.underWay(5_000, BEGAN);
        clock.stop();
        assertThat(clock.isRunning()).isFalse();
        assertThat(clock.isOver(BEGAN + 100 * SECOND)).isFalse();
        clock.underWay(1_000, BEGAN + 100 * SECOND);
        assertThat(clock.deadlineNanos() - BEGAN).isEqualTo(111 * SECOND);
    }

    @Test
    void beginsAgainWhenThePeerCouldNotBeHeard() {
        clock.restart(BEGAN); // nothing is under way
        assertThat(clock.isRunning()).isFalse();
        clock.underWay(1_000, BEGAN);
        clock.restart(BEGAN + 9 * SECOND);
        assertThat(clock.deadlineNanos() - BEGAN).isEqualTo(20 * SECOND);
    }

    @Test
    void zeroIsNoLimit() {
        MessageClock none = new MessageClock(0);
        none.underWay(1, BEGAN);
        assertThat(none.isRunning()).isFalse();
        assertThat(none.isOver(BEGAN + 1_000_000 * SECOND)).isFalse();
    }

    @Test
    void theLongestTimeDoesNotOverflow() {
        MessageClock longest = new MessageClock(Long.MAX_VALUE);
        longest.underWay(Integer.MAX_VALUE, 0);
        assertThat(longest.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(longest.isOver(Long.MAX_VALUE - 1)).isFalse();
    }
}
