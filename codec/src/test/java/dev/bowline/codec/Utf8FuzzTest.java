package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bowline.testkit.Splits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * The validator against the JDK's decoder: on the whole, in every cut, and at which byte it refuses.
 *
 * <p>Runs over the committed inputs with the other tests; looks for new ones where {@code JAZZER_FUZZ=1} is set.
 */
final class Utf8FuzzTest {
    /** What is longer is only looked at as a whole: the work grows with the square. */
    private static final int LONGEST_IN_ALL_CUTS = 200;

    /** Whatever begins a text can be completed by one of these, if by anything. */
    private static final String[] COMPLETIONS = {"", "80", "8080", "808080", "bf80", "bf8080"};

    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void validate(byte[] input) {
        ByteBuffer heap = Splits.whole(input, false);
        ByteBuffer direct = Splits.whole(input, true);
        int from = heap.position();
        int to = heap.limit();
        int whole = Utf8.validate(heap, from, to, Utf8.ACCEPT);
        assertThat(whole == Utf8.ACCEPT).isEqualTo(isText(input));
        assertThat(Utf8.validate(direct, from, to, Utf8.ACCEPT)).isEqualTo(whole);
        if (input.length > LONGEST_IN_ALL_CUTS) {
            return;
        }
        int byBytes = Utf8.ACCEPT;
        for (int cut = 0; cut <= input.length; cut++) {
            int before = Utf8.validate(heap, from, from + cut, Utf8.ACCEPT);
            assertThat(before).as("%d bytes one by one", cut).isEqualTo(byBytes);
            assertThat(before != Utf8.REJECT).as("after %d bytes", cut).isEqualTo(begins(input, cut));
            if (before == Utf8.REJECT) {
                break;
            }
            assertThat(Utf8.validate(heap, from + cut, to, before))
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
            if (cut < input.length) {
                byBytes = Utf8.validate(heap, from + cut, from + cut + 1, byBytes);
            }
        }
    }

    private static boolean isText(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether the first bytes are the beginning of any text. */
    private static boolean begins(byte[] input, int length) {
        for (String completion : COMPLETIONS) {
            byte[] end = Endpoint.hex(completion);
            byte[] text = new byte[length + end.length];
            System.arraycopy(input, 0, text, 0, length);
            System.arraycopy(end, 0, text, length, end.length);
            if (isText(text)) {
                return true;
            }
        }
        return false;
    }
}
