package dev.bowline.websocket.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.ManualClock;
import dev.bowline.testkit.Seeded;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.internal.connection.HeartbeatMonitor.Action;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeartbeatMonitorTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Heartbeat USUAL = new Heartbeat(Duration.ofSeconds(20), Duration.ofSeconds(10));

    private final ManualClock clock = new ManualClock(Long.MAX_VALUE - 25 * SECOND); // overflows during most tests

    private HeartbeatMonitor monitor(Heartbeat heartbeat) {
        return new HeartbeatMonitor(heartbeat, new Random(7), clock.nanoTime());
    }

    private void toNext(HeartbeatMonitor monitor) {
        clock.advanceNanos(monitor.nextNanos() - clock.nanoTime());
    }

    @Test
    void pingsInTheLastQuarterOfTheIntervalAndSpreadOverMany() {
        Seeded.run(20, random -> {
            Set<Long> quarters = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                long begin = random.nextLong();
                HeartbeatMonitor monitor = new HeartbeatMonitor(USUAL, new Random(random.nextLong()), begin);
                long silence = monitor.nextNanos() - begin;
                assertThat(silence).isBetween(15 * SECOND, 20 * SECOND);
                quarters.add((silence - 15 * SECOND) / (SECOND / 4));
                assertThat(monitor.check(begin + silence - 1)).isEqualTo(Action.NOTHING);
                assertThat(monitor.check(begin + silence)).isEqualTo(Action.SEND_PING);
            }
            assertThat(quarters).hasSizeGreaterThan(12); // of the twenty quarters of a second
        });
    }

    @Test
    void givesUpWhenNothingComesInTimeAfterThePing() {
        HeartbeatMonitor monitor = monitor(USUAL);
        toNext(monitor);
        assertThat(monitor.check(clock.nanoTime())).isEqualTo(Action.SEND_PING);
        monitor.pingSent(clock.nanoTime());
        assertThat(monitor.nextNanos() - clock.nanoTime()).isEqualTo(10 * SECOND);
        clock.advanceNanos(10 * SECOND - 1);
        assertThat(monitor.check(clock.nanoTime())).isEqualTo(Action.NOTHING);
        clock.advanceNanos(1);
        assertThat(monitor.check(clock.nanoTime())).isEqualTo(Action.GIVE_UP);
    }

    @Test
    void anyBytesCountAsLife() {
        HeartbeatMonitor monitor = monitor(USUAL);
        toNext(monitor);
        monitor.pingSent(clock.nanoTime());
        clock.advanceNanos(10 * SECOND - 1);
        assertThat(monitor.alive(clock.nanoTime())).as("the wait ended").isTrue();
        assertThat(monitor.alive(clock.nanoTime())).as("there was none").isFalse();
        clock.advanceNanos(1);
        assertThat(monitor.check(clock.nanoTime())).isEqualTo(Action.NOTHING);
        assertThat(monitor.nextNanos() - clock.nanoTime()).isBetween(14 * SECOND, 20 * SECOND);
    }

    @Test
    void lifeInTheVeryMomentOfThePingCounts() {
        HeartbeatMonitor monitor = monitor(USUAL);
        toNext(monitor);
        monitor.pingSent(clock.nanoTime());
        monitor.alive(clock.nanoTime());
        clock.advanceNanos(10 * SECOND);
        assertThat(monitor.check(clock.nanoTime())).isEqualTo(Action.NOTHING);
    }

    @Test
    void aTimeoutLongerThanTheIntervalDoesNotDelayTheNextPing() {
        HeartbeatMonitor monitor = monitor(new Heartbeat(Duration.ofSeconds(4), Duration.ofSeconds(60)));
        toNext(monitor);
        monitor.pingSent(clock.nanoTime());
        clock.advanceNanos(SECOND / 100);
        monitor.alive(clock.nanoTime());
        assertThat(monitor.nextNanos() - clock.nanoTime()).isBetween(3 * SECOND, 4 * SECOND);
    }

    @Test
    void knowsItsOwnPongAndMeasuresTheRoundTrip() {
        HeartbeatMonitor monitor = monitor(USUAL);
        assertThat(monitor.roundTripNanos()).isEqualTo(HeartbeatMonitor.UNKNOWN);
        toNext(monitor);
        ByteBuffer ping = monitor.pingSent(clock.nanoTime());
        clock.advanceNanos(1_234_567);
        ByteBuffer other = ByteBuffer.allocate(8).putLong(42).flip();
        assertThat(monitor.pongReceived(other, clock.nanoTime())).isFalse();
        assertThat(monitor.pongReceived(ByteBuffer.allocate(0), clock.nanoTime()))
                .isFalse();
        assertThat(monitor.pongReceived(ping.duplicate(), clock.nanoTime())).isTrue();
        assertThat(monitor.roundTripNanos()).isEqualTo(1_234_567);
        assertThat(monitor.pongReceived(ping.duplicate(), clock.nanoTime()))
                .as("the second answer to one ping")
                .isFalse();
    }

    @Test
    void theShortestIntervalsWork() {
        HeartbeatMonitor monitor = monitor(new Heartbeat(Duration.ofNanos(1), Duration.ofNanos(1)));
        clock.advanceNanos(1);
        assertThat(monitor.check(clock.nanoTime())).isEqualTo(Action.SEND_PING);
    }
}
