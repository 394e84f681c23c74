package dev.bowline.codec.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bowline.codec.CutInput;
import dev.bowline.codec.FuzzInputs;
import dev.bowline.codec.MessageBuffer;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Violation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Hostile compressed messages, and hostile content to compress.
 *
 * <p>Runs over the committed inputs with the other tests; looks for new ones where {@code JAZZER_FUZZ=1} is set.
 */
final class DeflateFuzzTest {
    private static final int LIMIT = 100_000;
    private static final int SMALL_LIMIT = 300;

    /** Of the options of the {@link CutInput}, 0x10 keeps the context and 0x20 asks for a small limit. */
    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void decode(byte[] input) {
        CutInput cut = CutInput.of(input);
        if (cut == null) {
            return;
        }
        String whole = decode(cut.options(), cut.whole());
        assertThat(decode(cut.options(), cut.pieces())).as(cut.describe()).isEqualTo(whole);
    }

    private static String decode(int options, List<ByteBuffer> pieces) {
        boolean keep = (options & 0x10) != 0;
        int limit = (options & 0x20) != 0 ? SMALL_LIMIT : LIMIT;
        DeflatePool pool = new DeflatePool();
        MessageInflater inflater = new MessageInflater(pool, new DeflateExtension.Receiving(15, keep));
        StringBuilder outcome = new StringBuilder();
        // Twice: the second time with what the first left behind.
        for (int round = 0; round < 2; round++) {
            MessageBuffer message = new MessageBuffer(limit);
            ProtocolError error = null;
            for (int i = 0; i < pieces.size() && error == null; i++) {
                ByteBuffer piece = pieces.get(i);
                error = inflater.decode(piece, piece.position(), piece.limit(), i == pieces.size() - 1, message);
            }
            assertThat(pool.lent()).isZero();
            assertThat(message.size()).isLessThanOrEqualTo(limit);
            if (error == null) {
                outcome.append(message.size())
                        .append(' ')
                        .append(message.view().hashCode())
                        .append('\n');
            } else {
                assertThat(error.violation()).isIn(Violation.EXTENSION_DATA_INVALID, Violation.MESSAGE_TOO_BIG);
                // Where a message is too big and broken too, a cut decides which is found first.
                outcome.append("refused");
                break; // the connection is gone
            }
        }
        pool.close();
        return outcome.toString();
    }

    /** The first byte is the level, the window and whether the context is kept; then comes the message, sent twice. */
    @ArgumentsSource(FuzzInputs.class)
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
