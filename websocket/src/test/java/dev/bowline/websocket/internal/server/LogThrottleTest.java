package dev.bowline.websocket.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogThrottleTest {
    @Test
    void letsSomeLinesPassInEachPeriodAndCountsTheOthers() {
        LogThrottle throttle = new LogThrottle(2, 1_000);
        long now = Long.MAX_VALUE - 10; // the clock's scale wraps round
        assertThat(throttle.permit(now)).isZero();
        assertThat(throttle.permit(now + 500)).isZero();
        assertThat(throttle.permit(now + 600)).isEqualTo(LogThrottle.SILENCE);
        assertThat(throttle.permit(now + 999)).isEqualTo(LogThrottle.SILENCE);
        assertThat(throttle.permit(now + 1_000)).isEqualTo(2);
        assertThat(throttle.permit(now + 1_001)).isZero();
        assertThat(throttle.permit(now + 1_999)).isEqualTo(LogThrottle.SILENCE);
        assertThat(throttle.permit(now + 2_000)).isEqualTo(1);
    }
}
