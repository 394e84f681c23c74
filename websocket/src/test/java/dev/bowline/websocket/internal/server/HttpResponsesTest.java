package dev.bowline.websocket.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.Violation;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.websocket.StaticResource;
import dev.bowline.websocket.internal.server.HttpResponses.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpResponsesTest {
    private static final StaticResource PAGE = StaticResource.of(
                    "text/html; charset=utf-8", "<p>Hello".getBytes(StandardCharsets.UTF_8))
            .withHeaders(HttpHeaders.of("Content-Security-Policy", "default-src 'self'"));

    private final HttpResponses responses = new HttpResponses(Map.of("/", PAGE));

    private Response answer(String method, String target, String... headers) {
        return responses.answer(new RequestHead(method, target, HttpHeaders.of(headers)), target.startsWith("/chat"));
    }

    private static String body(Response response) {
        return StandardCharsets.UTF_8.decode(response.body().duplicate()).toString();
    }

    @Test
    void aResourceComesWithItsHeaders() {
        Response response = answer("GET", "/?query");
        HttpHeaders headers = response.head().headers();
        assertThat(response.head().status()).isEqualTo(200);
        assertThat(body(response)).isEqualTo("<p>Hello");
        assertThat(headers.first("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(headers.first("Content-Length")).isEqualTo("8");
        assertThat(headers.first("ETag")).isEqualTo(PAGE.etag());
        assertThat(headers.first("Content-Security-Policy")).isEqualTo("default-src 'self'");
        assertThat(headers.first("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(headers.first("Date"))
                .matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
        assertThat(headers.contains("Connection")).isFalse();
        assertThat(response.keepAlive()).isTrue();
    }

    @Test
    void headHasTheHeadersAndNoBody() {
        Response response = answer("HEAD", "/");
        assertThat(response.head().headers().first("Content-Length")).isEqualTo("8");
        assertThat(response.body().hasRemaining()).isFalse();
        assertThat(answer("HEAD", "/nothing").body().hasRemaining()).isFalse();
    }

    @Test
    void whatTheClientHasIsNotSentAgain() {
        for (String tags : new String[] {PAGE.etag(), "\"a\", " + PAGE.etag(), "W/" + PAGE.etag(), "*"}) {
            Response response = answer("GET", "/", "If-None-Match", tags);
            assertThat(response.head().status()).isEqualTo(304);
            assertThat(response.head().headers().first("ETag")).isEqualTo(PAGE.etag());
            assertThat(response.body().hasRemaining()).isFalse();
        }
        assertThat(answer("GET", "/", "If-None-Match", "\"other\"").head().status())
                .isEqualTo(200);
    }

    @Test
    void whatIsNotThereSaysWhy() {
        assertThat(answer("GET", "/nothing").head().status()).isEqualTo(404);
        assertThat(answer("GET", "/../").head().status()).isEqualTo(404);
        assertThat(answer("GET", "/%2e").head().status()).isEqualTo(404);
        Response post = answer("POST", "/");
        assertThat(post.head().status()).isEqualTo(405);
        assertThat(post.head().headers().first("Allow")).isEqualTo("GET, HEAD");
        Response plain = answer("GET", "/chat");
        assertThat(plain.head().status()).isEqualTo(426);
        assertThat(plain.head().headers().first("Upgrade")).isEqualTo("websocket");
    }

    @Test
    void theConnectionIsKeptUnlessTheRequestSaysOtherwiseOrHasABody() {
        for (String[] header :
                new String[][] {{"Connection", "close"}, {"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}}) {
            for (String target : new String[] {"/", "/nothing", "/chat"}) {
                Response response = answer("GET", target, header);
                assertThat(response.keepAlive()).isFalse();
                assertThat(response.head().headers().first("Connection")).isEqualTo("close");
            }
        }
        Response unchanged = answer("GET", "/", "Connection", "close", "If-None-Match", PAGE.etag());
        assertThat(unchanged.head().status()).isEqualTo(304);
        assertThat(unchanged.head().headers().first("Connection")).isEqualTo("close");
    }

    @Test
    void aRefusalSaysWhyAndCloses() {
        Response response = HttpResponses.refusal(Violation.VERSION_UNSUPPORTED.error());
        assertThat(response.head().status()).isEqualTo(426);
        assertThat(response.head().headers().first("Sec-WebSocket-Version")).isEqualTo("13");
        assertThat(body(response)).contains("Sec-WebSocket-Version");
        assertThat(response.keepAlive()).isFalse();
    }

    @Test
    void aRefusalMayNameItsOwnContentType() {
        Response response = HttpResponses.refusal(401, "{}", HttpHeaders.of("content-type", "application/json"), false);
        assertThat(response.head().headers().all("Content-Type")).containsExactly("application/json");
    }
}
