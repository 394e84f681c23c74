package dev.bowline.websocket.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomIntsTest {
    @Test
    void drawsFromItsSourceAgainWhenABatchIsUsedUp() {
        Counting source = new Counting();
        RandomInts ints = new RandomInts(source);
        Set<Integer> drawn = new HashSet<>();
        for (int i = 0; i < 3 * 1024; i++) {
            drawn.add(ints.next());
        }
        assertThat(source.draws).isEqualTo(3);
        assertThat(drawn).hasSize(3 * 1024);
    }

    /** Bytes that make the ints 0, 1, 2 … */
    private static final class Counting extends SecureRandom {
        private static final long serialVersionUID = 1;
        private int draws;
        private int next;

        @Override
        public void nextBytes(byte[] bytes) {
            draws++;
            java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                buffer.putInt(next++);
            }
        }
    }
}
