package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.RawFrame.LengthForm;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RawFrameTest {
    /** RFC 6455 §5.7, first to last example. */
    @Test
    void examplesOfTheRfc() {
        assertThat(hex(RawFrame.text("Hello"))).isEqualTo("810548656c6c6f");
        assertThat(hex(RawFrame.text("Hello").withMask(0x37fa213d))).isEqualTo("818537fa213d7f9f4d5158");
        assertThat(hex(RawFrame.text("Hel").withFin(false))).isEqualTo("010348656c");
        assertThat(hex(RawFrame.continuation((byte) 'l', (byte) 'o'))).isEqualTo("80026c6f");
        assertThat(hex(RawFrame.ping(bytes("Hello")))).isEqualTo("890548656c6c6f");
        assertThat(hex(RawFrame.pong(bytes("Hello")).withMask(0x37fa213d))).isEqualTo("8a8537fa213d7f9f4d5158");
        assertThat(hex(RawFrame.binary(new byte[256]))).startsWith("827e010000");
        assertThat(hex(RawFrame.binary(new byte[65536]))).startsWith("827f000000000001000000");
    }

    @Test
    void lengthsAreMinimalUnlessForced() {
        assertThat(head(RawFrame.binary(new byte[125]), 2)).isEqualTo("827d");
        assertThat(head(RawFrame.binary(new byte[126]), 4)).isEqualTo("827e007e");
        assertThat(head(RawFrame.binary(new byte[65535]), 4)).isEqualTo("827effff");
        assertThat(hex(RawFrame.binary((byte) 9).withLengthForm(LengthForm.BITS_16)))
                .isEqualTo("827e000109");
        assertThat(hex(RawFrame.binary((byte) 9).withLengthForm(LengthForm.BITS_64)))
                .isEqualTo("827f000000000000000109");
        assertThatIllegalArgumentException().isThrownBy(() -> RawFrame.binary(new byte[126])
                .withLengthForm(LengthForm.BITS_7)
                .bytes());
        assertThatIllegalArgumentException().isThrownBy(() -> RawFrame.binary()
                .withDeclaredLength(65536)
                .withLengthForm(LengthForm.BITS_16)
                .bytes());
    }

    @Test
    void wrongOnPurpose() {
        assertThat(hex(RawFrame.of(0xF).withRsv(7))).isEqualTo("ff00");
        assertThat(hex(RawFrame.of(3).withRsv(4).withFin(false))).isEqualTo("4300");
        assertThat(hex(RawFrame.text("a").withDeclaredLength(5))).isEqualTo("810561");
        assertThat(hex(RawFrame.text("").withDeclaredLength(-1))).isEqualTo("817fffffffffffffffff");
        assertThat(hex(RawFrame.text("a").withMask(0))).isEqualTo("81810000000061");
        assertThatIllegalArgumentException().isThrownBy(() -> RawFrame.of(16));
        assertThatIllegalArgumentException().isThrownBy(() -> RawFrame.of(1).withRsv(8));
    }

    @Test
    void closePayloads() {
        assertThat(hex(RawFrame.close())).isEqualTo("8800");
        assertThat(hex(RawFrame.close(1001, "bye"))).isEqualTo("880503e9627965");
        assertThat(hex(RawFrame.of(RawFrame.CLOSE, RawFrame.closePayload(65535, (byte) 0xff))))
                .isEqualTo("8803ffffff");
        RawFrame close = RawFrame.close(4000, "später");
        assertThat(close.closeCode()).isEqualTo(4000);
        assertThat(close.closeReason()).isEqualTo("später");
        assertThat(RawFrame.close().closeCode()).isEqualTo(1005);
        assertThat(RawFrame.close().closeReason()).isEmpty();
    }

    @Test
    void parsesWhatItWrites() {
        Seeded.run(300, random -> {
            RawFrame frame = RawFrame.of(
                            random.intBetween(0, 15), random.bytes(random.oneOf(0, 1, 5, 125, 126, 300, 65535, 65536)))
                    .withFin(random.nextBoolean())
                    .withRsv(random.intBetween(0, 7));
            RawFrame sent = random.nextBoolean() ? frame.withMask(random.nextInt()) : frame;
            ByteBuffer in = ByteBuffer.wrap(RawFrame.concat(sent, RawFrame.ping()));
            assertThat(RawFrame.parse(in)).isEqualTo(sent).hasSameHashCodeAs(sent);
            assertThat(RawFrame.parse(in)).isEqualTo(RawFrame.ping());
            assertThat(in.hasRemaining()).isFalse();
        });
    }

    @Test
    void anIncompleteFrameLeavesTheBufferAlone() {
        byte[] all = RawFrame.binary(new byte[200]).withMask(7).bytes();
        for (int length = 0; length < all.length; length++) {
            ByteBuffer in = ByteBuffer.wrap(all, 0, length);
            assertThat(RawFrame.parse(in)).isNull();
            assertThat(in.remaining()).isEqualTo(length);
        }
    }

    @Test
    void theParserIsStrictAboutLengths() {
        for (LengthForm form : new LengthForm[] {LengthForm.BITS_16, LengthForm.BITS_64}) {
            byte[] bytes = RawFrame.text("a").withLengthForm(form).bytes();
            assertThatThrownBy(() -> RawFrame.parse(ByteBuffer.wrap(bytes)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("minimal form");
        }
        byte[] absurd = RawFrame.text("").withDeclaredLength(-1).bytes();
        assertThatThrownBy(() -> RawFrame.parse(ByteBuffer.wrap(absurd)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("18446744073709551615 bytes");
    }

    @Test
    void readsWell() {
        assertThat(RawFrame.text("Hello")).hasToString("[text fin 5 \"Hello\"]");
        assertThat(RawFrame.close(1001, "going away").withMask(1))
                .hasToString("[close fin masked 1001 \"going away\"]");
        assertThat(RawFrame.binary((byte) 0, (byte) 255).withFin(false)).hasToString("[binary 2 00ff]");
        assertThat(RawFrame.ping()).hasToString("[ping fin 0]");
        assertThat(RawFrame.of(11).withRsv(4).withDeclaredLength(9).withLengthForm(LengthForm.BITS_16))
                .hasToString("[11 fin rsv=4 BITS_16 declared=9 0]");
    }

    @Test
    void isImmutable() {
        byte[] given = {1};
        RawFrame frame = RawFrame.binary(given);
        given[0] = 2;
        frame.payload()[0] = 3;
        frame.withMask(-1).bytes();
        assertThat(frame.payload()).containsExactly(1);
        assertThat(frame.withMask(5).withoutMask()).isEqualTo(frame);
        assertThat(frame.withMask(5)).isNotEqualTo(frame);
        assertThat(RawFrame.text("x").text()).isEqualTo("x");
    }

    private static String hex(RawFrame frame) {
        return HexFormat.of().formatHex(frame.bytes());
    }

    private static String head(RawFrame frame, int length) {
        return HexFormat.of().formatHex(Arrays.copyOf(frame.bytes(), length));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
