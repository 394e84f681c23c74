package dev.bowline.websocket.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {
    private static final HostNames SOME = new HostNames(List.of("Example.com", "127.0.0.1", "::1", "[2001:db8::0]"));

    @ParameterizedTest
    @CsvSource({
        "example.com, true",
        "EXAMPLE.COM:8080, true",
        "127.0.0.1:3000, true",
        "[::1], true",
        "[0:0:0:0:0:0:0:1]:80, true",
        "[2001:DB8::], true",
        "example.com., false",
        "evil.example, false",
        "example.com.evil.example, false",
        "127.0.0.2, false",
        "[::2], false",
        "localhost, false",
        "'', false",
        ":80, false",
        "::1, false",
        "example.com@evil.example, false",
        "example.com:port, false",
        "[, false",
        "[zz::], false"
    })
    void aRequestMustBeForOneOfThem(String authority, boolean allowed) {
        assertThat(SOME.allow(authority)).isEqualTo(allowed);
        assertThat(new HostNames(List.of()).allow(authority)).isTrue();
    }

    @Test
    void withoutAHostItIsForNobody() {
        assertThat(SOME.allow(null)).isFalse();
        assertThat(new HostNames(List.of()).allow(null)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    localhost:3000      | must have no port: localhost
                    [::1]:3000          | must have no port: [::1]
                    http://localhost    | must be one host name or IP address, such as example.com, 127.0.0.1 or [::1]
                    *                   | must be one host name or IP address
                    *.example.com       | must be one host name or IP address
                    ''                  | must be one host name or IP address
                    a:                  | must be one host name or IP address
                    [zz::]              | must be one host name or IP address
                    1::2::3             | must be one host name or IP address
                    a b                 | must be one host name or IP address
                    b\u00fccher.example | must be in ASCII, as browsers send it: xn--bcher-kva.example
                    """)
    void whatIsNoHostIsRefusedWithWhatWasExpected(String name, String expected) {
        assertThatThrownBy(() -> new HostNames(List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("allowed host \"" + name.replace("\u00fc", "\\u00FC") + "\" " + expected);
    }
}
