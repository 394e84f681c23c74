package dev.bowline.session.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.Seeded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RingTest {
    @Test
    void isAQueueWithPlaces() {
        Seeded.run(200, random -> {
            Ring<Integer> ring = new Ring<>();
            Deque<Integer> queue = new ArrayDeque<>();
            for (int i = 0; i < 300; i++) {
                // It grows at first, and then shrinks.
                if (queue.isEmpty() || random.chance(i < 150 ? 70 : 30)) {
                    ring.addLast(i);
                    queue.addLast(i);
                } else {
                    assertThat(ring.removeFirst()).isEqualTo(queue.removeFirst());
                }
                List<Integer> places = new ArrayList<>();
                for (int place = 0; place < ring.size(); place++) {
                    places.add(ring.get(place));
                }
                assertThat(places).containsExactlyElementsOf(queue);
                assertThat(ring.isEmpty()).isEqualTo(queue.isEmpty());
            }
        });
    }

    @Test
    void hasNothingElsewhere() {
        Ring<String> ring = new Ring<>();
        ring.addLast("one");
        assertThatThrownBy(() -> ring.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(ring.removeFirst()).isEqualTo("one");
        assertThatThrownBy(ring::removeFirst).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
