package dev.bowline.websocket.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.ManualClock;
import dev.bowline.testkit.Seeded;
import dev.bowline.websocket.internal.loop.TimingWheel.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimingWheelTest {
    private static final long TICK_NANOS = 1L << 23;
    private static final long ROUND_NANOS = 512 * TICK_NANOS;

    private final ManualClock clock = new ManualClock(); // overflows in a minute
    private final TimingWheel wheel = new TimingWheel(clock.nanoTime());
    private final List<String> fired = new ArrayList<>();

    @Test
    void firesInTheOrderOfTicksAndOnce() {
        set("late", 50);
        set("early", 20);
        set("never", 10_000);
        advanceMillis(100);
        assertThat(fired).containsExactly("early", "late");
        assertThat(wheel.size()).isEqualTo(1);
        advanceMillis(100);
        assertThat(fired).hasSize(2);
    }

    @Test
    void aTimerCanBeMovedCancelledAndSetAgain() {
        Timer timer = set("moved", 20);
        wheel.set(timer, clock.nanoTime() + Duration.ofMillis(200).toNanos());
        advanceMillis(100);
        assertThat(fired).isEmpty();
        wheel.cancel(timer);
        wheel.cancel(timer);
        advanceMillis(200);
        assertThat(fired).isEmpty();
        assertThat(wheel.nanosToNext(clock.nanoTime())).isEqualTo(TimingWheel.NONE);
        wheel.set(timer, clock.nanoTime());
        advanceMillis(20);
        assertThat(fired).containsExactly("moved");
        assertThat(timer.isSet()).isFalse();
    }

    @Test
    void anActionMaySetItsOwnTimerAgainEvenForNow() {
        Timer[] self = new Timer[1];
        self[0] = Timer.of(() -> {
            fired.add("tick");
            wheel.set(self[0], clock.nanoTime());
        });
        wheel.set(self[0], clock.nanoTime());
        advanceMillis(20);
        int first = fired.size();
        assertThat(first).isBetween(1, 4); // once a tick at most: it ends
        advanceMillis(20);
        assertThat(fired).hasSizeBetween(first + 1, first + 4);
    }

    @Test
    void anActionMayCancelAndMoveOthersOfItsBatch() {
        Timer cancelled = Timer.of(() -> fired.add("cancelled"));
        Timer moved = Timer.of(() -> fired.add("moved"));
        Timer first = Timer.of(() -> {
            fired.add("first");
            wheel.cancel(cancelled);
            wheel.set(moved, clock.nanoTime() + ROUND_NANOS); // the same slot, a round later
        });
        long deadline = clock.nanoTime() + TICK_NANOS;
        wheel.set(first, deadline);
        wheel.set(cancelled, deadline);
        wheel.set(moved, deadline);
        clock.advanceNanos(TICK_NANOS);
        wheel.advance(clock.nanoTime());
        assertThat(fired).containsExactly("first");
        assertThat(wheel.size()).isEqualTo(1);
        clock.advanceNanos(ROUND_NANOS + TICK_NANOS);
        wheel.advance(clock.nanoTime());
        assertThat(fired).containsExactly("first", "moved");
        assertThat(wheel.size()).isZero();
    }

    @Test
    void anActionThatThrowsStopsNoOther() {
        long deadline = clock.nanoTime() + TICK_NANOS;
        wheel.set(
                Timer.of(() -> {
                    throw new IllegalStateException("a fault");
                }),
                deadline);
        wheel.set(Timer.of(() -> fired.add("second")), deadline);
        try (CapturedLog log = CapturedLog.of(TimingWheel.class)) {
            advanceMillis(20);
            assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("a fault"));
        }
        assertThat(fired).containsExactly("second");
        assertThat(wheel.size()).isZero();
    }

    @Test
    void agreesWithASortedListWhateverHappens() {
        Seeded.run(1_000, TimingWheelTest::playAgainstModel);
    }

    /** A timer that knows when it is due, and when it fired. */
    private static final class Modelled {
        final Timer timer = Timer.of(this::fire);
        final List<Modelled> firedNow;
        long deadlineNanos;
        long dueNanos; // no earlier than it was set
        boolean set;

        Modelled(List<Modelled> firedNow) {
            this.firedNow = firedNow;
        }

        void fire() {
            assertThat(set).isTrue();
            set = false;
            firedNow.add(this);
        }
    }

    private static void playAgainstModel(Seeded random) {
        ManualClock clock = new ManualClock(random.nextLong());
        TimingWheel wheel = new TimingWheel(clock.nanoTime());
        List<Modelled> firedNow = new ArrayList<>();
        List<Modelled> timers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            timers.add(new Modelled(firedNow));
        }
        for (int step = 0; step < 200; step++) {
            Modelled one = random.oneOf(timers);
            switch (random.intBetween(0, 5)) {
                case 0, 1, 2 -> {
                    one.deadlineNanos = clock.nanoTime() + random.longBetween(-TICK_NANOS, 3 * ROUND_NANOS);
                    one.dueNanos = Math.max(one.deadlineNanos, clock.nanoTime());
                    one.set = true;
                    wheel.set(one.timer, one.deadlineNanos);
                }
                case 3 -> {
                    one.set = false;
                    wheel.cancel(one.timer);
                }
                default -> {
                    // Mostly short turns; sometimes the machine was asleep.
                    long most = random.chance(10) ? 20 * ROUND_NANOS : 40 * TICK_NANOS;
                    clock.advanceNanos(random.longBetween(0, most));
                    wheel.advance(clock.nanoTime());
                    check(wheel, timers, firedNow, clock.nanoTime());
                }
            }
        }
    }

    private static void check(TimingWheel wheel, List<Modelled> timers, List<Modelled> firedNow, long now) {
        for (Modelled fired : firedNow) {
            assertThat(now - fired.deadlineNanos).as("never early").isNotNegative();
        }
        firedNow.clear();
        int set = 0;
        long nearest = Long.MAX_VALUE;
        for (Modelled timer : timers) {
            assertThat(timer.timer.isSet()).isEqualTo(timer.set);
            if (timer.set) {
                set++;
                assertThat(now - timer.dueNanos).as("a tick late at most").isLessThan(TICK_NANOS);
                nearest = Math.min(nearest, timer.dueNanos - now);
            }
        }
        assertThat(wheel.size()).isEqualTo(set);
        if (set > 0) {
            // It may say to look earlier, a slot's timers being of several rounds, but never later than a tick.
            assertThat(wheel.nanosToNext(now)).isLessThan(nearest + TICK_NANOS);
        }
    }

    private Timer set(String name, long millis) {
        Timer timer = Timer.of(() -> fired.add(name));
        wheel.set(timer, clock.nanoTime() + Duration.ofMillis(millis).toNanos());
        return timer;
    }

    private void advanceMillis(long millis) {
        clock.advance(Duration.ofMillis(millis));
        wheel.advance(clock.nanoTime());
    }
}
