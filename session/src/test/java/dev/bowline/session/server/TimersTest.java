package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimersTest {
    private final Timers timers = new Timers();
    private final List<String> woken = new ArrayList<>();

    private final class Alarm extends Timed {
        private final String name;
        private long deadline = NEVER;
        private long next = NEVER; // what it is set to when it rings

        Alarm(String name) {
            this.name = name;
        }

        Alarm at(long millis) {
            deadline = millis;
            timers.update(this);
            return this;
        }

        @Override
        long deadlineMillis() {
            return deadline;
        }

        @Override
        void onTime(long nowMillis) {
            woken.add(name + " " + nowMillis);
            deadline = next;
            next = NEVER;
        }
    }

    private void expect(long nowMillis, String... lines) {
        timers.advance(nowMillis);
        assertThat(woken).containsExactly(lines);
        woken.clear();
    }

    @Test
    void wakeInTheOrderOfTime() {
        assertThat(timers.nextMillis()).isEqualTo(Timed.NEVER);
        new Alarm("b").at(20);
        new Alarm("a").at(10);
        new Alarm("c").at(20);
        assertThat(timers.nextMillis()).isEqualTo(10);
        expect(9);
        expect(10, "a 10");
        expect(30, "b 30", "c 30");
        assertThat(timers.nextMillis()).isEqualTo(Timed.NEVER);
    }

    @Test
    void noticeADeadlineThatMovedAwayWithoutBeingTold() {
        Alarm alarm = new Alarm("a").at(10);
        alarm.deadline = 50;
        expect(10);
        assertThat(timers.nextMillis()).isEqualTo(50);
        expect(50, "a 50");
    }

    @Test
    void areToldOfADeadlineThatCameCloser() {
        Alarm alarm = new Alarm("a").at(50);
        alarm.at(20);
        expect(20, "a 20");
        expect(100);
    }

    @Test
    void wakeOnceThoughToldTwice() {
        Alarm alarm = new Alarm("a").at(50);
        alarm.next = 50; // as an entry for 50 is left
        alarm.at(20);
        expect(20, "a 20");
        expect(50, "a 50");
        expect(100);
    }

    @Test
    void wakeAgainWhoAsksForIt() {
        Alarm alarm = new Alarm("a").at(10);
        alarm.next = 15;
        expect(20, "a 20", "a 20");
    }

    @Test
    void forgetWhoNoLongerWantsIt() {
        new Alarm("a").at(10).deadline = Timed.NEVER;
        expect(10);
        assertThat(timers.nextMillis()).isEqualTo(Timed.NEVER);
    }

    @Test
    void laterIsNeverBeyondAllNumbers() {
        assertThat(Timed.later(100, 50)).isEqualTo(150);
        assertThat(Timed.later(100, Long.MAX_VALUE)).isEqualTo(Timed.NEVER);
        assertThat(Timed.later(100, Long.MAX_VALUE - 100)).isEqualTo(Timed.NEVER);
        assertThat(Timed.later(100, Long.MAX_VALUE - 101)).isEqualTo(Timed.NEVER - 1);
    }
}
