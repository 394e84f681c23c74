package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RawHandshakeTest {
    @Test
    void acceptOfTheRfc() {
        assertThat(RawHandshake.acceptFor("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void headsEndWithABlankLine() {
        assertThat(RawHandshake.request("h:1", "/chat?x=1", "Origin: null"))
                .startsWith("GET /chat?x=1 HTTP/1.1\r\nHost: h:1\r\n")
                .endsWith("\r\nSec-WebSocket-Version: 13\r\nOrigin: null\r\n\r\n");
        assertThat(RawHandshake.response(RawHandshake.KEY))
                .startsWith("HTTP/1.1 101 ")
                .endsWith("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    }

    @Test
    void readsStatusAndHeaders() {
        String head = "HTTP/1.1 503 Service Unavailable\r\nRetry-After:  5 \r\nA: 1\r\nA: 2\r\n\r\n";
        assertThat(RawHandshake.status(head)).isEqualTo(503);
        assertThat(RawHandshake.header(head, "retry-after")).isEqualTo("5");
        assertThat(RawHandshake.header(head, "Host")).isNull();
        assertThatThrownBy(() -> RawHandshake.header(head, "A")).hasMessageContaining("2 headers A");
        assertThatThrownBy(() -> RawHandshake.status("SSH-2.0\r\n")).hasMessageContaining("not a status line");
    }

    @Test
    void checksWhatTheOtherSideSent() {
        String request = RawHandshake.request("h", "/");
        String response = RawHandshake.response(RawHandshake.KEY);
        assertThat(RawHandshake.checkRequest(request)).isEqualTo(RawHandshake.KEY);
        assertThatCode(() -> RawHandshake.checkResponse(response, RawHandshake.KEY))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> RawHandshake.checkRequest(request.replace("13", "12")))
                .hasMessageContaining("not a correct handshake request");
        assertThatThrownBy(() -> RawHandshake.checkResponse(response, "AAAAAAAAAAAAAAAAAAAAAA=="))
                .hasMessageContaining("not a correct answer");
    }
}
