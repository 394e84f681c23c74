package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOriginsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    # Origin                     | Host                | secure | same
                    http://example.com           | example.com         | false  | true
                    http://example.com:80        | example.com         | false  | true
                    http://example.com           | example.com:80      | false  | true
                    http://example.com           | example.com:        | false  | true
                    https://example.com          | example.com         | true   | true
                    https://example.com          | example.com:443     | true   | true
                    HTTP://EXAMPLE.com           | Example.COM         | false  | true
                    http://localhost:3000        | localhost:3000      | false  | true
                    http://127.0.0.1:3000        | 127.0.0.1:3000      | false  | true
                    http://[::1]:3000            | [::1]:3000          | false  | true
                    http://[0:0:0:0:0:0:0:1]     | [::1]               | false  | true
                    http://[2001:DB8::A]         | [2001:db8::a]       | false  | true
                    http://xn--bcher-kva.example | xn--bcher-kva.example | false | true
                    http://example.com.          | example.com.        | false  | true
                    # the scheme differs
                    https://example.com          | example.com         | false  | false
                    http://example.com           | example.com         | true   | false
                    https://example.com          | example.com:80      | false  | false
                    ws://example.com             | example.com         | false  | false
                    # the port differs
                    http://example.com           | example.com:8080    | false  | false
                    http://example.com:443       | example.com         | true   | false
                    http://localhost:3000        | localhost:3001      | false  | false
                    http://localhost:3000        | localhost           | false  | false
                    # the host differs
                    http://evil.example          | example.com         | false  | false
                    http://example.com.evil.example | example.com      | false  | false
                    http://notexample.com        | example.com         | false  | false
                    http://sub.example.com       | example.com         | false  | false
                    http://example.com.          | example.com         | false  | false
                    http://localhost:3000        | 127.0.0.1:3000      | false  | false
                    http://[::ffff:127.0.0.1]    | 127.0.0.1           | false  | false
                    # no origin of a page
                    null                         | example.com         | false  | false
                    null                         | null                | false  | false
                    file://                      | example.com         | false  | false
                    example.com                  | example.com         | false  | false
                    ''                           | example.com         | false  | false
                    ''                           | ''                  | false  | false
                    http://                      | ''                  | false  | false
                    ://example.com               | example.com         | false  | false
                    h\u00e9://example.com        | example.com         | false  | false
                    http://example.com/          | example.com         | false  | false
                    http://example.com/path      | example.com         | false  | false
                    http://example.com http://example.com | example.com | false | false
                    http://example.com, http://example.com | example.com | false | false
                    http://evil.example@example.com | example.com      | false  | false
                    http://example.com:80:80     | example.com         | false  | false
                    http://example.com:65616     | example.com         | false  | false
                    http:example.com             | example.com         | false  | false
                    # no host of the server
                    http://example.com           | -                   | false  | false
                    http://example.com           | exa mple.com        | false  | false
                    """)
    void aPageOfTheServersOwnOriginIsAllowed(String origin, String host, boolean secure, boolean same) {
        assertThat(AllowedOrigins.SAME_ORIGIN.allow(origin, host, secure)).isEqualTo(same);
        assertThat(AllowedOrigins.of("https://other.example").allow(origin, host, secure))
                .isEqualTo(same);
        assertThat(AllowedOrigins.ANY.allow(origin, host, secure)).isTrue();
    }

    @Test
    void whatIsNoBrowserIsAlwaysAllowed() {
        assertThat(AllowedOrigins.SAME_ORIGIN.allow(null, "example.com", false)).isTrue();
        assertThat(AllowedOrigins.SAME_ORIGIN.allow(null, null, true)).isTrue();
        assertThat(AllowedOrigins.ANY.allow(null, null, false)).isTrue();
    }

    @Test
    void anOverLongOriginIsNone() {
        String host = "a".repeat(600) + ".example";
        assertThat(AllowedOrigins.SAME_ORIGIN.allow("http://" + host, host, false))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    https://example.com         | https://example.com:443    | true
                    https://EXAMPLE.com         | https://example.com        | true
                    https://example.com:443     | https://example.com        | true
                    http://localhost:5173       | http://localhost:5173      | true
                    http://[::1]:5173           | http://[0:0::1]:5173       | true
                    chrome-extension://abcdef   | chrome-extension://abcdef  | true
                    capacitor://localhost       | capacitor://localhost      | true
                    https://example.com         | http://example.com         | false
                    https://example.com         | https://example.com:444    | false
                    https://example.com         | https://sub.example.com    | false
                    capacitor://localhost       | http://localhost           | false
                    """)
    void aListedOriginIsAllowedWhateverTheHost(String listed, String origin, boolean allowed) {
        AllowedOrigins origins = AllowedOrigins.of("https://first.example", listed);
        assertThat(origins.allow(origin, "server.example", true)).isEqualTo(allowed);
        assertThat(origins.allow(origin, null, false)).isEqualTo(allowed);
        assertThat(origins.listed()).containsExactly("https://first.example", listed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    *                         | is no origin; only anyOrigin() allows every page
                    null                      | is what every page from a file or a sandbox sends, an attacker's too; only anyOrigin()
                    https://*.example.com     | is a pattern; list each origin: scheme://host
                    example.com               | must begin with a scheme: scheme://host or scheme://host:port
                    localhost:3000            | must begin with a scheme
                    ''                        | must begin with a scheme
                    https://example.com/      | must have no path: https://example.com
                    https://example.com/a/b   | must have no path: https://example.com
                    wss://example.com:1       | is of a WebSocket; expected is that of the page, such as https://example.com:1
                    ws://example.com          | is of a WebSocket; expected is that of the page, such as http://example.com
                    https://b\u00fccher.example | must be in ASCII, as browsers send it: https://xn--bcher-kva.example
                    https://user@example.com  | must be scheme://host or scheme://host:port, such as https://example.com
                    https://example.com:99999 | must be scheme://host or scheme://host:port
                    https://                  | must be scheme://host or scheme://host:port
                    https://a b               | must be scheme://host or scheme://host:port
                    """)
    void whatIsNoOriginIsRefusedWithWhatWasExpected(String text, String expected) {
        assertThatThrownBy(() -> AllowedOrigins.of("https://first.example", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("allowed origin \"" + text.replace("\u00fc", "\\u00FC") + "\" " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a\r\nb", "https://a\u0000", "\u001b[31m"})
    void theRefusalShowsNoControlCharacters(String text) {
        assertThatThrownBy(() -> AllowedOrigins.of(text)).message().matches("[ -~]*");
    }

    @Test
    void saysWhatItAllows() {
        assertThat(AllowedOrigins.SAME_ORIGIN).hasToString("same origin");
        assertThat(AllowedOrigins.ANY).hasToString("any origin");
        assertThat(AllowedOrigins.of("https://a")).hasToString("same origin and [https://a]");
        assertThat(AllowedOrigins.ANY.isAny()).isTrue();
        assertThat(AllowedOrigins.SAME_ORIGIN.isAny()).isFalse();
    }
}
