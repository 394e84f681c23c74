package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokensTest {
    /** RFC 9110 §5.6.2: tchar is any visible ASCII character that is not a delimiter. */
    private static final String DELIMITERS = "\"(),/:;<=>?@[\\]{}";

    @Test
    void aTokenCharacterIsVisibleAsciiAndNoDelimiter() {
        for (int c = 0; c <= 0xFFFF; c++) {
            boolean expected = c > ' ' && c < 0x7F && DELIMITERS.indexOf(c) < 0;
            assertThat(Tokens.isTokenChar(c)).as("U+%04X", c).isEqualTo(expected);
        }
    }

    @Test
    void aTokenHasAtLeastOneCharacterAndNoOthers() {
        assertThat(Tokens.isToken("bowline.v1")).isTrue();
        assertThat(Tokens.isToken("!")).isTrue();
        assertThat(Tokens.isToken("")).isFalse();
        assertThat(Tokens.isToken(" a")).isFalse();
        assertThat(Tokens.isToken("a b")).isFalse();
        assertThat(Tokens.isToken("é")).isFalse();
        assertThat(Tokens.isToken("a\r\n")).isFalse();
    }
}
