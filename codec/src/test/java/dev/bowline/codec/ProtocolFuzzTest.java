package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bowline.testkit.RawFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Hostile bytes in hostile cuts. An input is a {@link CutInput}; its option 0x10 asks for small limits.
 *
 * <p>Runs over the committed inputs with the other tests; looks for new ones where {@code JAZZER_FUZZ=1} is set.
 */
final class ProtocolFuzzTest {
    /** Pongs that wait (4096 bytes and one more frame), then one Close frame; the largest frame has 131 bytes. */
    private static final int OUTPUT_BOUND = 4096 + 131 + 131;

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
        ProtocolOptions options = (cut.options() & 16) != 0 ? Endpoint.SMALL : ProtocolOptions.DEFAULT;
        List<String> whole = outcome(role, options, cut.whole());
        assertThat(outcome(role, options, cut.pieces())).as(cut.describe()).isEqualTo(whole);
    }

    private static List<String> outcome(Role role, ProtocolOptions options, List<ByteBuffer> parts) {
        Endpoint endpoint = new Endpoint(role, options, null);
        endpoint.reaction = payload ->
                assertThat(endpoint.error()).as("no event behind a verdict").isNull();
        endpoint.receive(parts);
        assertThat(endpoint.output.size()).isLessThanOrEqualTo(OUTPUT_BOUND);
        if (!endpoint.protocol.isOpen()) {
            int told = endpoint.events.size();
            endpoint.receive(RawFrame.text("late"), RawFrame.ping());
            assertThat(endpoint.events).hasSize(told);
            assertThat(endpoint.protocol.hasDeadline()).isTrue();
        }
        return endpoint.outcome();
    }
}
