package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.Seeded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.3 against the loop that the RFC writes down. */
final class MaskingTest {
    private static byte[] naive(byte[] payload, int key, int phase) {
        byte[] masked = new byte[payload.length];
        byte[] keyBytes = ByteBuffer.allocate(4).putInt(key).array();
        for (int i = 0; i < payload.length; i++) {
            masked[i] = (byte) (payload[i] ^ keyBytes[(i + phase) % 4]);
        }
        return masked;
    }

    private static byte[] region(ByteBuffer buffer, int from, int to) {
        byte[] bytes = new byte[to - from];
        buffer.get(from, bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyLengthAtEveryAlignment(boolean direct) {
        Seeded random = Seeded.of(7);
        for (int key : new int[] {0x37FA_213D, 0, -1, 0x8000_0001, 0x00FF_0102}) {
            for (int offset = 0; offset < 8; offset++) {
                for (int length = 0; length <= 100; length++) {
                    byte[] all = random.bytes(offset + length + 9);
                    ByteBuffer buffer =
                            direct ? ByteBuffer.allocateDirect(all.length) : ByteBuffer.allocate(all.length);
                    buffer.put(0, all);
                    Masking.apply(buffer, offset, offset + length, key);
                    byte[] payload = java.util.Arrays.copyOfRange(all, offset, offset + length);
                    assertThat(region(buffer, offset, offset + length)).isEqualTo(naive(payload, key, 0));
                    assertThat(region(buffer, 0, offset)).isEqualTo(java.util.Arrays.copyOf(all, offset));
                    assertThat(region(buffer, offset + length, all.length))
                            .isEqualTo(java.util.Arrays.copyOfRange(all, offset + length, all.length));
                    assertThat(buffer.position()).isZero();
                    assertThat(buffer.limit()).isEqualTo(all.length);
                    assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("large regions, so often that the JIT compiler has made vector instructions of the loops")
    void largeRegionsWhenCompiled(boolean direct) {
        ByteBuffer memory = direct ? ByteBuffer.allocateDirect(20_000) : ByteBuffer.allocate(20_000);
        ByteBuffer slice = memory.slice(5, 19_990);
        Seeded.run(3_000, random -> {
            byte[] all = random.bytes(random.intBetween(64, 5_000));
            int from = random.intBetween(0, 40);
            int to = random.intBetween(from, all.length);
            int key = random.nextInt();
            slice.put(0, all);
            Masking.apply(slice, from, to, key);
            byte[] expected = all.clone();
            byte[] payload = naive(java.util.Arrays.copyOfRange(all, from, to), key, 0);
            System.arraycopy(payload, 0, expected, from, payload.length);
            assertThat(region(slice, 0, all.length)).isEqualTo(expected);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesARegionOutsideTheBuffer(boolean direct) {
        ByteBuffer memory = direct ? ByteBuffer.allocateDirect(400) : ByteBuffer.allocate(400);
        ByteBuffer slice = memory.slice(100, 200).limit(150);
        for (int[] region : new int[][] {{-1, 20}, {-1, 120}, {0, 151}, {60, 200}, {140, 151}, {-100, 0}}) {
            assertThatThrownBy(() -> Masking.apply(slice, region[0], region[1], -1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(region(memory, 0, 100)).as("what lies before the slice").containsOnly(0);
        assertThat(region(memory, 250, 400)).as("what lies behind the limit").containsOnly(0);
    }

    @Test
    void isItsOwnInverse() {
        Seeded.run(100, random -> {
            byte[] payload = random.bytes(random.intBetween(0, 300));
            ByteBuffer buffer = ByteBuffer.wrap(payload.clone());
            int key = random.nextInt();
            Masking.apply(buffer, 0, payload.length, key);
            Masking.apply(buffer, 0, payload.length, key);
            assertThat(buffer.array()).isEqualTo(payload);
        });
    }

    @Test
    @DisplayName("a payload masked in pieces, the key rotated between them, is as masked at once")
    void rotatesTheKeyBetweenPieces() {
        Seeded.run(500, random -> {
            byte[] payload = random.bytes(random.intBetween(0, 200));
            int key = random.nextInt();
            ByteBuffer buffer = ByteBuffer.wrap(payload.clone());
            int done = 0;
            while (done < payload.length) {
                int to = random.intBetween(done, payload.length);
                Masking.apply(buffer, done, to, Masking.rotate(key, done));
                done = to;
            }
            assertThat(buffer.array()).isEqualTo(naive(payload, key, 0));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 65_535, 65_536, Integer.MAX_VALUE, 1L + Integer.MAX_VALUE, 0x1_0000_0003L})
    void rotationCountsModuloFour(long count) {
        byte[] key = ByteBuffer.allocate(4)
                .putInt(Masking.rotate(0x0102_0304, count))
                .array();
        assertThat(key).isEqualTo(naive(new byte[4], 0x0102_0304, (int) (count % 4)));
    }
}
