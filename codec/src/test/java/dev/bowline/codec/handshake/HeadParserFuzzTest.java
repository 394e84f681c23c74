package dev.bowline.codec.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bowline.codec.CutInput;
import dev.bowline.codec.FuzzInputs;
import dev.bowline.codec.Role;
import dev.bowline.codec.handshake.HeadParser.Progress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Hostile heads in hostile cuts. An input is a {@link CutInput}.
 *
 * <p>Runs over the committed inputs with the other tests; looks for new ones where {@code JAZZER_FUZZ=1} is set.
 */
final class HeadParserFuzzTest {
    private static final HeadLimits LIMITS = new HeadLimits(1024, 16);
    private static final ClientHandshake CLIENT = new ClientHandshake(
            URI.create("ws://h/"),
            "the sample nonce".getBytes(StandardCharsets.US_ASCII),
            List.of("chat"),
            List.of(Negotiators.levels("a")),
            HttpHeaders.EMPTY);

    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void request(byte[] input) {
        survives(Role.SERVER, input);
    }

    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void response(byte[] input) {
        survives(Role.CLIENT, input);
    }

    private static void survives(Role role, byte[] input) {
        CutInput cut = CutInput.of(input);
        if (cut == null) {
            return;
        }
        int length = cut.length();
        String whole = outcome(role, length, cut.whole());
        assertThat(outcome(role, length, cut.pieces())).as(cut.describe()).isEqualTo(whole);
    }

    /** What became of it, the number of bytes taken included. */
    private static String outcome(Role role, int length, List<ByteBuffer> parts) {
        HeadParser parser = new HeadParser(role, LIMITS);
        Progress progress = Progress.INCOMPLETE;
        for (ByteBuffer part : parts) {
            if (progress == Progress.INCOMPLETE) {
                progress = parser.parse(part);
                assertThat(progress != Progress.INCOMPLETE || !part.hasRemaining())
                        .isTrue();
            }
        }
        int taken = length - parts.stream().mapToInt(ByteBuffer::remaining).sum();
        assertThat(taken).isLessThanOrEqualTo(LIMITS.maxBytes() + 1);
        return progress + " after " + taken + ": "
                + switch (progress) {
                    case INCOMPLETE -> "";
                    case INVALID -> parser.error().toString();
                    case COMPLETE -> role == Role.SERVER ? judge(parser.request()) : judge(parser.response());
                };
    }

    private static String judge(RequestHead head) {
        assertThat(head.headers().size()).isLessThanOrEqualTo(LIMITS.maxHeaders());
        assertThat(head.target()).endsWith(head.query());
        OpeningHandshake.Examination examination = OpeningHandshake.examine(head);
        if (examination instanceof OpeningHandshake.Offer offer) {
            // Whoever is let in gets an answer that can be parsed.
            ResponseHead answer = OpeningHandshake.accept(
                    offer,
                    offer.subprotocols().stream().findFirst().orElse(null),
                    OpeningHandshake.negotiate(List.of(Negotiators.levels("a")), offer.extensions()),
                    HttpHeaders.EMPTY);
            assertThat(new HeadParser(Role.CLIENT, new HeadLimits(4096, 16)).parse(answer.toBytes()))
                    .isEqualTo(Progress.COMPLETE);
            return "offer " + offer;
        }
        return examination.toString();
    }

    private static String judge(ResponseHead head) {
        HeadParser again = new HeadParser(Role.CLIENT, new HeadLimits(4096, 16));
        assertThat(again.parse(head.toBytes())).isEqualTo(Progress.COMPLETE);
        assertThat(again.response()).isEqualTo(head);
        return CLIENT.examine(head) instanceof ClientHandshake.Failure failure
                ? failure.error().toString()
                : "established " + head;
    }
}
