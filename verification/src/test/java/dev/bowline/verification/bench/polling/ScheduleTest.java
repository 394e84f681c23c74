package dev.bowline.verification.bench.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bowline.verification.bench.polling.Schedule.Change;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    private static final int ORDERS = 100;
    private static final double EVERY = 20;
    private static final double SECONDS = 2_000;

    private final Schedule schedule = Schedule.of(ORDERS, EVERY, SECONDS, 7);

    @Test
    void isTheSameForTheSameSeedAlone() {
        assertThat(Schedule.of(ORDERS, EVERY, SECONDS, 7)).isEqualTo(schedule);
        assertThat(Schedule.of(ORDERS, EVERY, SECONDS, 8)).isNotEqualTo(schedule);
    }

    @Test
    void changesEachOrderAsOftenAsItSays() {
        // 10,000 are expected; their number spreads by 100
        assertThat((double) schedule.changes().size()).isCloseTo(10_000, within(500.0));
        for (int order = 0; order < ORDERS; order++) {
            assertThat(of(order)).hasSizeBetween(50, 150);
        }
    }

    @Test
    void leavesExponentialTimesBetween() {
        List<Change> changes = schedule.changes();
        double mean = EVERY / ORDERS * 1e9;
        long longer = 0;
        for (int i = 1; i < changes.size(); i++) {
            longer += changes.get(i).atNanos() - changes.get(i - 1).atNanos() > mean ? 1 : 0;
        }
        assertThat((double) longer / changes.size()).isCloseTo(1 / Math.E, within(0.03));
    }

    @Test
    void isInOrderAndCountsVersions() {
        assertThat(schedule.changes()).isSortedAccordingTo(Comparator.comparingLong(Change::atNanos));
        assertThat(schedule.changes().get(schedule.changes().size() - 1).atNanos())
                .isLessThan((long) (SECONDS * 1e9));
        List<Change> one = of(3);
        for (int i = 0; i < one.size(); i++) {
            assertThat(one.get(i).version()).isEqualTo(Orders.FIRST_VERSION + 1 + i);
        }
    }

    private List<Change> of(int order) {
        return schedule.changes().stream()
                .filter(change -> change.order() == order)
                .toList();
    }
}
