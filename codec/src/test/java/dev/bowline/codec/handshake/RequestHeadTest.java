package dev.bowline.codec.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestHeadTest {
    @ParameterizedTest
    @CsvSource({
        "/, /, ''",
        "/chat, /chat, ''",
        "/chat?, /chat, ''",
        "/chat?a=1&b=2, /chat, a=1&b=2",
        "/a?b?c, /a, b?c",
        "/?, /, ''",
        "//evil/x, //evil/x, ''",
        "/%2e%2e/x%3Fy, /%2e%2e/x%3Fy, ''",
        "http://host, /, ''",
        "http://host/, /, ''",
        "http://host:80/a?b=c, /a, b=c",
        "https://host?q=1, /, q=1",
        "HTTP://host/a://b, /a://b, ''",
        "http://host?q=/x, /, q=/x",
        "*, *, ''",
    })
    void splitsItsTarget(String target, String path, String query) {
        RequestHead head = new RequestHead("GET", target, HttpHeaders.EMPTY);
        assertThat(head.path()).isEqualTo(path);
        assertThat(head.query()).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource({
        "/, a:1",
        "//evil/x, a:1",
        "/?u=http://evil/, a:1",
        "*, a:1",
        "http://host, host",
        "http://host/, host",
        "https://host:80?q, host:80",
        "http://user@host/, user@host",
        "http:///x, ''",
    })
    void isForTheHostOfAnAbsoluteTargetOrElseOfItsField(String target, String authority) {
        assertThat(new RequestHead("GET", target, HttpHeaders.of("Host", "a:1")).authority())
                .isEqualTo(authority);
        assertThat(new RequestHead("GET", "/", HttpHeaders.EMPTY).authority()).isNull();
    }

    @Test
    void isWrittenAsItStandsOnTheWire() {
        RequestHead head = new RequestHead("CONNECT", "[::1]:80", HttpHeaders.of("Host", "[::1]:80", "X", "ü"));
        assertThat(StandardCharsets.ISO_8859_1.decode(head.toBytes()).toString())
                .isEqualTo("CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\nX: ü\r\n\r\n");
    }

    @Test
    void knowsWhetherABodyFollows() {
        assertThat(withHeader("Host", "a").hasBody()).isFalse();
        assertThat(withHeader("Content-Length", "0").hasBody()).isFalse();
        assertThat(withHeader("content-length", "1").hasBody()).isTrue();
        assertThat(withHeader("Content-Length", "nonsense").hasBody()).isTrue();
        assertThat(withHeader("Transfer-Encoding", "chunked").hasBody()).isTrue();
    }

    private static RequestHead withHeader(String name, String value) {
        return new RequestHead("GET", "/", HttpHeaders.of(name, value));
    }
}
