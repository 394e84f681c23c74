package dev.bowline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputLinesTest {
    private static InputLines lines(String input, int maxBytes) {
        return new InputLines(new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)), maxBytes);
    }

    private static List<String> all(String input) throws Exception {
        InputLines lines = lines(input, 100);
        List<String> all = new ArrayList<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            all.add(new String(line, StandardCharsets.ISO_8859_1));
            assertThat(lines.count()).isEqualTo(all.size());
        }
        return all;
    }

    @Test
    void aLineEndsInLfOrCrLfOrWithTheInput() throws Exception {
        assertThat(all("a\nb\r\nc")).containsExactly("a", "b", "c");
        assertThat(all("a\n")).containsExactly("a");
    }

    @Test
    void emptyLinesCount() throws Exception {
        assertThat(all("")).isEmpty();
        assertThat(all("\n\r\n\n")).containsExactly("", "", "");
    }

    @Test
    void nothingElseIsTouched() throws Exception {
        assertThat(all("a\rb\r\r\n\0ÿ þ\r")).containsExactly("a\rb\r", "\0ÿ þ\r");
    }

    @Test
    void aLineThatIsTooLongIsToldByItsNumber() throws Exception {
        InputLines lines = lines("abc\nabcd\n", 3);
        assertThat(lines.next()).hasSize(3);
        assertThatThrownBy(lines::next)
                .isInstanceOf(CommandFailure.class)
                .hasMessage("line 2 has more than 3 bytes; send less in one message.");
    }
}
