package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.ExtensionParameters.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §9.1: the grammar of Sec-WebSocket-Extensions. */
final class ExtensionParametersTest {
    private static List<String> parsed(String value) {
        List<ExtensionParameters> list = ExtensionParameters.parse(value);
        assertThat(list).as(value).isNotNull();
        return list.stream().map(ExtensionParameters::toHeader).toList();
    }

    @Nested
    final class Accepts {
        @ParameterizedTest(name = "{0}")
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '\'',
                value = {
                    "foo | foo",
                    "foo; bar | foo; bar",
                    "foo;bar=1;baz | foo; bar=1; baz",
                    "foo ; bar = 1 | foo; bar=1",
                    "'\tfoo\t;\tbar\t=\t\"1\"\t' | foo; bar=1",
                    "foo; bar=\"1\" | foo; bar=1",
                    "foo; bar=\"a\\b\\c\" | foo; bar=abc",
                    "foo; a; a; a=1 | foo; a; a; a=1",
                    "permessage-deflate; client_max_window_bits | permessage-deflate; client_max_window_bits",
                    "permessage-deflate; server_max_window_bits=\"10\" | permessage-deflate; server_max_window_bits=10",
                    "FOO | FOO",
                })
        void oneElement(String value, String expected) {
            assertThat(parsed(value)).containsExactly(expected);
        }

        @Test
        void severalElementsInTheOrderOfTheWire() {
            assertThat(parsed("deflate-stream")).containsExactly("deflate-stream");
            assertThat(parsed("mux; max-channels=4; flow-control, deflate-stream"))
                    .containsExactly("mux; max-channels=4; flow-control", "deflate-stream");
            assertThat(parsed("a;x=1,a;x=2,b")).containsExactly("a; x=1", "a; x=2", "b");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a,,b", ",a,b", "a,b,", " , a ,\t, b , ", ",,,a,,,b,,,"})
        @DisplayName("RFC 9110 §5.6.1: empty elements are passed over")
        void emptyElements(String value) {
            assertThat(parsed(value)).containsExactly("a", "b");
        }

        @Test
        void tellsAParameterWithoutAValueFromOneWith() {
            List<ExtensionParameters> list = ExtensionParameters.parse("foo; a; b=c");
            assertThat(list)
                    .containsExactly(
                            new ExtensionParameters("foo", List.of(new Parameter("a", null), new Parameter("b", "c"))));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                " , ,",
                ";",
                "=",
                "; a",
                "=a",
                "foo;",
                "foo; ",
                "foo;;bar",
                "foo; bar;",
                "foo; =1",
                "foo; bar=",
                "foo; bar= ",
                "foo; bar=,b",
                "foo bar",
                "foo; a b",
                "foo; a=b c",
                "foo=1",
                "foo; a=1=2",
                "foo; a=\"",
                "foo; a=\"b",
                "foo; a=\"b\\",
                "foo; a=\"b\\\"",
                "foo; a=\"\"",
                "foo; a=\"b c\"",
                "foo; a=\"b,c\"",
                "foo; a=\"b\"c",
                "foo; a=\"b\" c",
                "foo; \"a\"=b",
                "\"foo\"",
                "foo/bar",
                "f\u00f6\u00f6",
                "foo; a=\u00e9",
                "foo\r\n",
                "foo\u0000",
                "foo (comment)",
                "foo; a=b, ;c"
            })
    void refusesWhatDoesNotFollowTheGrammar(String value) {
        assertThat(ExtensionParameters.parse(value)).isNull();
    }

    @Test
    void neitherDepthNorLengthExhaustsTheStack() {
        assertThat(parsed("a" + ";b=\"c\"".repeat(50_000))).hasSize(1);
        assertThat(parsed("a,".repeat(50_000))).hasSize(50_000);
        assertThat(ExtensionParameters.parse("a;b=\"" + "\\".repeat(50_001))).isNull();
    }

    @Test
    void headerTextParsesBackToTheSame() {
        ExtensionParameters element = new ExtensionParameters(
                "permessage-deflate",
                List.of(
                        new Parameter("server_no_context_takeover", null),
                        new Parameter("server_max_window_bits", "9")));
        assertThat(element.toHeader())
                .isEqualTo("permessage-deflate; server_no_context_takeover; server_max_window_bits=9");
        assertThat(ExtensionParameters.parse(element.toHeader())).containsExactly(element);
    }

    @Test
    void isImmutable() {
        List<Parameter> given = new ArrayList<>(List.of(new Parameter("a", null)));
        ExtensionParameters element = new ExtensionParameters("foo", given);
        given.clear();
        assertThat(element.parameters()).hasSize(1);
    }
}
