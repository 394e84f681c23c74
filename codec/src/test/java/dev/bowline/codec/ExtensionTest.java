package dev.bowline.codec;

import static dev.bowline.codec.Endpoint.utf8;
import static dev.bowline.codec.Endpoint.wire;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Splits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The extension seam (RFC 6455 §5.8, §9) with a toy: it inverts every bit, leaves short messages as they are. */
final class ExtensionTest {
    private static final int RSV1 = 0x40;
    private static final int RSV2 = 0x20;

    /** Inverts messages of three bytes and more; can't decode a byte that becomes 0x7F. */
    private static final class Inverter implements Extension {
        private final int bits;
        final List<Boolean> lasts = new ArrayList<>();

        Inverter(int bits) {
            this.bits = bits;
        }

        @Override
        public int reservedBits() {
            return bits;
        }

        @Override
        public @Nullable ByteBuffer encode(int opcode, ByteBuffer payload, boolean always) {
            if (payload.remaining() < 3 && !always) {
                return null;
            }
            byte[] bytes = new byte[payload.remaining()];
            payload.get(payload.position(), bytes);
            return ByteBuffer.wrap(inverted(bytes));
        }

        @Override
        public @Nullable ProtocolError decode(ByteBuffer in, int from, int to, boolean last, MessageBuffer message) {
            byte[] bytes = new byte[to - from];
            in.get(from, bytes);
            lasts.add(last);
            byte[] decoded = inverted(bytes);
            for (byte b : decoded) {
                if (b == 0x7F) {
                    return Violation.EXTENSION_DATA_INVALID.error("0x7f");
                }
            }
            return message.append(ByteBuffer.wrap(decoded), 0, decoded.length)
                    ? null
                    : Violation.MESSAGE_TOO_BIG.error("more than " + message.limit() + " bytes");
        }

        @Override
        public void close() {}
    }

    private static byte[] inverted(byte[] bytes) {
        byte[] inverted = bytes.clone();
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = (byte) ~inverted[i];
        }
        return inverted;
    }

    private static byte[] inverted(String text) {
        return inverted(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Endpoint endpoint(Role role, int bits) {
        return new Endpoint(role, Endpoint.SMALL, new Inverter(bits));
    }

    private static RawFrame encoded(int opcode, int bits, byte[] content) {
        return RawFrame.of(opcode, inverted(content)).withRsv(bits >> 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {RSV1, RSV2, RSV1 | RSV2})
    void marksWhatItTransformedWithItsBits(int bits) {
        for (Role role : Role.values()) {
            Endpoint endpoint = endpoint(role, bits);
            endpoint.protocol.send(Opcode.TEXT, utf8("Hello"));
            endpoint.protocol.send(Opcode.BINARY, utf8("no"));
            endpoint.protocol.send(PreparedMessage.text("to all"));
            endpoint.protocol.ping(utf8("ping"));
            endpoint.protocol.close(1000, "bye", endpoint.now);
            assertThat(endpoint.sentUnmasked())
                    .containsExactly(
                            encoded(RawFrame.TEXT, bits, "Hello".getBytes(StandardCharsets.UTF_8)),
                            RawFrame.binary((byte) 'n', (byte) 'o'),
                            encoded(RawFrame.TEXT, bits, "to all".getBytes(StandardCharsets.UTF_8)),
                            RawFrame.ping("ping".getBytes(StandardCharsets.UTF_8)),
                            RawFrame.close(1000, "bye"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RSV1, RSV2})
    void restoresWhatIsMarkedAndLeavesTheRest(int bits) {
        for (Role role : Role.values()) {
            byte[] bytes = wire(
                    role,
                    RawFrame.of(RawFrame.TEXT, inverted("Hello")).withRsv(bits >> 4),
                    RawFrame.text("plain"),
                    RawFrame.of(RawFrame.BINARY, (byte) 0xF0).withRsv(bits >> 4).withFin(false),
                    RawFrame.ping((byte) 1),
                    RawFrame.continuation().withFin(false),
                    RawFrame.continuation((byte) 0x0F),
                    RawFrame.binary((byte) 3).withFin(false),
                    RawFrame.continuation((byte) 4),
                    RawFrame.text("").withRsv(bits >> 4));
            Splits.SplitConsumer check = parts -> {
                Endpoint endpoint = endpoint(role, bits).receive(parts);
                assertThat(endpoint.error()).isNull();
                assertThat(endpoint.events)
                        .containsExactly("text Hello", "text plain", "ping 01", "binary 0ff0", "binary 0304", "text");
            };
            Splits.everyBoundary(bytes, check);
            Splits.oneByteAtATime(bytes, check);
        }
    }

    @Test
    @DisplayName("exactly one piece of a message is its last")
    void toldTheLastPieceOnce() {
        byte[] bytes = wire(
                Role.SERVER,
                RawFrame.of(RawFrame.BINARY, new byte[10]).withRsv(4).withFin(false),
                RawFrame.continuation(new byte[10]).withFin(false),
                RawFrame.continuation());
        Splits.everyBoundary(bytes, parts -> {
            Inverter inverter = new Inverter(RSV1);
            new Endpoint(Role.SERVER, Endpoint.SMALL, inverter).receive(parts);
            assertThat(inverter.lasts).endsWith(true);
            assertThat(inverter.lasts.stream().filter(last -> last)).hasSize(1);
        });
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("§5.2: its bits mean nothing on other frames, and others' bits mean nothing at all")
    void bitsElsewhereAreRefused(Role role) {
        RawFrame open = RawFrame.of(RawFrame.TEXT, inverted("abc")).withRsv(4).withFin(false);
        for (RawFrame bad : List.of(
                RawFrame.ping().withRsv(4),
                RawFrame.pong().withRsv(4),
                RawFrame.close(1000, "").withRsv(4),
                RawFrame.text("x").withRsv(2),
                RawFrame.text("x").withRsv(5),
                RawFrame.binary().withRsv(1))) {
            assertThat(endpoint(role, RSV1).receive(bad).violation())
                    .as("%s", bad)
                    .isEqualTo(Violation.RESERVED_BITS);
        }
        Endpoint inside =
                endpoint(role, RSV1).receive(open, RawFrame.continuation().withRsv(4));
        assertThat(inside.violation()).isEqualTo(Violation.RESERVED_BITS);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("§8.1: text is judged as it is restored, at the first bad byte")
    void restoredTextMustBeUtf8(Role role) {
        byte[] bytes = wire(
                role,
                RawFrame.of(RawFrame.TEXT, inverted(new byte[] {'a', (byte) 0xE2}))
                        .withRsv(4)
                        .withFin(false),
                RawFrame.continuation(inverted(new byte[] {(byte) 0x82, 0x28, 'b', 'c'})));
        assertThat(endpoint(role, RSV1).settledAfter(bytes)).isEqualTo(bytes.length - 2);
        Splits.everyBoundary(bytes, parts -> {
            Endpoint endpoint = endpoint(role, RSV1).receive(parts);
            assertThat(endpoint.violation()).isEqualTo(Violation.TEXT_NOT_UTF8);
            assertThat(endpoint.events).isEmpty();
        });
        // The bytes on the wire are not UTF-8, the message is.
        assertThat(endpoint(role, RSV1)
                        .receive(RawFrame.of(RawFrame.TEXT, inverted("ok!")).withRsv(4))
                        .events)
                .containsExactly("text ok!");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("what it can't decode fails the connection with its verdict")
    void dataItCannotDecode(Role role) {
        byte[] bytes = wire(
                role,
                RawFrame.of(RawFrame.BINARY, (byte) 1, (byte) 0x80, (byte) 2).withRsv(4));
        Splits.everyBoundary(bytes, parts -> {
            Endpoint endpoint = endpoint(role, RSV1).receive(parts);
            ProtocolError error = Violation.EXTENSION_DATA_INVALID.error("0x7f");
            assertThat(endpoint.error()).isEqualTo(error);
            assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close(1007, error.closeReason()));
            assertThat(endpoint.events).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("§10.4: the limit counts the message as restored")
    void theMessageLimitHolds(Role role) {
        RawFrame half = RawFrame.of(RawFrame.BINARY, new byte[500]).withRsv(4).withFin(false);
        RawFrame rest = RawFrame.continuation(new byte[500]);
        Endpoint fits = endpoint(role, RSV1).receive(half, rest);
        assertThat(fits.events).containsExactly(Endpoint.describe("binary", inverted(new byte[1000])));
        Endpoint over = endpoint(role, RSV1).receive(half, rest.withFin(false), RawFrame.continuation((byte) 1));
        assertThat(over.error()).isEqualTo(Violation.MESSAGE_TOO_BIG.error("more than 1000 bytes"));
        assertThat(over.events).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("§10.4: a frame of an encoded message may be larger by an eighth and 64 bytes, a plain one may not")
    void theFrameLimitAllowsForWhatGrows(Role role) {
        int allowed = 600 + 75 + 64;
        RawFrame first = RawFrame.of(RawFrame.BINARY, (byte) 1).withRsv(4).withFin(false);
        for (int length : new int[] {601, allowed}) {
            RawFrame whole = RawFrame.binary(new byte[length]);
            assertThat(endpoint(role, RSV1).receive(whole.withRsv(4)).events).hasSize(1);
            RawFrame rest = RawFrame.continuation(new byte[length]);
            assertThat(endpoint(role, RSV1).receive(first, RawFrame.ping(), rest).events)
                    .hasSize(2);
            assertThat(endpoint(role, RSV1).receive(whole).error())
                    .isEqualTo(Violation.FRAME_TOO_BIG.error(length + " bytes, allowed 600"));
        }
        RawFrame over = RawFrame.continuation(new byte[allowed + 1]);
        assertThat(endpoint(role, RSV1).receive(first, over).error())
                .isEqualTo(Violation.FRAME_TOO_BIG.error("740 bytes, allowed 739"));
    }

    @Test
    void bothEndsUnderstandEachOther() {
        Endpoint client = endpoint(Role.CLIENT, RSV1);
        Endpoint server = endpoint(Role.SERVER, RSV1);
        client.protocol.send(Opcode.TEXT, utf8("Grüße"));
        client.protocol.send(Opcode.BINARY, utf8("x"));
        server.receive(client.drain());
        assertThat(server.events).containsExactly("text Grüße", "binary 78");
        server.protocol.send(PreparedMessage.text("back again"));
        client.receive(server.drain());
        assertThat(client.events).containsExactly("text back again");
    }
}
