package dev.bowline.codec.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpHeadersTest {
    private static final HttpHeaders SOME = HttpHeaders.of(
            "Host", "a", "Accept", " x, ,y ,", "aCCEPT", "z", "Empty", "", "Connection", "keep-alive, Upgrade");

    @Test
    void namesAreFoundInAnyCase() {
        assertThat(SOME.first("hOST")).isEqualTo("a");
        assertThat(SOME.first("Accept")).isEqualTo("x, ,y ,");
        assertThat(SOME.first("empty")).isEmpty();
        assertThat(SOME.first("Hos")).isNull();
        assertThat(SOME.contains("EMPTY")).isTrue();
        assertThat(SOME.contains("none")).isFalse();
        assertThat(SOME.size()).isEqualTo(5);
        assertThat(SOME.names()).containsExactly("host", "accept", "empty", "connection");
    }

    @Test
    void listsRunOverAllFieldsOfTheirName() {
        assertThat(SOME.all("accept")).containsExactly("x, ,y ,", "z");
        assertThat(SOME.list("accept")).containsExactly("x", "y", "z");
        assertThat(SOME.list("empty")).isEmpty();
        assertThat(SOME.list("none")).isEmpty();
        assertThat(SOME.listContains("Connection", "upgrade")).isTrue();
        assertThat(SOME.listContains("Connection", "up")).isFalse();
        assertThat(SOME.listContains("Connection", "keep-alive, Upgrade")).isFalse();
    }

    @Test
    void keepsTheOrderOfTheWire() {
        assertThat(SOME.toString())
                .isEqualTo("Host: a\r\nAccept: x, ,y ,\r\naCCEPT: z\r\nEmpty: \r\nConnection: keep-alive, Upgrade\r\n");
    }

    @Test
    void isAValue() {
        assertThat(HttpHeaders.of("a", "b"))
                .isEqualTo(HttpHeaders.of("a", " b "))
                .hasSameHashCodeAs(HttpHeaders.of("a", "b"));
        assertThat(HttpHeaders.of("a", "b")).isNotEqualTo(HttpHeaders.of("a", "c"));
        HttpHeaders.Builder builder = HttpHeaders.builder().add("a", "b");
        HttpHeaders built = builder.build();
        builder.add("c", "d");
        assertThat(built.size()).isOne();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> SOME.all("host").add("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\n", "\u00e9", "a\u0000"})
    void refusesNamesThatAreNoTokens(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpHeaders.of(name, "x"))
                .withMessageNotContaining("\r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\u0000", "\u007f", "\u0100", "\u001b[0m"})
    void refusesValuesThatCouldForgeFurtherFields(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpHeaders.of("X", value))
                .withMessageContaining("header X")
                .withMessageContaining(" at index ");
    }

    @Test
    void refusesHalfAPair() {
        assertThatIllegalArgumentException().isThrownBy(() -> HttpHeaders.of("a", "b", "c"));
    }
}
