package dev.bowline.codec.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bowline.codec.FuzzInputs;
import dev.bowline.codec.MessageBuffer;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Violation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile compressed messages, and hostile content to compress.
 *
 * <p>Runs over the committed inputs with the other tests; looks for new ones where {@code JAZZER_FUZZ=1} is set.
 */
final class DeflateFuzzTest {
    private static final int LIMIT = 100_000;

    static Stream<Arguments> decodeInputs() {
        return FuzzInputs.of(DeflateFuzzTest.class, "decode");
    }

    static Stream<Arguments> encodeInputs() {
        return FuzzInputs.of(DeflateFuzzTest.class, "encode");
    }

    /** The first byte says where the message is cut in two, and with its highest bit that a context is kept. */
    @MethodSource("decodeInputs")
    @FuzzTest(maxDuration = "5m")
    void decode(byte[] input) {
        if (input.length == 0) {
            return;
        }
        boolean keep = input[0] < 0;
        int cut = Math.min(1 + (input[0] & 0x7F), input.length);
        String whole = decode(input, keep, 1, input.length);
        assertThat(decode(input, keep, 1, cut, input.length)).isEqualTo(whole);
    }

    private static String decode(byte[] input, boolean keep, int... ends) {
        DeflatePool pool = new DeflatePool();
        MessageInflater inflater = new MessageInflater(pool, new DeflateExtension.Receiving(15, keep));
        StringBuilder outcome = new StringBuilder();
        // Twice: the second time with what the first left behind.
        for (int round = 0; round < 2; round++) {
            MessageBuffer message = new MessageBuffer(LIMIT);
            ProtocolError error = null;
            for (int i = 1; i < ends.length && error == null; i++) {
                error = inflater.decode(ByteBuffer.wrap(input), ends[i - 1], ends[i], i == ends.length - 1, message);
            }
            assertThat(pool.lent()).isZero();
            if (error == null) {
                outcome.append(message.size())
                        .append(' ')
                        .append(message.view().hashCode())
                        .append('\n');
            } else {
                assertThat(error.violation()).isIn(Violation.EXTENSION_DATA_INVALID, Violation.MESSAGE_TOO_BIG);
                outcome.append(error.violation());
                break; // the connection is gone
            }
        }
        pool.close();
        return outcome.toString();
    }

    /** The first byte is the level, the window and whether the context is kept; then comes the message, sent twice. */
    @MethodSource("encodeInputs")
    @FuzzTest(maxDuration = "5m")
    void encode(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int options = input[0] & 0xFF;
        int level = 1 + options % 9;
        int windowBits = 8 + options / 9 % 8;
        boolean keep = options / 72 % 2 == 1;
        byte[] message = Arrays.copyOfRange(input, 1, input.length);
        DeflateEncoder encoder = new DeflateEncoder();
        MatchFinder finder = new MatchFinder(windowBits);
        StrictInflate strict = new StrictInflate(windowBits);
        for (int round = 0; round < 2; round++) {
            if (!keep) {
                finder.reset();
                strict.forget();
            }
            ByteBuffer encoded = encoder.encode(finder, level, ByteBuffer.wrap(message));
            byte[] compressed = new byte[encoded.remaining()];
            encoded.get(compressed);
            assertThat(strict.message(compressed)).isEqualTo(message);
        }
    }
}
