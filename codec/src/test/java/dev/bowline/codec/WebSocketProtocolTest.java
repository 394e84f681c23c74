package dev.bowline.codec;

import static dev.bowline.codec.Endpoint.hex;
import static dev.bowline.codec.Endpoint.inEveryCut;
import static dev.bowline.codec.Endpoint.utf8;
import static dev.bowline.codec.Endpoint.wire;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawFrame.LengthForm;
import dev.bowline.testkit.Splits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class WebSocketProtocolTest {
    private static byte[] concat(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    @Nested
    @DisplayName("§5.7: the examples of the RFC")
    final class KnownAnswers {
        private static final String MASKED_HELLO = "81 85 37 fa 21 3d 7f 9f 4d 51 58";

        private static String filled(String header, int length) {
            return header + "00".repeat(length);
        }

        static Stream<Arguments> received() {
            return Stream.of(
                    Arguments.of(Role.CLIENT, "81 05 48 65 6c 6c 6f", List.of("text Hello")),
                    Arguments.of(Role.SERVER, MASKED_HELLO, List.of("text Hello")),
                    Arguments.of(Role.CLIENT, "01 03 48 65 6c 80 02 6c 6f", List.of("text Hello")),
                    Arguments.of(Role.CLIENT, "89 05 48 65 6c 6c 6f", List.of("ping 48656c6c6f")),
                    Arguments.of(Role.SERVER, "8a 85 37 fa 21 3d 7f 9f 4d 51 58", List.of("pong 48656c6c6f")),
                    Arguments.of(
                            Role.CLIENT,
                            filled("82 7e 01 00", 256),
                            List.of(Endpoint.describe("binary", new byte[256]))),
                    Arguments.of(
                            Role.SERVER,
                            filled("82 fe 01 00 00 00 00 00", 256),
                            List.of(Endpoint.describe("binary", new byte[256]))));
        }

        @ParameterizedTest(name = "{0} receives {1}")
        @MethodSource("received")
        void areUnderstoodInEveryCut(Role role, String wire, List<String> events) {
            inEveryCut(role, hex(wire), endpoint -> assertThat(endpoint.events).isEqualTo(events));
        }

        @Test
        void sixtyFourKibibytesAreUnderstood() {
            Endpoint client = new Endpoint(Role.CLIENT).receive(hex(filled("82 7f 00 00 00 00 00 01 00 00", 65_536)));
            assertThat(client.events).containsExactly(Endpoint.describe("binary", new byte[65_536]));
        }

        @Test
        void areWrittenByAServer() {
            Endpoint server = new Endpoint(Role.SERVER);
            server.protocol.send(Opcode.TEXT, utf8("Hello"));
            assertThat(server.drain()).isEqualTo(hex("81 05 48 65 6c 6c 6f"));
            server.protocol.ping(utf8("Hello"));
            assertThat(server.drain()).isEqualTo(hex("89 05 48 65 6c 6c 6f"));
            server.protocol.send(Opcode.BINARY, ByteBuffer.allocate(256));
            assertThat(server.drain()).isEqualTo(hex(filled("82 7e 01 00", 256)));
            server.protocol.send(Opcode.BINARY, ByteBuffer.allocate(65_536));
            assertThat(server.drain()).isEqualTo(hex(filled("82 7f 00 00 00 00 00 01 00 00", 65_536)));
        }

        @Test
        void areWrittenByAClient() {
            OutputQueue output = new OutputQueue(BufferSource.heap(256));
            Endpoint unused = new Endpoint(Role.CLIENT);
            WebSocketProtocol client = new WebSocketProtocol(
                    Role.CLIENT, ProtocolOptions.DEFAULT, null, () -> 0x37FA_213D, output, unused);
            client.send(Opcode.TEXT, utf8("Hello"));
            assertThat(next(output)).isEqualTo(MASKED_HELLO.replace(" ", ""));
            client.receive(ByteBuffer.wrap(hex("89 05 48 65 6c 6c 6f")), 0);
            assertThat(next(output)).isEqualTo("8a8537fa213d7f9f4d5158");
        }

        private static String next(OutputQueue output) {
            ByteBuffer[] batch = new ByteBuffer[1];
            assertThat(output.gather(batch)).isOne();
            byte[] bytes = new byte[batch[0].remaining()];
            batch[0].get(bytes);
            output.sent(bytes.length);
            return HexFormat.of().formatHex(bytes);
        }
    }

    /** One way to break one rule. */
    private record Provocation(
            Violation violation,
            String detail,
            @Nullable Role only,
            List<RawFrame> before,
            RawFrame bad,
            int settledIn) {
        static final int END = Integer.MAX_VALUE;

        /** Settled by so many bytes of the header. */
        static Provocation header(Violation violation, String detail, RawFrame bad, int bytes, RawFrame... before) {
            return new Provocation(violation, detail, null, List.of(before), bad, -bytes);
        }

        /** Settled by so many bytes of the payload. */
        static Provocation payload(Violation violation, String detail, RawFrame bad, int bytes, RawFrame... before) {
            return new Provocation(violation, detail, null, List.of(before), bad, bytes);
        }

        Provocation only(Role role) {
            return new Provocation(violation, detail, role, before, bad, settledIn);
        }

        byte[] badBytes(Role role) {
            boolean wrongMask = violation == Violation.MASK_FORBIDDEN || violation == Violation.MASK_MISSING;
            return (role == Role.SERVER) != wrongMask
                    ? bad.withMask(0x5A01_FF80).bytes()
                    : bad.bytes();
        }

        int settledAfter(Role role) {
            byte[] bytes = badBytes(role);
            if (settledIn == END) {
                return bytes.length;
            }
            return settledIn < 0 ? -settledIn : bytes.length - bad.payload().length + settledIn;
        }

        @Override
        public String toString() {
            return violation.code() + " by " + bad + (before.isEmpty() ? "" : " after " + before);
        }
    }

    @Nested
    @DisplayName("what a peer does wrong")
    final class Violations {
        private static final RawFrame OPEN_TEXT = RawFrame.text("ab").withFin(false);
        private static final RawFrame OPEN_BINARY = RawFrame.binary((byte) 1).withFin(false);
        private static final RawFrame NOTHING_MORE = RawFrame.text("never seen");

        private static RawFrame text(String hexPayload) {
            return RawFrame.of(RawFrame.TEXT, hex(hexPayload));
        }

        private static RawFrame more(String hexPayload) {
            return RawFrame.of(RawFrame.CONTINUATION, hex(hexPayload));
        }

        static List<Provocation> provocations() {
            List<Provocation> all = new ArrayList<>();
            for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
                all.add(Provocation.header(
                        Violation.RESERVED_OPCODE, "0x" + Integer.toHexString(opcode), RawFrame.of(opcode), 1));
            }
            String[] bits = {"", "001", "010", "011", "100", "101", "110", "111"};
            for (int rsv = 1; rsv < 8; rsv++) {
                all.add(Provocation.header(
                        Violation.RESERVED_BITS,
                        "RSV bits " + bits[rsv] + " on a text frame",
                        RawFrame.text("x").withRsv(rsv),
                        1));
            }
            all.add(Provocation.header(
                    Violation.RESERVED_BITS,
                    "RSV bits 100 on a ping frame",
                    RawFrame.ping().withRsv(4),
                    1));
            all.add(Provocation.header(
                    Violation.RESERVED_BITS,
                    "RSV bits 001 on a continuation frame",
                    RawFrame.continuation().withRsv(1),
                    1,
                    OPEN_TEXT));
            all.add(Provocation.header(Violation.MASK_MISSING, "", RawFrame.text("Hello"), 2)
                    .only(Role.SERVER));
            all.add(Provocation.header(Violation.MASK_FORBIDDEN, "", RawFrame.text("Hello"), 2)
                    .only(Role.CLIENT));
            all.add(Provocation.header(Violation.MASK_MISSING, "", RawFrame.close(1000, ""), 2)
                    .only(Role.SERVER));
            all.add(Provocation.header(Violation.MASK_FORBIDDEN, "", RawFrame.close(1000, ""), 2)
                    .only(Role.CLIENT));
            all.add(Provocation.header(
                    Violation.LENGTH_NOT_MINIMAL,
                    "5 bytes",
                    RawFrame.text("Hello").withLengthForm(LengthForm.BITS_16),
                    4));
            all.add(Provocation.header(
                    Violation.LENGTH_NOT_MINIMAL,
                    "300 bytes",
                    RawFrame.binary(new byte[300]).withLengthForm(LengthForm.BITS_64),
                    10));
            all.add(Provocation.header(
                    Violation.LENGTH_NEGATIVE, "", RawFrame.binary().withDeclaredLength(Long.MIN_VALUE), 10));
            all.add(Provocation.header(
                    Violation.FRAME_TOO_BIG,
                    "1048577 bytes, allowed 1048576",
                    RawFrame.binary().withDeclaredLength((1 << 20) + 1),
                    10));
            all.add(Provocation.payload(
                    Violation.MESSAGE_TOO_BIG,
                    "1048577 bytes, allowed 1048576",
                    RawFrame.continuation().withDeclaredLength(1 << 20),
                    0,
                    OPEN_BINARY));
            for (RawFrame control : List.of(RawFrame.ping(), RawFrame.pong(), RawFrame.close())) {
                String name = Opcode.name(control.opcode());
                all.add(Provocation.header(Violation.CONTROL_FRAGMENTED, name, control.withFin(false), 1));
                all.add(Provocation.header(Violation.CONTROL_TOO_LONG, name, control.withDeclaredLength(126), 2));
                all.add(Provocation.header(Violation.CONTROL_TOO_LONG, name, control.withDeclaredLength(70_000), 2));
            }
            all.add(Provocation.header(Violation.CONTINUATION_UNEXPECTED, "", RawFrame.continuation(), 1));
            all.add(Provocation.header(
                    Violation.CONTINUATION_UNEXPECTED,
                    "",
                    RawFrame.continuation().withFin(false),
                    1));
            all.add(Provocation.header(
                    Violation.CONTINUATION_UNEXPECTED,
                    "",
                    RawFrame.continuation(),
                    1,
                    OPEN_TEXT,
                    RawFrame.continuation()));
            all.add(Provocation.header(Violation.CONTINUATION_EXPECTED, "text", RawFrame.text(""), 1, OPEN_TEXT));
            all.add(Provocation.header(Violation.CONTINUATION_EXPECTED, "binary", RawFrame.binary(), 1, OPEN_TEXT));
            all.add(Provocation.header(
                    Violation.CONTINUATION_EXPECTED, "text", RawFrame.text(""), 1, OPEN_BINARY, RawFrame.ping()));

            // §8.1, at the first bad byte: in one frame, in a fragment, over frames, at an end that cuts a character.
            all.add(Provocation.payload(Violation.TEXT_NOT_UTF8, "", text("48 65 ff 6c 6f"), 3));
            all.add(Provocation.payload(Violation.TEXT_NOT_UTF8, "", text("ce ba e1 bd b9 ed a0 80 65 64"), 7));
            all.add(Provocation.payload(Violation.TEXT_NOT_UTF8, "", text("f4 90 80 80"), 2));
            all.add(Provocation.payload(Violation.TEXT_NOT_UTF8, "", text("c0 af 61"), 1));
            all.add(Provocation.payload(Violation.TEXT_NOT_UTF8, "", text("e2 82"), 2));
            all.add(Provocation.payload(
                    Violation.TEXT_NOT_UTF8,
                    "",
                    text("61 62 63 80 64 65 66 67 68 69").withFin(false),
                    4));
            all.add(Provocation.payload(
                    Violation.TEXT_NOT_UTF8,
                    "",
                    more("82 28 61 61"),
                    2,
                    text("61 e2").withFin(false)));
            all.add(Provocation.payload(
                    Violation.TEXT_NOT_UTF8,
                    "",
                    more("28").withFin(false),
                    1,
                    text("f0 9f 92").withFin(false)));
            all.add(Provocation.payload(
                    Violation.TEXT_NOT_UTF8,
                    "",
                    more("a0 80"),
                    1,
                    text("ed").withFin(false),
                    RawFrame.ping(),
                    more("").withFin(false)));
            all.add(Provocation.payload(
                    Violation.TEXT_NOT_UTF8, "", more(""), 0, text("e2 82").withFin(false)));

            all.add(Provocation.payload(
                    Violation.CLOSE_PAYLOAD_MALFORMED, "", RawFrame.of(RawFrame.CLOSE, (byte) 3), Provocation.END));
            for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535}) {
                all.add(Provocation.payload(
                        Violation.CLOSE_CODE_INVALID,
                        Integer.toString(code),
                        RawFrame.close(code, "why"),
                        Provocation.END));
            }
            all.add(Provocation.payload(
                    Violation.CLOSE_REASON_NOT_UTF8,
                    "",
                    RawFrame.of(RawFrame.CLOSE, RawFrame.closePayload(1000, hex("61 ff"))),
                    Provocation.END));
            all.add(Provocation.payload(
                    Violation.CLOSE_REASON_NOT_UTF8,
                    "",
                    RawFrame.of(RawFrame.CLOSE, RawFrame.closePayload(1000, hex("61 e2 82"))),
                    Provocation.END));
            return all;
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("provocations")
        void areAnsweredAtTheByteThatSettlesIt(Provocation provocation) {
            for (Role role : provocation.only() == null ? Role.values() : new Role[] {provocation.only()}) {
                byte[] before = wire(role, provocation.before().toArray(RawFrame[]::new));
                byte[] bad = provocation.badBytes(role);

                Endpoint bytewise = new Endpoint(role);
                assertThat(bytewise.settledAfter(concat(before, bad)))
                        .as("bytes it takes until the verdict")
                        .isEqualTo(before.length + provocation.settledAfter(role));

                ProtocolError error = new ProtocolError(provocation.violation(), provocation.detail());
                List<String> pings = provocation.before().contains(RawFrame.ping()) ? List.of("ping") : List.of();
                List<String> finished =
                        provocation.before().contains(RawFrame.continuation()) ? List.of("text ab") : List.of();
                List<String> events =
                        Stream.concat(pings.stream(), finished.stream()).toList();
                inEveryCut(role, concat(before, bad, wire(role, NOTHING_MORE)), endpoint -> {
                    assertThat(endpoint.events).isEqualTo(events);
                    assertThat(endpoint.protocol.isOpen()).isFalse();
                    assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.HALF_CLOSE);
                    assertThat(endpoint.protocol.closeEvent())
                            .isEqualTo(new CloseEvent(
                                    provocation.violation().answer(), error.message(), false, Origin.LOCAL, error));
                    List<RawFrame> sent = endpoint.sentUnmasked();
                    assertThat(sent).hasSize(pings.size() + 1);
                    assertThat(sent.get(pings.size())).isEqualTo(RawFrame.close(error.answer(), error.closeReason()));
                });
            }
        }

        @Test
        @DisplayName("every entry of the catalogue that is about frames is provoked")
        void coverTheCatalogue() {
            Set<Violation> provoked =
                    provocations().stream().map(Provocation::violation).collect(Collectors.toSet());
            assertThat(provoked).isEqualTo(EnumSet.range(Violation.RESERVED_BITS, Violation.CLOSE_REASON_NOT_UTF8));
        }
    }

    @Nested
    @DisplayName("§5.4: fragmentation")
    final class Fragmentation {
        @ParameterizedTest
        @EnumSource(Role.class)
        void fragmentsBecomeOneMessageWithControlFramesBetween(Role role) {
            byte[] bytes = wire(
                    role,
                    RawFrame.text("He").withFin(false),
                    RawFrame.ping((byte) 1),
                    RawFrame.continuation().withFin(false),
                    RawFrame.pong((byte) 2),
                    RawFrame.continuation("ll".getBytes(StandardCharsets.UTF_8)).withFin(false),
                    RawFrame.ping(),
                    RawFrame.continuation((byte) 'o'),
                    RawFrame.binary(),
                    RawFrame.text("next"));
            inEveryCut(role, bytes, endpoint -> {
                assertThat(endpoint.events)
                        .containsExactly("ping 01", "pong 02", "ping", "text Hello", "binary", "text next");
                assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.pong((byte) 1), RawFrame.pong());
                assertThat(endpoint.protocol.isOpen()).isTrue();
            });
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void emptyFragmentsAreFragments(Role role) {
            byte[] bytes = wire(
                    role,
                    RawFrame.text("").withFin(false),
                    RawFrame.continuation().withFin(false),
                    RawFrame.continuation(),
                    RawFrame.binary().withFin(false),
                    RawFrame.continuation((byte) 7));
            inEveryCut(role, bytes, endpoint -> assertThat(endpoint.events).containsExactly("text", "binary 07"));
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("§5.6: a character may be cut by frames")
        void charactersMayBeCutByFrames(Role role) {
            byte[] text = "κόσμε€\uD83D\uDE00".getBytes(StandardCharsets.UTF_8);
            RawFrame[] frames = new RawFrame[text.length];
            for (int i = 0; i < text.length; i++) {
                frames[i] = RawFrame.of(i == 0 ? RawFrame.TEXT : RawFrame.CONTINUATION, text[i])
                        .withFin(i == text.length - 1);
            }
            inEveryCut(role, wire(role, frames), endpoint -> assertThat(endpoint.events)
                    .containsExactly("text κόσμε€\uD83D\uDE00"));
        }

        @Test
        void binaryMayHoldAnyBytes() {
            byte[] all = new byte[256];
            for (int i = 0; i < 256; i++) {
                all[i] = (byte) i;
            }
            RawFrame[] frames = {
                RawFrame.binary(Arrays.copyOf(all, 130)).withFin(false),
                RawFrame.continuation(Arrays.copyOfRange(all, 130, 256)),
                RawFrame.binary(all)
            };
            String expected = Endpoint.describe("binary", all);
            inEveryCut(Role.SERVER, wire(Role.SERVER, frames), endpoint -> assertThat(endpoint.events)
                    .containsExactly(expected, expected));
        }
    }

    @Nested
    @DisplayName("§5.5.2: pings are answered")
    final class Pings {
        @ParameterizedTest
        @EnumSource(Role.class)
        void withTheirOwnPayloadInOrder(Role role) {
            byte[] longest = new byte[125];
            Arrays.fill(longest, (byte) 0x5A);
            byte[] bytes = wire(role, RawFrame.ping(), RawFrame.ping((byte) 1, (byte) 2), RawFrame.ping(longest));
            inEveryCut(role, bytes, endpoint -> {
                assertThat(endpoint.events)
                        .containsExactly(
                                "ping", "ping 0102", "ping " + HexFormat.of().formatHex(longest));
                assertThat(endpoint.sentUnmasked())
                        .containsExactly(RawFrame.pong(), RawFrame.pong((byte) 1, (byte) 2), RawFrame.pong(longest));
            });
        }

        @Test
        void thePongIsQueuedWhenTheHandlerHears() {
            Endpoint server = new Endpoint(Role.SERVER);
            server.reaction = payload -> server.protocol.send(Opcode.TEXT, utf8("after"));
            server.receive(RawFrame.ping((byte) 9));
            assertThat(server.sent()).containsExactly(RawFrame.pong((byte) 9), RawFrame.text("after"));
        }

        @Test
        @DisplayName("§5.5.3: a pong nobody asked for is told and not answered")
        void pongsAreNotAnswered() {
            Endpoint server = new Endpoint(Role.SERVER).receive(RawFrame.pong((byte) 1), RawFrame.pong());
            assertThat(server.events).containsExactly("pong 01", "pong");
            assertThat(server.output.isEmpty()).isTrue();
        }

        @Test
        @DisplayName(
                "§5.5.3: a hundred thousand pings of a peer that reads nothing cost a bound; the latest is answered")
        void costABound() {
            Endpoint server = new Endpoint(Role.SERVER);
            long largest = 0;
            for (int i = 1; i <= 100_000; i++) {
                server.receive(RawFrame.ping(ByteBuffer.allocate(100).putInt(i).array()));
                server.events.clear();
                largest = Math.max(largest, server.output.size());
            }
            assertThat(largest).isBetween(4096L, 4096L + 127);
            List<RawFrame> first = server.sent();
            for (int i = 0; i < first.size(); i++) {
                assertThat(ByteBuffer.wrap(first.get(i).payload()).getInt()).isEqualTo(i + 1);
            }
            server.protocol.outputDrained();
            List<RawFrame> rest = server.sent();
            assertThat(rest).hasSize(1);
            assertThat(ByteBuffer.wrap(rest.get(0).payload()).getInt()).isEqualTo(100_000);

            server.protocol.outputDrained();
            assertThat(server.output.isEmpty()).as("answered once").isTrue();
            server.receive(RawFrame.ping((byte) 5));
            assertThat(server.sent()).containsExactly(RawFrame.pong((byte) 5));
        }

        @Test
        @DisplayName("a stream that always has more to send answers pings all the same")
        void areNotStarvedByData() {
            Endpoint server = new Endpoint(Role.SERVER);
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            server.protocol.send(Opcode.BINARY, ByteBuffer.allocate(20_000));
            for (int i = 0; i < 100; i++) {
                server.receive(RawFrame.ping(ByteBuffer.allocate(100).putInt(i).array()));
                server.protocol.send(Opcode.BINARY, ByteBuffer.allocate(20_000));
                written.writeBytes(server.write(20_106));
                assertThat(server.output.isEmpty()).isFalse();
            }
            List<Integer> answered = server.frames(concat(written.toByteArray(), server.drain())).stream()
                    .filter(frame -> frame.opcode() == RawFrame.PONG)
                    .map(frame -> ByteBuffer.wrap(frame.payload()).getInt())
                    .toList();
            assertThat(answered).isEqualTo(IntStream.range(0, 100).boxed().toList());
        }

        @Test
        void anOldDelayedPongIsNotSentBehindANewerOne() {
            Endpoint server = new Endpoint(Role.SERVER);
            for (int i = 0; i < 100; i++) {
                server.receive(RawFrame.ping(new byte[100]));
            }
            server.drain();
            server.receive(RawFrame.ping((byte) 2));
            server.protocol.outputDrained();
            assertThat(server.sent()).containsExactly(RawFrame.pong((byte) 2));
        }

        @Test
        void noDelayedPongLeavesBehindAVerdict() {
            Endpoint server = new Endpoint(Role.SERVER);
            for (int i = 0; i < 100; i++) {
                server.receive(RawFrame.ping(new byte[100]));
            }
            server.receive(RawFrame.of(3));
            List<RawFrame> sent = server.sent();
            assertThat(sent.get(sent.size() - 1).opcode()).isEqualTo(RawFrame.CLOSE);
            server.protocol.outputDrained();
            assertThat(server.output.isEmpty()).isTrue();
        }
    }

    @Nested
    @DisplayName("payloads are handed over from the read buffer")
    final class HandOver {
        /** The frames in a direct buffer, as an event loop reads them. */
        private static ByteBuffer direct(byte[] bytes) {
            return Splits.whole(bytes, true);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void withoutACopyWhereTheyLieWhole(Role role) {
            byte[] bytes = wire(
                    role, RawFrame.text("Hello"), RawFrame.binary(new byte[300]), RawFrame.ping(), RawFrame.pong((byte)
                            1));
            ByteBuffer in = direct(bytes);
            List<ByteBuffer> handed = new ArrayList<>();
            List<Integer> positions = new ArrayList<>();
            Endpoint endpoint = new Endpoint(role);
            endpoint.reaction = payload -> {
                handed.add(payload);
                positions.add(payload.position() - 5); // so much garbage stands before
            };
            endpoint.receive(List.of(in));
            assertThat(handed).hasSize(4).allSatisfy(payload -> assertThat(payload)
                    .isSameAs(in));
            int mask = role == Role.SERVER ? 4 : 0;
            int second = 2 + mask + 5 + 4 + mask;
            int third = second + 300 + 2 + mask;
            assertThat(positions).containsExactly(2 + mask, second, third, third + 2 + mask);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void aPayloadInPiecesIsPutTogetherElsewhere(Role role) {
            byte[] bytes = wire(role, RawFrame.binary(new byte[50]), RawFrame.ping(new byte[50]));
            AtomicReference<@Nullable ByteBuffer> handed = new AtomicReference<>();
            for (int cut : new int[] {30, bytes.length - 20}) {
                List<ByteBuffer> parts = Splits.at(bytes, cut);
                Endpoint endpoint = new Endpoint(role);
                endpoint.reaction = payload -> {
                    if (endpoint.events.size() == (cut == 30 ? 1 : 2)) {
                        handed.set(payload);
                    }
                };
                endpoint.receive(parts);
                ByteBuffer payload = handed.getAndSet(null);
                assertThat(payload).isNotNull();
                assertThat(parts).noneSatisfy(part -> assertThat(payload).isSameAs(part));
            }
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("whatever the callee does to position, limit, mark and order, the next frame is found")
        void theCalleeMayMoveAnything(Role role) {
            byte[] bytes = wire(
                    role,
                    RawFrame.text("one"),
                    RawFrame.text("tw").withFin(false),
                    RawFrame.ping((byte) 1),
                    RawFrame.continuation((byte) 'o'),
                    RawFrame.binary(new byte[200]),
                    RawFrame.text("three"));
            List<Consumer<ByteBuffer>> liberties = List.of(
                    payload -> payload.position(payload.limit()),
                    payload -> payload.limit(payload.position()),
                    payload -> payload.clear().order(ByteOrder.LITTLE_ENDIAN),
                    payload -> payload.mark().limit(0),
                    ByteBuffer::flip);
            for (Consumer<ByteBuffer> liberty : liberties) {
                Splits.SplitConsumer check = parts -> {
                    Endpoint endpoint = new Endpoint(role);
                    endpoint.reaction = liberty;
                    endpoint.receive(parts);
                    assertThat(endpoint.events)
                            .containsExactly(
                                    "text one",
                                    "ping 01",
                                    "text two",
                                    Endpoint.describe("binary", new byte[200]),
                                    "text three");
                };
                Splits.everyBoundary(bytes, check);
                Splits.oneByteAtATime(bytes, check);
            }
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("when a callee throws, the buffer stands behind its frame and receiving can go on")
        void theCalleeMayThrow(Role role) {
            byte[] bytes = wire(
                    role,
                    RawFrame.text("a"),
                    RawFrame.text("b").withFin(false),
                    RawFrame.ping((byte) 1),
                    RawFrame.continuation((byte) 'c'),
                    RawFrame.pong(),
                    RawFrame.binary((byte) 2));
            Splits.SplitConsumer check = parts -> {
                Endpoint endpoint = new Endpoint(role);
                int[] thrown = {0};
                endpoint.reaction = payload -> {
                    payload.clear().order(ByteOrder.LITTLE_ENDIAN);
                    throw new UnsupportedOperationException("of the application");
                };
                for (ByteBuffer part : parts) {
                    int end = part.limit();
                    while (part.hasRemaining()) {
                        try {
                            endpoint.protocol.receive(part, endpoint.now);
                        } catch (UnsupportedOperationException e) {
                            thrown[0]++;
                        }
                        assertThat(part.limit()).isEqualTo(end);
                        assertThat(part.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
                    }
                }
                assertThat(endpoint.events).containsExactly("text a", "ping 01", "text bc", "pong", "binary 02");
                assertThat(thrown[0]).isEqualTo(5);
                assertThat(endpoint.protocol.isOpen()).isTrue();
            };
            Splits.everyBoundary(bytes, check);
            Splits.oneByteAtATime(bytes, check);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void theCalleeMaySendAndCloseAndFail(Role role) {
            byte[] bytes = wire(role, RawFrame.text("a"), RawFrame.text("b"), RawFrame.text("c"));
            ProtocolError verdict = Violation.MESSAGE_RATE_EXCEEDED.error();
            Splits.everyBoundary(bytes, parts -> {
                Endpoint endpoint = new Endpoint(role);
                endpoint.reaction = payload -> {
                    endpoint.protocol.send(Opcode.TEXT, payload);
                    if (endpoint.events.size() == 2) {
                        endpoint.protocol.fail(verdict, endpoint.now);
                    }
                };
                endpoint.receive(parts);
                assertThat(endpoint.events).containsExactly("text a", "text b");
                assertThat(endpoint.sentUnmasked())
                        .containsExactly(
                                RawFrame.text("a"), RawFrame.text("b"), RawFrame.close(1008, verdict.closeReason()));
            });
        }
    }

    @Nested
    @DisplayName("§10.4: limits")
    final class Limits {
        private static Endpoint small(Role role) {
            return new Endpoint(role, Endpoint.SMALL, null);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void exactlyTheLimitPasses(Role role) {
            byte[] bytes = wire(
                    role,
                    RawFrame.binary(new byte[600]),
                    RawFrame.binary(new byte[600]).withFin(false),
                    RawFrame.ping(new byte[125]),
                    RawFrame.continuation(new byte[400]).withFin(false),
                    RawFrame.continuation(),
                    RawFrame.binary(new byte[600]));
            Splits.SplitConsumer check = parts -> assertThat(small(role).receive(parts).events)
                    .containsExactly(
                            Endpoint.describe("binary", new byte[600]),
                            Endpoint.describe("ping", new byte[125]),
                            Endpoint.describe("binary", new byte[1000]),
                            Endpoint.describe("binary", new byte[600]));
            Splits.oneByteAtATime(bytes, check);
            Splits.everyBoundary(bytes, check);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void aFrameBeyondItsLimitIsRefusedByItsHeader(Role role) {
            Endpoint endpoint = small(role).receive(role == Role.SERVER ? hex("82 fe 02 59") : hex("82 7e 02 59"));
            assertThat(endpoint.error()).isEqualTo(Violation.FRAME_TOO_BIG.error("601 bytes, allowed 600"));
            assertThat(endpoint.sentUnmasked())
                    .containsExactly(RawFrame.close(1009, "frame too big: 601 bytes, allowed 600"));
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void aMessageBeyondItsLimitIsRefusedByTheHeaderOfTheFragment(Role role) {
            byte[] first = wire(role, RawFrame.text("a".repeat(500)).withFin(false));
            RawFrame second = RawFrame.continuation(new byte[501]);
            byte[] header = Arrays.copyOf(wire(role, second), role == Role.SERVER ? 8 : 4);
            Endpoint endpoint = small(role).receive(concat(first, header));
            assertThat(endpoint.error()).isEqualTo(Violation.MESSAGE_TOO_BIG.error("1001 bytes, allowed 1000"));
            assertThat(endpoint.sentUnmasked())
                    .containsExactly(RawFrame.close(1009, "message too big: 1001 bytes, allowed 1000"));
        }

        @Test
        void endlessFragmentsEndAtTheLimit() {
            Endpoint server = small(Role.SERVER).receive(RawFrame.binary().withFin(false));
            RawFrame one = RawFrame.continuation((byte) 1).withFin(false);
            for (int i = 0; i < 1000; i++) {
                server.receive(one, RawFrame.continuation().withFin(false));
            }
            assertThat(server.protocol.isOpen()).isTrue();
            server.receive(one);
            assertThat(server.violation()).isEqualTo(Violation.MESSAGE_TOO_BIG);
        }

        @Test
        @DisplayName("an announced megabyte of which little comes costs little memory")
        void memoryGrowsWithWhatCame() {
            List<Endpoint> held = new ArrayList<>();
            ProtocolOptions large = new ProtocolOptions(1 << 30, 1 << 30, Endpoint.SMALL.closeTimeout());
            for (int i = 0; i < 10_000; i++) {
                Endpoint server = new Endpoint(Role.SERVER, large, null);
                // Together they announce ten tebibytes; a heap holds the hundred bytes each that came.
                server.receive(hex("82 ff 00 00 00 00 40 00 00 00 01 02 03 04" + "00".repeat(100)));
                assertThat(server.protocol.isOpen()).isTrue();
                held.add(server);
            }
            assertThat(held).hasSize(10_000);
        }
    }
}
