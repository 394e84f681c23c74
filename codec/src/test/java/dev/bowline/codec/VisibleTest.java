package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class VisibleTest {
    @Test
    void whatATerminalOrALogWouldObeyIsEscaped() {
        assertThat(Visible.of("a b\r\n\u001b[31m\u0000\u007f\u009b\u2028é"))
                .isEqualTo("a b\\u000D\\u000A\\u001B[31m\\u0000\\u007F\\u009B\\u2028\\u00E9");
        assertThat(Visible.of("")).isEmpty();
    }

    @Test
    void whatIsTooLongIsCut() {
        assertThat(Visible.of("abc", 3)).isEqualTo("abc");
        assertThat(Visible.of("abcd", 3)).isEqualTo("abc…");
    }

    @Test
    void showsWhereACharacterStands() {
        assertThat(Visible.at("ab\n", 2)).isEqualTo("\\u000A at index 2");
    }
}
