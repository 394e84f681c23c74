package dev.bowline.codec.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, -1",
        "EXAMPLE.com:8080, example.com, 8080",
        "example.com., example.com., -1",
        "a_b:0, a_b, 0",
        "127.0.0.1:65535, 127.0.0.1, 65535",
        "[::1], [::1], -1",
        "[::FFFF:1.2.3.4]:80, [::ffff:1.2.3.4], 80",
        "[fe80::1%25eth0]:80, [fe80::1%25eth0], 80",
        "host:, host, -1",
        "host:00080, host, 80",
        "'', '', -1",
        ":80, '', 80",
    })
    void partsHostAndPort(String text, String host, int port) {
        assertThat(Authority.parse(text)).isEqualTo(new Authority(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a/b",
                "user@host",
                "host:65536",
                "host:-1",
                "host:+80",
                "host:8 0",
                "host:000080",
                "host:80:80",
                "::1",
                "[::1",
                "[::1]80",
                "[]",
                "[]:80",
                "[host]",
                "[::1]]",
                "http://host",
                "höst",
                "host:\u0661",
                "a\"b",
                "a\\b",
                "a<b"
            })
    void whatIsNoAuthorityIsNull(String text) {
        assertThat(Authority.parse(text)).isNull();
    }
}
