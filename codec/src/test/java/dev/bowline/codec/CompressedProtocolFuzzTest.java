package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.deflate.PermessageDeflate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * As {@link ProtocolFuzzTest}, under permessage-deflate. Every message is sent back, and a peer must understand that.
 * The options of the {@link CutInput}: 0x10 asks for small limits, 0x20 for contexts, 0x40 for small windows.
 */
final class CompressedProtocolFuzzTest {
    private static final ProtocolOptions LIMITS = new ProtocolOptions(20_000, 20_000, Duration.ofSeconds(5));

    /**
     * Where several things are wrong with a message, a cut decides which is found first: zlib gives nothing of a piece
     * at whose end it finds a fault.
     */
    private static final Set<Violation> BY_CUT =
            Set.of(Violation.EXTENSION_DATA_INVALID, Violation.MESSAGE_TOO_BIG, Violation.TEXT_NOT_UTF8);

    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void server(byte[] input) {
        survives(Role.SERVER, input);
    }

    @ArgumentsSource(FuzzInputs.class)
    @FuzzTest(maxDuration = "5m")
    void client(byte[] input) {
        survives(Role.CLIENT, input);
    }

    private static void survives(Role role, byte[] input) {
        CutInput cut = CutInput.of(input);
        if (cut == null) {
            return;
        }
        List<String> whole = new Pair(role, cut.options()).outcome(cut.whole());
        assertThat(new Pair(role, cut.options()).outcome(cut.pieces()))
                .as(cut.describe())
                .isEqualTo(whole);
    }

    /** The end under test, and one that listens to it. */
    private static final class Pair {
        private final ExtensionScope scope = new ExtensionScope();
        private final List<Extension> extensions = new ArrayList<>();
        private final Endpoint endpoint;
        private final Endpoint peer;

        Pair(Role role, int options) {
            boolean keep = (options & 0x20) != 0;
            int windowBits = (options & 0x40) != 0 ? 9 : 15;
            PermessageDeflate deflate = PermessageDeflate.builder()
                    .thresholdBytes(20)
                    .ownContext(keep)
                    .peerContext(keep)
                    .ownWindowBits(windowBits)
                    .peerWindowBits(windowBits)
                    .build();
            Agreement server = Objects.requireNonNull(deflate.answer(deflate.offers()));
            Agreement client = Objects.requireNonNull(deflate.accept(server.parameters()));
            boolean isServer = role == Role.SERVER;
            endpoint = end(role, (options & 0x10) != 0 ? Endpoint.SMALL : LIMITS, isServer ? server : client);
            peer = end(isServer ? Role.CLIENT : Role.SERVER, LIMITS, isServer ? client : server);
        }

        private Endpoint end(Role role, ProtocolOptions limits, Agreement agreement) {
            Extension extension = agreement.extension().apply(scope);
            extensions.add(extension);
            return new Endpoint(role, limits, extension);
        }

        List<String> outcome(List<ByteBuffer> pieces) {
            endpoint.reaction = payload -> {
                assertThat(endpoint.error()).as("no event behind a verdict").isNull();
                String event = endpoint.events.get(endpoint.events.size() - 1);
                if (isData(event)) {
                    endpoint.protocol.send(event.startsWith("text") ? Opcode.TEXT : Opcode.BINARY, payload);
                }
            };
            endpoint.receive(pieces);
            peer.receive(endpoint.drain());
            assertThat(peer.error()).isNull();
            assertThat(peer.events.stream().filter(Pair::isData))
                    .isEqualTo(endpoint.events.stream().filter(Pair::isData).toList());
            List<String> outcome = new ArrayList<>(endpoint.events);
            ProtocolError error = endpoint.error();
            if (error != null && BY_CUT.contains(error.violation())) {
                outcome.add("refused");
            } else {
                outcome.addAll(peer.events);
                outcome.addAll(endpoint.outcome());
            }
            extensions.forEach(Extension::close);
            scope.close();
            return outcome;
        }

        private static boolean isData(String event) {
            return event.startsWith("text") || event.startsWith("binary");
        }
    }
}
