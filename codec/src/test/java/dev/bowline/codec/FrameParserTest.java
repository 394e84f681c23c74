package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.bowline.codec.FrameParser.Progress;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawFrame.LengthForm;
import dev.bowline.testkit.Splits;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 6455 §5.1 to §5.5: what makes a frame header valid, and when that is settled. */
final class FrameParserTest {
    private static final int MAX_FRAME = 100_000;
    private static final int KEY = 0x8001_7FFF;

    private static FrameParser parser(Role role) {
        return new FrameParser(role, 0, MAX_FRAME);
    }

    private static Progress parse(FrameParser parser, List<ByteBuffer> parts) {
        Progress progress = Progress.INCOMPLETE;
        for (ByteBuffer part : parts) {
            if (progress == Progress.INCOMPLETE) {
                progress = parser.parse(part);
            }
        }
        return progress;
    }

    /** The header alone, with the mask that the role demands. */
    private static byte[] header(Role receiver, RawFrame frame) {
        RawFrame bare = RawFrame.of(frame.opcode())
                .withFin(frame.fin())
                .withRsv(frame.rsv())
                .withDeclaredLength(frame.payload().length);
        return (receiver == Role.SERVER ? bare.withMask(KEY) : bare).bytes();
    }

    /** A parser that has just seen, or not, the first frame of a fragmented message. */
    private static FrameParser parser(Role role, int ownedBits, boolean insideMessage) {
        FrameParser parser = new FrameParser(role, ownedBits, MAX_FRAME);
        if (insideMessage) {
            byte[] first = header(role, RawFrame.binary().withFin(false));
            assertThat(parser.parse(ByteBuffer.wrap(first))).isEqualTo(Progress.HEADER);
        }
        return parser;
    }

    @Nested
    @DisplayName("every opcode × FIN × RSV × mask × role × inside a message or not × bits an extension owns")
    final class StrictnessMatrix {
        /** What the first byte breaks: every rule of the RFC written down on its own, in no order. */
        private Set<Violation> brokenByFirstByte(int opcode, boolean fin, int rsv, int owned, boolean inside) {
            Set<Violation> broken = EnumSet.noneOf(Violation.class);
            if (!List.of(0, 1, 2, 8, 9, 10).contains(opcode)) {
                broken.add(Violation.RESERVED_OPCODE);
            }
            boolean startsMessage = opcode == 1 || opcode == 2;
            for (int bit : new int[] {1, 2, 4}) {
                if ((rsv & bit) != 0 && !(startsMessage && (owned & bit) != 0)) {
                    broken.add(Violation.RESERVED_BITS);
                }
            }
            if (opcode >= 8 && !fin) {
                broken.add(Violation.CONTROL_FRAGMENTED);
            }
            if (opcode == 0 && !inside) {
                broken.add(Violation.CONTINUATION_UNEXPECTED);
            }
            if (startsMessage && inside) {
                broken.add(Violation.CONTINUATION_EXPECTED);
            }
            return broken;
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void acceptsWhatBreaksNoRuleAndRefusesTheRestAtTheByteThatSettlesIt(Role role) {
            for (int combination = 0; combination < 16 * 2 * 8 * 8 * 2 * 2; combination++) {
                int opcode = combination & 15;
                boolean fin = (combination & 16) != 0;
                int rsv = combination >> 5 & 7;
                int owned = combination >> 8 & 7;
                boolean inside = (combination & 0x800) != 0;
                boolean masked = (combination & 0x1000) != 0;
                RawFrame frame = RawFrame.of(opcode).withFin(fin).withRsv(rsv).withDeclaredLength(5);
                byte[] bytes = (masked ? frame.withMask(KEY) : frame).bytes();
                String what = role + " receives " + frame + (masked ? " masked" : "") + (inside ? " inside" : "")
                        + " with owned bits " + owned;

                FrameParser parser = parser(role, owned << 4, inside);
                ByteBuffer in = ByteBuffer.wrap(bytes);
                Progress progress = parser.parse(in);

                Set<Violation> broken = brokenByFirstByte(opcode, fin, rsv, owned, inside);
                ProtocolError error = parser.error();
                if (!broken.isEmpty()) {
                    assertThat(progress).as(what).isEqualTo(Progress.INVALID);
                    assertThat(error).as(what).isNotNull();
                    assertThat(error.violation()).as(what).isIn(broken);
                    assertThat(in.position()).as(what).isOne();
                } else if (masked != (role == Role.SERVER)) {
                    assertThat(progress).as(what).isEqualTo(Progress.INVALID);
                    assertThat(error).as(what).isNotNull();
                    assertThat(error.violation())
                            .as(what)
                            .isEqualTo(masked ? Violation.MASK_FORBIDDEN : Violation.MASK_MISSING);
                    assertThat(in.position()).as(what).isEqualTo(2);
                } else {
                    assertThat(progress).as(what).isEqualTo(Progress.HEADER);
                    assertThat(error).as(what).isNull();
                    assertThat(in.hasRemaining()).as(what).isFalse();
                    assertThat(parser.opcode()).isEqualTo(opcode);
                    assertThat(parser.fin()).isEqualTo(fin);
                    assertThat(parser.reservedBits()).isEqualTo(rsv << 4);
                    assertThat(parser.length()).isEqualTo(5);
                    assertThat(parser.masked()).isEqualTo(masked);
                    assertThat(!masked || parser.maskingKey() == KEY).isTrue();
                }
            }
        }
    }

    @Nested
    @DisplayName("§5.2: payload lengths")
    final class Lengths {
        @ParameterizedTest
        @CsvSource({"0", "1", "124", "125", "126", "127", "128", "255", "256", "65535", "65536", "99999", "100000"})
        void everyFormInEveryCut(int length) {
            for (Role role : Role.values()) {
                RawFrame frame = RawFrame.of(RawFrame.BINARY).withDeclaredLength(length);
                byte[] bytes = (role == Role.SERVER ? frame.withMask(KEY) : frame).bytes();
                Splits.SplitConsumer check = parts -> {
                    FrameParser parser = parser(role);
                    assertThat(parse(parser, parts)).isEqualTo(Progress.HEADER);
                    assertThat(parser.length()).isEqualTo(length);
                    assertThat(parser.masked()).isEqualTo(role == Role.SERVER);
                    assertThat(parser.maskingKey()).isEqualTo(role == Role.SERVER ? KEY : 0);
                };
                Splits.everyPairOfBoundaries(bytes, check);
                Splits.oneByteAtATime(bytes, check);
            }
        }

        @ParameterizedTest
        @CsvSource({
            "0, BITS_16",
            "1, BITS_16",
            "125, BITS_16",
            "0, BITS_64",
            "125, BITS_64",
            "126, BITS_64",
            "65535, BITS_64"
        })
        void refusesALengthThatIsNotInItsMinimalForm(int length, LengthForm form) {
            RawFrame frame =
                    RawFrame.of(RawFrame.TEXT).withDeclaredLength(length).withLengthForm(form);
            refusedAsSoonAsTheLengthIsComplete(frame, Violation.LENGTH_NOT_MINIMAL, length + " bytes");
        }

        @ParameterizedTest
        @CsvSource({"-1", "-9223372036854775808", "-9223372036854775807"})
        void refusesALengthWithItsHighestBitSet(long length) {
            RawFrame frame = RawFrame.of(RawFrame.BINARY).withDeclaredLength(length);
            refusedAsSoonAsTheLengthIsComplete(frame, Violation.LENGTH_NEGATIVE, "");
        }

        @ParameterizedTest
        @CsvSource({
            "100001",
            "2147483647",
            "2147483648",
            "4294967295",
            "4294967296",
            "4294967297",
            "9223372036854775807"
        })
        @DisplayName("§10.4: refuses a frame beyond the limit, saying both numbers")
        void refusesAFrameThatIsTooBig(long length) {
            RawFrame frame = RawFrame.of(RawFrame.BINARY).withDeclaredLength(length);
            refusedAsSoonAsTheLengthIsComplete(frame, Violation.FRAME_TOO_BIG, length + " bytes, allowed " + MAX_FRAME);
        }

        @Test
        void refusesAFrameBeyondALimitThatFitsTheShortForms() {
            for (int limit : new int[] {1, 124, 125, 126, 65_535}) {
                FrameParser parser = new FrameParser(Role.CLIENT, 0, limit);
                byte[] fits = header(Role.CLIENT, RawFrame.binary(new byte[limit]));
                assertThat(parser.parse(ByteBuffer.wrap(fits))).isEqualTo(Progress.HEADER);
                byte[] over = header(Role.CLIENT, RawFrame.binary(new byte[limit + 1]));
                assertThat(parser.parse(ByteBuffer.wrap(over))).isEqualTo(Progress.INVALID);
                assertThat(parser.error())
                        .isEqualTo(Violation.FRAME_TOO_BIG.error((limit + 1) + " bytes, allowed " + limit));
            }
        }

        private void refusedAsSoonAsTheLengthIsComplete(RawFrame frame, Violation violation, String detail) {
            for (Role role : Role.values()) {
                byte[] bytes = (role == Role.SERVER ? frame.withMask(KEY) : frame).bytes();
                int lengthEnd = (bytes[1] & 0x7F) == 126 ? 4 : 10;
                Splits.SplitConsumer check = parts -> {
                    FrameParser parser = parser(role);
                    assertThat(parse(parser, parts)).isEqualTo(Progress.INVALID);
                    assertThat(parser.error()).isEqualTo(new ProtocolError(violation, detail));
                    int left = parts.stream().mapToInt(ByteBuffer::remaining).sum();
                    assertThat(bytes.length - left).as("bytes it took").isEqualTo(lengthEnd);
                };
                Splits.everyBoundary(bytes, check);
                Splits.oneByteAtATime(bytes, check);
            }
        }
    }

    @Nested
    @DisplayName("§5.5: control frames")
    final class ControlFrames {
        @ParameterizedTest
        @CsvSource({"8, close", "9, ping", "10, pong"})
        void takeAtMost125Bytes(int opcode, String name) {
            for (Role role : Role.values()) {
                byte[] longest = header(role, RawFrame.of(opcode, new byte[125]));
                assertThat(parser(role).parse(ByteBuffer.wrap(longest))).isEqualTo(Progress.HEADER);
                for (int length : new int[] {126, 127, 65_535, 65_536}) {
                    FrameParser parser = parser(role);
                    ByteBuffer in = ByteBuffer.wrap(header(role, RawFrame.of(opcode, new byte[length])));
                    assertThat(parser.parse(in)).isEqualTo(Progress.INVALID);
                    assertThat(parser.error()).isEqualTo(Violation.CONTROL_TOO_LONG.error(name));
                    assertThat(in.position()).as("settled by the second byte").isEqualTo(2);
                }
            }
        }

        @Test
        @DisplayName("the limit of data frames does not touch them")
        void areNotSubjectToTheFrameLimit() {
            FrameParser parser = new FrameParser(Role.CLIENT, 0, 1);
            byte[] ping = header(Role.CLIENT, RawFrame.ping(new byte[125]));
            assertThat(parser.parse(ByteBuffer.wrap(ping))).isEqualTo(Progress.HEADER);
        }

        @Test
        void betweenFragmentsLeaveTheMessageOpen() {
            FrameParser parser = parser(Role.CLIENT, 0, true);
            for (int opcode : new int[] {RawFrame.PING, RawFrame.PONG}) {
                assertThat(parser.parse(ByteBuffer.wrap(header(Role.CLIENT, RawFrame.of(opcode)))))
                        .isEqualTo(Progress.HEADER);
            }
            byte[] end = header(Role.CLIENT, RawFrame.continuation());
            assertThat(parser.parse(ByteBuffer.wrap(end))).isEqualTo(Progress.HEADER);
            assertThat(parser.parse(ByteBuffer.wrap(end))).isEqualTo(Progress.INVALID);
            assertThat(parser.error()).isEqualTo(Violation.CONTINUATION_UNEXPECTED.error());
        }
    }

    @Test
    void stopsBehindTheHeader() {
        byte[] bytes = Endpoint.wire(Role.SERVER, RawFrame.text("Hello"));
        ByteBuffer in = ByteBuffer.wrap(bytes);
        assertThat(parser(Role.SERVER).parse(in)).isEqualTo(Progress.HEADER);
        assertThat(in.position()).isEqualTo(6);
    }

    @Test
    void anEmptyPieceChangesNothing() {
        FrameParser parser = parser(Role.CLIENT);
        assertThat(parser.parse(ByteBuffer.allocate(0))).isEqualTo(Progress.INCOMPLETE);
        for (byte b : header(Role.CLIENT, RawFrame.binary(new byte[70_000]))) {
            if (parser.parse(ByteBuffer.wrap(new byte[] {b})) == Progress.HEADER) {
                assertThat(parser.length()).isEqualTo(70_000);
                return;
            }
            assertThat(parser.parse(ByteBuffer.allocate(0))).isEqualTo(Progress.INCOMPLETE);
        }
        fail("no header");
    }

    @Test
    @DisplayName("numbers of one frame do not leak into the next, whatever the cuts")
    void framesFollowEachOther() {
        byte[] bytes = Endpoint.hex("82 7e 0102" + "82 7f 0000000000010000" + "82 7e ffff" + "82 05" + "82 7e 007e");
        Splits.SplitConsumer check = parts -> {
            FrameParser parser = parser(Role.CLIENT);
            java.util.List<Integer> lengths = new java.util.ArrayList<>();
            for (ByteBuffer part : parts) {
                while (part.hasRemaining()) {
                    if (parser.parse(part) == Progress.HEADER) {
                        lengths.add(parser.length());
                    }
                }
            }
            assertThat(lengths).containsExactly(0x102, 0x10000, 0xFFFF, 5, 126);
        };
        Splits.everyPairOfBoundaries(bytes, check);
        Splits.oneByteAtATime(bytes, check);
    }
}
