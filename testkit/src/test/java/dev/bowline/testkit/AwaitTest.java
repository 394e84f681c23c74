package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void returnsAsSoonAsTheConditionHolds() {
        Await.until("five calls", () -> calls.incrementAndGet() == 5);
        assertThat(calls).hasValue(5);
        Await.untilEquals("nine calls", calls::incrementAndGet, 9);
        assertThat(calls).hasValue(9);
    }

    @Test
    void tellsWhatDidNotHappen() {
        assertThatThrownBy(() -> Await.until("pigs fly", SHORT, () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within 30ms: pigs fly");
        assertThatThrownBy(() -> Await.<Object>untilEquals("count", SHORT, () -> 3, 4))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within 30ms: count: expected 4, last was 3");
    }

    @Test
    void triesOnceMoreAfterTheDeadline() {
        Await.until("second call", Duration.ZERO, () -> calls.incrementAndGet() == 2);
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.until("x", () -> false)).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void durationsReadWell() {
        assertThat(Await.text(Duration.ofMillis(1_500))).isEqualTo("1.5s");
        assertThat(Await.text(Duration.ofSeconds(10))).isEqualTo("10s");
    }
}
