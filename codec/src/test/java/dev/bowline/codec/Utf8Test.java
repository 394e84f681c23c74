package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import dev.bowline.testkit.Splits;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 3629, with the JDK's decoder as the oracle. */
final class Utf8Test {
    private enum Verdict {
        VALID,
        CUT_OFF,
        INVALID
    }

    private final CharsetDecoder oracle = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);

    /** What the JDK thinks of the bytes: whole text, the beginning of one, or neither. */
    private Verdict jdk(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = oracle.reset().decode(in, out, false);
        if (result.isError()) {
            return Verdict.INVALID;
        }
        if (in.remaining() == 2 && in.get(in.position()) == (byte) 0xED && (in.get(in.position() + 1) & 0xFF) >= 0xA0) {
            return Verdict.INVALID; // a surrogate, which the JDK notices only at its third byte
        }
        return in.hasRemaining() ? Verdict.CUT_OFF : Verdict.VALID;
    }

    private static Verdict ours(byte[] bytes) {
        Verdict alone = verdict(Utf8.validate(ByteBuffer.wrap(bytes), 0, bytes.length, Utf8.ACCEPT));
        // With ASCII behind it whole code points are looked at at once, without it byte after byte.
        byte[] followed = Arrays.copyOf(bytes, bytes.length + 8);
        int state = Utf8.validate(ByteBuffer.wrap(followed), 0, followed.length, Utf8.ACCEPT);
        if (state != (alone == Verdict.VALID ? Utf8.ACCEPT : Utf8.REJECT)) {
            throw new AssertionError(
                    HexFormat.of().formatHex(bytes) + " is " + alone + ", and followed by ASCII " + verdict(state));
        }
        return alone;
    }

    private static Verdict verdict(int state) {
        return state == Utf8.ACCEPT ? Verdict.VALID : state == Utf8.REJECT ? Verdict.INVALID : Verdict.CUT_OFF;
    }

    private static int validate(List<ByteBuffer> parts) {
        int state = Utf8.ACCEPT;
        for (ByteBuffer part : parts) {
            state = Utf8.validate(part, part.position(), part.limit(), state);
            if (state == Utf8.REJECT) {
                return state;
            }
        }
        return state;
    }

    /** How many bytes it takes, one by one, until they are refused; -1 if they never are. */
    private static int refusedAfter(byte[] bytes) {
        int state = Utf8.ACCEPT;
        for (int i = 0; i < bytes.length; i++) {
            state = Utf8.validate(ByteBuffer.wrap(bytes), i, i + 1, state);
            if (state == Utf8.REJECT) {
                return i + 1;
            }
        }
        return -1;
    }

    @Test
    void everyInputOfOneAndTwoBytes() {
        for (int a = 0; a < 256; a++) {
            byte[] one = {(byte) a};
            assertThat(ours(one)).as("%02x", a).isEqualTo(jdk(one));
            for (int b = 0; b < 256; b++) {
                byte[] two = {(byte) a, (byte) b};
                assertThat(ours(two)).as("%02x %02x", a, b).isEqualTo(jdk(two));
            }
        }
    }

    @Test
    void everyLeadOfThreeBytesWithEverySecondAndThird() {
        for (int a = 0xE0; a <= 0xEF; a++) {
            for (int b = 0; b < 256; b++) {
                for (int c = 0; c < 256; c++) {
                    byte[] three = {(byte) a, (byte) b, (byte) c};
                    if (ours(three) != jdk(three)) {
                        throw new AssertionError(HexFormat.of().formatHex(three) + " is " + ours(three));
                    }
                }
            }
        }
    }

    @Test
    void everyLeadAndSecondOfFourBytesWithTheEdgesOfTheOthers() {
        int[] edges = {0x00, 0x7F, 0x80, 0x81, 0xBE, 0xBF, 0xC0, 0xFF};
        for (int a = 0xF0; a <= 0xFF; a++) {
            for (int b = 0; b < 256; b++) {
                for (int c : edges) {
                    for (int d : edges) {
                        byte[] four = {(byte) a, (byte) b, (byte) c, (byte) d};
                        if (ours(four) != jdk(four)) {
                            throw new AssertionError(HexFormat.of().formatHex(four) + " is " + ours(four));
                        }
                    }
                }
            }
        }
    }

    @Test
    void everyCodePointThatIsNoSurrogate() {
        for (int codePoint = 0; codePoint <= 0x10_FFFF; codePoint++) {
            if (codePoint < 0xD800 || codePoint > 0xDFFF) {
                byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
                if (ours(bytes) != Verdict.VALID) {
                    throw new AssertionError("U+" + Integer.toHexString(codePoint));
                }
            }
        }
    }

    @ParameterizedTest(name = "{2}: {0}")
    @CsvSource({
        "80, 1, continuation byte at the start",
        "c0 80, 1, overlong in two bytes",
        "c1 bf, 1, overlong in two bytes",
        "e0 9f bf, 2, overlong in three bytes",
        "f0 8f bf bf, 2, overlong in four bytes",
        "ed a0 80, 2, high surrogate",
        "ed bf bf, 2, low surrogate",
        "f4 90 80 80, 2, above U+10FFFF",
        "f5 80 80 80, 1, lead that leads nowhere",
        "ff, 1, byte that never occurs",
        "c3 28, 2, two bytes broken off",
        "e2 82 28, 3, three bytes broken off",
        "f0 9f 92 41, 4, four bytes broken off",
        "61 62 63 64 65 66 67 68 69 ff 61 61 61 61 61 61 61, 10, behind eight bytes of ASCII",
        "ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65 64, 13, Autobahn 6.4: kosme with a surrogate",
    })
    @DisplayName("§8.1: refused at the first byte that no text can have there")
    void refusesAtTheFirstBadByte(String hex, int at, String what) {
        byte[] bytes = Endpoint.hex(hex);
        assertThat(refusedAfter(bytes)).as(what).isEqualTo(at);
        // No valid text begins with the bytes up to the bad one, and some text does without it.
        assertThat(jdk(Arrays.copyOf(bytes, at))).isEqualTo(Verdict.INVALID);
        assertThat(jdk(Arrays.copyOf(bytes, at - 1))).isNotEqualTo(Verdict.INVALID);
    }

    @Test
    void staysRefusedWhateverFollows() {
        int state = Utf8.validate(ByteBuffer.wrap(new byte[] {(byte) 0xFF}), 0, 1, Utf8.ACCEPT);
        assertThat(Utf8.validate(ByteBuffer.wrap(new byte[] {'a', 'b'}), 0, 2, state))
                .isEqualTo(Utf8.REJECT);
        assertThat(Utf8.validate(ByteBuffer.wrap(new byte[] {(byte) 0xFF}), 0, 1, state))
                .isEqualTo(Utf8.REJECT);
        assertThat(Utf8.validate(ByteBuffer.allocate(0), 0, 0, state)).isEqualTo(Utf8.REJECT);
    }

    @Test
    void anEmptyPieceChangesNothing() {
        int inside = Utf8.validate(ByteBuffer.wrap(new byte[] {(byte) 0xF0}), 0, 1, Utf8.ACCEPT);
        assertThat(Utf8.validate(ByteBuffer.allocate(0), 0, 0, inside)).isEqualTo(inside);
        assertThat(Utf8.validate(ByteBuffer.allocate(0), 0, 0, Utf8.ACCEPT)).isEqualTo(Utf8.ACCEPT);
    }

    @Test
    void leavesTheBufferAndLooksOnlyAtTheRegion() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {(byte) 0xFF, 'o', 'k', (byte) 0xFF})
                .position(1)
                .limit(3);
        assertThat(Utf8.validate(buffer, 1, 3, Utf8.ACCEPT)).isEqualTo(Utf8.ACCEPT);
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(buffer.limit()).isEqualTo(3);
    }

    @Test
    void randomTextIsValidInEveryCut() {
        Seeded.run(60, random -> {
            byte[] text = random.text(random.intBetween(0, 60)).getBytes(StandardCharsets.UTF_8);
            Splits.SplitConsumer check = parts -> assertThat(validate(parts)).isEqualTo(Utf8.ACCEPT);
            Splits.everyBoundary(text, check);
            Splits.oneByteAtATime(text, check);
        });
    }

    @Test
    void mutatedTextIsJudgedAsTheJdkJudgesItInEveryCut() {
        Seeded.run(1_500, random -> {
            byte[] text = random.text(random.intBetween(1, 30)).getBytes(StandardCharsets.UTF_8);
            for (int i = random.intBetween(1, 3); i > 0; i--) {
                text[random.intBetween(0, text.length - 1)] = (byte) random.nextInt();
            }
            Verdict expected = jdk(text);
            Splits.everyBoundary(
                    text, parts -> assertThat(verdict(validate(parts))).isEqualTo(expected));
            int at = refusedAfter(text);
            assertThat(at >= 0).isEqualTo(expected == Verdict.INVALID);
            if (at >= 0) {
                assertThat(jdk(Arrays.copyOf(text, at))).isEqualTo(Verdict.INVALID);
                assertThat(jdk(Arrays.copyOf(text, at - 1))).isNotEqualTo(Verdict.INVALID);
            }
        });
    }
}
