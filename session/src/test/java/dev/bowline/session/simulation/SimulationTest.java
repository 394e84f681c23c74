package dev.bowline.session.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients, server and network in one thread, in ever other courses of events: what everybody is told is so. */
@Tag("once")
final class SimulationTest {
    private static final int COURSES = Integer.getInteger("bowline.simulations", 1_500);

    @Test
    void everybodyIsToldTheTruth() {
        Seeded.run(COURSES, random -> Simulation.run(random, Defect.NONE));
    }

    @Test
    void oneSeedIsOneCourse() {
        Seeded.run(20, random -> {
            List<Long> hashes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                hashes.add(Simulation.run(Seeded.of(random.seed()), Defect.NONE));
            }
            assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
        });
    }
}
