package dev.bowline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShownTest {
    private static String binary(int... bytes) {
        ByteBuffer data = ByteBuffer.allocate(bytes.length);
        for (int b : bytes) {
            data.put((byte) b);
        }
        return Shown.binary(data.flip());
    }

    @Test
    void binaryThatIsTextIsShownAsText() {
        String text = "héllo\t你好 🙂\nnext";
        assertThat(Shown.binary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(text);
        assertThat(binary()).isEmpty();
    }

    @Test
    void otherBinaryIsDumped() {
        assertThat(binary(0xff)).isEqualTo("<binary, 1 byte: ff>");
        assertThat(binary('a', 0, 0x1b)).isEqualTo("<binary, 3 bytes: 61 00 1b>");
    }

    @Test
    void ofLongBinaryTheBeginningIsDumped() {
        assertThat(binary(new int[32])).endsWith(" 00>");
        assertThat(binary(new int[1000])).isEqualTo("<binary, 1000 bytes:" + " 00".repeat(32) + " …>");
    }

    @Test
    void doesNotMoveThePosition() {
        ByteBuffer data = ByteBuffer.wrap(new byte[] {'x', 'a', 'b', 0}, 1, 2);
        assertThat(Shown.binary(data)).isEqualTo("ab");
        assertThat(data.remaining()).isEqualTo(2);
    }

    @Test
    void controlCharactersDoNothingToATerminal() {
        assertThat(Shown.harmless("plain\ttext\n🙂")).isEqualTo("plain\ttext\n🙂");
        assertThat(Shown.harmless("\u001b[31m\0\r\u007f\u009b🙂")).isEqualTo("␛[31m␀␍␡\ufffd🙂");
        assertThat(Shown.quoted("a\nb\tc")).isEqualTo("\"a␊b␉c\"");
    }
}
