package dev.bowline.codec.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bowline.codec.Extension;
import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.ExtensionParameters;
import dev.bowline.codec.ExtensionScope;
import dev.bowline.codec.FuzzInputs;
import dev.bowline.codec.MessageBuffer;
import dev.bowline.codec.Opcode;
import dev.bowline.testkit.Corpus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Hostile values of {@code Sec-WebSocket-Extensions}, for either role: whether they are parsed, what is agreed on, and that
 * both ends can talk under it. An input is a byte with the options of this end, then the header field's value.
 *
 * <p>Runs over the committed inputs with the other tests; looks for new ones where {@code JAZZER_FUZZ=1} is set.
 */
final class NegotiationFuzzTest {
    private static final byte[] MESSAGE = Corpus.message(Corpus.Kind.JSON, 1500, 1);
    private static final int[] WINDOWS = {15, 12, 9, 8};
    private static final ExtensionScope SCOPE = new ExtensionScope();

    /** The grammar of RFC 6455 §9.1, with the white space and the empty elements that RFC 9110 §5.6 allows. */
    private static final Pattern GRAMMAR;

    static {
        String space = "[ \\t]*+";
        String token = "[!#$%&'*+.^_`|~0-9A-Za-z-]++" + space;
        String quoted = "\"(?:\\\\?[!#$%&'*+.^_`|~0-9A-Za-z-])++\"" + space;
        String parameter = ";" + space + token + "(?:=" + space + "(?:" + token + "|" + quoted + "))?+";
        String element = token + "(?:" + parameter + ")*+";
        GRAMMAR = Pattern.compile("[ \\t,]*+" + element + "(?:," + space + "(?:" + element + ")?+)*+");
    }

    /** A server is offered something: it takes the first valid offer, and a client that made it takes the answer. */
    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void offer(byte[] input) {
        List<ExtensionParameters> valid = elements(input).stream()
                .filter(offer -> DeflateParameters.ofOffer(offer) != null)
                .toList();
        Agreement answer = options(input).build().answer(elements(input));
        assertThat(answer != null).isEqualTo(!valid.isEmpty());
        if (answer == null) {
            return;
        }
        DeflateParameters agreed = Objects.requireNonNull(DeflateParameters.ofAnswer(answer.parameters()));
        assertThat(agreed.answers(Objects.requireNonNull(DeflateParameters.ofOffer(valid.get(0)))))
                .isTrue();
        Agreement accepted = options(input).offers(valid).build().accept(answer.parameters());
        talk(agreed, Objects.requireNonNull(accepted), answer);
    }

    /** A client is answered something: it takes only what answers its offer. */
    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void answer(byte[] input) {
        PermessageDeflate client = options(input).build();
        DeflateParameters offer =
                Objects.requireNonNull(DeflateParameters.ofOffer(client.offers().get(0)));
        for (ExtensionParameters element : elements(input)) {
            DeflateParameters answer = DeflateParameters.ofAnswer(element);
            Agreement accepted = client.accept(element);
            assertThat(accepted != null).isEqualTo(answer != null && answer.answers(offer));
            if (accepted != null && answer != null) {
                talk(answer, accepted, null);
            }
        }
    }

    private static PermessageDeflate.Builder options(byte[] input) {
        int options = input.length == 0 ? 0 : input[0];
        return PermessageDeflate.builder()
                .ownContext((options & 1) != 0)
                .peerContext((options & 2) != 0)
                .ownWindowBits(WINDOWS[options >> 2 & 3])
                .peerWindowBits(WINDOWS[options >> 4 & 3]);
    }

    /** What the parser makes of it; nothing where it does not follow the grammar. */
    private static List<ExtensionParameters> elements(byte[] input) {
        String value = new String(
                input, Math.min(1, input.length), Math.max(0, input.length - 1), StandardCharsets.ISO_8859_1);
        List<ExtensionParameters> elements = ExtensionParameters.parse(value);
        assertThat(elements != null).as(value).isEqualTo(GRAMMAR.matcher(value).matches());
        if (elements == null) {
            return List.of();
        }
        String again = elements.stream().map(ExtensionParameters::toHeader).collect(Collectors.joining(", "));
        assertThat(ExtensionParameters.parse(again)).isEqualTo(elements);
        return elements;
    }

    /** Messages both ways; where there is no server, a judge of the window alone. */
    private static void talk(DeflateParameters agreed, Agreement client, @Nullable Agreement server) {
        Extension clientEnd = client.extension().apply(SCOPE);
        Extension serverEnd = server == null ? null : server.extension().apply(SCOPE);
        StrictInflate fromClient = new StrictInflate(bits(agreed.clientMaxWindowBits()));
        StrictInflate fromServer = new StrictInflate(bits(agreed.serverMaxWindowBits()));
        for (int round = 0; round < 3; round++) {
            send(clientEnd, fromClient, agreed.clientNoContextTakeover(), serverEnd);
            if (serverEnd != null) {
                send(serverEnd, fromServer, agreed.serverNoContextTakeover(), clientEnd);
            }
        }
        clientEnd.close();
        if (serverEnd != null) {
            serverEnd.close();
        }
    }

    private static int bits(int named) {
        return named == DeflateParameters.ABSENT ? DeflateFormat.MAX_WINDOW_BITS : named;
    }

    private static void send(Extension from, StrictInflate judge, boolean noContext, @Nullable Extension to) {
        ByteBuffer encoded = Objects.requireNonNull(from.encode(Opcode.TEXT, ByteBuffer.wrap(MESSAGE), true));
        byte[] compressed = new byte[encoded.remaining()];
        encoded.get(compressed);
        if (noContext) {
            judge.forget();
        }
        assertThat(judge.message(compressed)).isEqualTo(MESSAGE);
        if (to != null) {
            MessageBuffer message = new MessageBuffer(MESSAGE.length);
            assertThat(to.decode(ByteBuffer.wrap(compressed), 0, compressed.length, true, message))
                    .isNull();
            assertThat(Arrays.equals(message.view().array(), 0, message.size(), MESSAGE, 0, MESSAGE.length))
                    .isTrue();
        }
    }
}
