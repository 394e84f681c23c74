package dev.bowline.verification.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.Opcode;
import dev.bowline.codec.Role;
import dev.bowline.testkit.RawFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the benchmarks compare equals: every codec makes the same of the same bytes. */
final class FrameCodecTest {
    private static final byte[] TAIL = {0, 0, -1, -1};

    private static List<RawFrame> frames(byte[] stream) {
        List<RawFrame> frames = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(stream);
        for (RawFrame frame = RawFrame.parse(in); frame != null; frame = RawFrame.parse(in)) {
            frames.add(frame);
        }
        assertThat(in.hasRemaining()).as("bytes behind the last frame").isFalse();
        return frames;
    }

    private static byte[] payloads(byte[] stream) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames(stream).forEach(frame -> all.writeBytes(frame.payload()));
        return all.toByteArray();
    }

    private static byte[] inflate(byte[] payload) throws DataFormatException {
        byte[] withTail = Arrays.copyOf(payload, payload.length + TAIL.length);
        System.arraycopy(TAIL, 0, withTail, payload.length, TAIL.length);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(withTail);
            byte[] out = new byte[FrameCodec.LARGEST_BYTES];
            return Arrays.copyOf(out, inflater.inflate(out));
        } finally {
            inflater.end();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bowline", "netty", "java-websocket"})
    void takesTheMessagesOfTheStream(String codec) {
        for (int size : new int[] {20, 16_384, 1_048_576}) {
            byte[] stream = FrameBenchmark.stream(size);
            Tally tally = new Tally(true);
            try (FrameCodec server = FrameCodec.of(codec, Role.SERVER, false, tally)) {
                for (int i = 0; i < 3; i++) { // as in a benchmark the same again and again
                    server.receive(stream);
                }
            }
            byte[] once = payloads(stream);
            assertThat(tally.pieces()).isEqualTo(3 * frames(stream).size());
            assertThat(tally.kept()).isEqualTo(concat(once, once, once));
            assertThat(tally.bytes()).isEqualTo(3L * once.length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bowline", "netty", "java-websocket"})
    void framesAsAServerAndMasksAsAClient(String codec) {
        for (Role role : Role.values()) {
            for (int size : new int[] {20, 1024, 16_384, 1_048_576}) {
                byte[] payload = payloads(FrameBenchmark.stream(size));
                Tally tally = new Tally(true);
                try (FrameCodec end = FrameCodec.of(codec, role, false, tally)) {
                    end.send(payload);
                    end.send(payload);
                }
                List<RawFrame> sent = frames(tally.kept());
                assertThat(sent).hasSize(2).allSatisfy(frame -> {
                    assertThat(frame.withoutMask()).isEqualTo(RawFrame.binary(payload));
                    assertThat(frame.masked()).isEqualTo(role == Role.CLIENT);
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bowline", "netty", "java-websocket"})
    @DisplayName("inflates what zlib compressed, and compresses what zlib inflates, each message by itself")
    void compresses(String codec) throws DataFormatException {
        for (int size : new int[] {1024, 16_384}) {
            byte[][] messages = Arrays.copyOf(DeflateBenchmark.messages(size), 5);
            Tally received = new Tally(true);
            Tally sent = new Tally(true);
            try (FrameCodec receiver = FrameCodec.of(codec, Role.SERVER, true, received);
                    FrameCodec sender = FrameCodec.of(codec, Role.SERVER, true, sent)) {
                for (byte[] message : messages) {
                    receiver.receive(CompressedMessageBenchmark.frame(message));
                    sender.send(message);
                }
            }
            assertThat(received.pieces()).isEqualTo(messages.length);
            assertThat(received.kept()).isEqualTo(concat(messages));
            List<RawFrame> frames = frames(sent.kept());
            assertThat(frames).hasSameSizeAs(messages);
            for (int i = 0; i < messages.length; i++) {
                RawFrame frame = frames.get(i);
                assertThat(frame.opcode()).isEqualTo(Opcode.BINARY);
                assertThat(frame.rsv()).isEqualTo(4);
                assertThat(frame.payload().length).isLessThan(size * 6 / 10);
                assertThat(inflate(frame.payload())).isEqualTo(messages[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bowline"})
    void knowsNoOtherCodec(String name) {
        assertThatThrownBy(() -> FrameCodec.of(name, Role.SERVER, false, new Tally(false)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
