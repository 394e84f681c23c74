package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    void letGoOfWhoIsTakenOut() {
        Alarm first = new Alarm("a").at(10);
        Alarm second = new Alarm("b").at(20);
        timers.remove(first);
        timers.remove(first);
        assertThat(timers.nextMillis()).isEqualTo(20);
        second.at(15);
        first.at(17);
        expect(20, "b 20", "a 20");
        timers.remove(second);
        assertThat(timers.nextMillis()).isEqualTo(Timed.NEVER);
    }

    /** Of many, some of which are moved and taken out, those that are left are woken in their order. */
    @Test
    void keepTheirOrderWhateverIsTakenOut() {
        Seeded.run(200, random -> {
            Timers many = new Timers();
            List<Timed> rung = new ArrayList<>();
            Set<Timed> left = new HashSet<>();
            List<Moving> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Moving one = new Moving(rung);
                all.add(one);
                one.deadline = random.intBetween(1, 50);
                many.update(one);
                left.add(one);
                Moving other = random.oneOf(all);
                if (random.chance(30)) {
                    many.remove(other);
                    other.deadline = Timed.NEVER;
                    left.remove(other);
                } else if (left.contains(other)) {
                    other.deadline = Math.min(other.deadline, random.intBetween(1, 50));
                    many.update(other);
                }
            }
            long last = 0;
            for (long now = 1; now <= 50; now++) {
                many.advance(now);
                for (Timed one : rung) {
                    assertThat(((Moving) one).rangMillis).isEqualTo(now).isGreaterThanOrEqualTo(last);
                    assertThat(((Moving) one).was).isEqualTo(now);
                    assertThat(left.remove(one)).isTrue();
                }
                rung.clear();
                last = now;
            }
            assertThat(left).isEmpty();
        });
    }

    private static final class Moving extends Timed {
        private final List<Timed> rung;
        private long deadline;
        private long was;
        private long rangMillis;

        Moving(List<Timed> rung) {
            this.rung = rung;
        }

        @Override
        long deadlineMillis() {
            return deadline;
        }

        @Override
        void onTime(long nowMillis) {
            was = deadline;
            rangMillis = nowMillis;
            deadline = NEVER;
            rung.add(this);
        }
    }

    @Test
    void laterIsNeverBeyondAllNumbers() {
        assertThat(Timed.later(100, 50)).isEqualTo(150);
        assertThat(Timed.later(100, Long.MAX_VALUE)).isEqualTo(Timed.NEVER);
        assertThat(Timed.later(100, Long.MAX_VALUE - 100)).isEqualTo(Timed.NEVER);
        assertThat(Timed.later(100, Long.MAX_VALUE - 101)).isEqualTo(Timed.NEVER - 1);
    }
}
