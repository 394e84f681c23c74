package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Masking against the loop that RFC 6455 §5.3 writes down. An input is a byte whose low four bits say at which index the
 * payload begins, of which 0x10 asks for a direct buffer and 0x20 for a slice; the key; a byte that says where the
 * payload is cut; and the payload.
 *
 * <p>Runs over the committed inputs with the other tests; looks for new ones where {@code JAZZER_FUZZ=1} is set.
 */
final class MaskingFuzzTest {
    private static final int PAYLOAD = 6;
    private static final int BEHIND = 9;

    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void apply(byte[] input) {
        if (input.length < PAYLOAD) {
            return;
        }
        int length = input.length - PAYLOAD;
        int from = input[0] & 15;
        int to = from + length;
        int cut = from + Math.min(input[5] & 0xFF, length);
        int key = ByteBuffer.wrap(input).getInt(1);
        byte[] expected = new byte[to + BEHIND];
        for (int i = 0; i < length; i++) {
            expected[from + i] = (byte) (input[PAYLOAD + i] ^ input[1 + i % 4]);
        }

        ByteBuffer buffer = buffer(input[0], expected.length);
        buffer.put(from, input, PAYLOAD, length);
        Masking.apply(buffer, from, cut, key);
        Masking.apply(buffer, cut, to, Masking.rotate(key, cut - from));
        assertThat(content(buffer)).isEqualTo(expected);

        Masking.apply(buffer, from, to, key);
        byte[] restored = new byte[length];
        buffer.get(from, restored);
        assertThat(restored).isEqualTo(Arrays.copyOfRange(input, PAYLOAD, input.length));
    }

    private static ByteBuffer buffer(int options, int size) {
        int before = (options & 0x20) != 0 ? 3 : 0;
        ByteBuffer buffer =
                (options & 0x10) != 0 ? ByteBuffer.allocateDirect(before + size) : ByteBuffer.allocate(before + size);
        return buffer.slice(before, size);
    }

    private static byte[] content(ByteBuffer buffer) {
        assertThat(buffer.position()).as("the position is left alone").isZero();
        assertThat(buffer.limit()).as("the limit is left alone").isEqualTo(buffer.capacity());
        byte[] all = new byte[buffer.capacity()];
        buffer.get(0, all);
        return all;
    }
}
