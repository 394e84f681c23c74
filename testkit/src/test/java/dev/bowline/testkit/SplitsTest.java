package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitsTest {
    private static final byte[] INPUT = {0, 1, 2, 3, 4};

    @Test
    void everyBoundaryCutsInTwoFromNothingToAll() {
        List<String> cuts = new ArrayList<>();
        Splits.everyBoundary(INPUT, parts -> {
            cuts.add((parts.get(0).isDirect() ? "direct " : "heap ") + sizes(parts));
            assertThat(joined(parts)).isEqualTo(INPUT);
        });
        assertThat(cuts)
                .hasSize(12)
                .startsWith("heap [0, 5]", "direct [0, 5]", "heap [1, 4]")
                .endsWith("direct [5, 0]");
    }

    @Test
    void oneByteAtATime() {
        List<String> cuts = new ArrayList<>();
        Splits.oneByteAtATime(INPUT, parts -> {
            cuts.add(sizes(parts));
            assertThat(joined(parts)).isEqualTo(INPUT);
        });
        assertThat(cuts).containsExactly("[1, 1, 1, 1, 1]", "[1, 1, 1, 1, 1]");
        Splits.oneByteAtATime(new byte[0], parts -> assertThat(sizes(parts)).isEqualTo("[0]"));
    }

    @Test
    void everyPairOfBoundaries() {
        List<String> cuts = new ArrayList<>();
        Splits.everyPairOfBoundaries(new byte[2], parts -> cuts.add(sizes(parts)));
        assertThat(cuts).containsExactly("[0, 0, 2]", "[0, 1, 1]", "[0, 2, 0]", "[1, 0, 1]", "[1, 1, 0]", "[2, 0, 0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splits.everyPairOfBoundaries(new byte[513], parts -> {}))
                .withMessageContaining("513");
    }

    @Test
    void randomCutsKeepTheBytes() {
        Seeded.run(200, random -> {
            byte[] input = random.bytes(random.intBetween(0, 100));
            Splits.random(input, random, parts -> assertThat(joined(parts)).isEqualTo(input));
        });
    }

    @Test
    void chosenCuts() {
        assertThat(sizes(Splits.at(INPUT, 1, 3))).isEqualTo("[1, 2, 2]");
        assertThat(Splits.whole(INPUT, true).remaining()).isEqualTo(5);
    }

    @Test
    void aFailureSaysWhichCut() {
        assertThatThrownBy(() -> Splits.everyBoundary(
                        INPUT, parts -> assertThat(parts.get(0).remaining()).isNotEqualTo(3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("cut at [3] of 5 bytes in heap buffers: ")
                .hasCauseInstanceOf(AssertionError.class);
    }

    @Test
    void theValidRegionMayBeChangedButNothingAroundIt() {
        Splits.everyBoundary(INPUT, parts -> {
            for (ByteBuffer part : parts) {
                for (int i = part.position(); i < part.limit(); i++) {
                    part.put(i, (byte) 99);
                }
            }
        });
        assertThatThrownBy(() -> Splits.everyBoundary(INPUT, parts -> {
                    ByteBuffer first = parts.get(0);
                    int end = first.limit();
                    first.clear().put(end, (byte) 0);
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("wrote outside its region: byte 0 of a part of 0 bytes");
    }

    @Test
    void readingBeyondTheRegionMeetsGarbage() {
        ByteBuffer heap = Splits.whole(INPUT, false);
        assertThat(heap.position()).isPositive();
        assertThat(heap.arrayOffset()).isPositive();
        assertThat(heap.capacity()).isGreaterThan(heap.limit());
        assertThat(heap.get(0)).isNotEqualTo(INPUT[0]);
    }

    private static String sizes(List<ByteBuffer> parts) {
        return parts.stream().map(ByteBuffer::remaining).toList().toString();
    }

    private static byte[] joined(List<ByteBuffer> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer part : parts) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }
}
