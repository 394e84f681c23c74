package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.Violation;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that open no WebSocket. */
class WebSocketClientAnswerTest extends ClientTestBase {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 401 Unauthorized\\r\\nWWW-Authenticate: Basic\\r\\n\\r\\n | 401 | status-not-101 | 401 Unauthorized
            HTTP/1.1 302 Found\\r\\nLocation: ws://b.example/\\r\\n\\r\\n | 302 | status-not-101 | 302 Found, to ws://b.example/
            HTTP/1.1 100 Continue\\r\\n\\r\\n | 100 | status-not-101 | 100 Continue
            HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nHello | 200 | status-not-101 | 200 OK
            HTTP/1.1 426\\r\\nSec-WebSocket-Version: 8\\r\\n\\r\\n | 426 | status-not-101 | 426
            HTTP/1.0 404 Not Found\\r\\n\\r\\n | 404 | status-not-101 | 404 Not Found
            HTTP/1.1 503 Service Unavailable\\r\\nRetry-After: 5\\r\\n\\r\\n | 503 | status-not-101 | 503 Service Unavailable
            HTTP/1.1 101 x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n | 101 | accept-mismatch | Accept
            HTTP/1.1 101 x\\r\\nUpgrade: h2c\\r\\nConnection: Upgrade\\r\\n\\r\\n | 101 | response-upgrade-missing | Upgrade
            HTTP/1.0 101 x\\r\\n\\r\\n | 0 | http-version-unsupported | HTTP/1.0
            SSH-2.0-OpenSSH_9.2\\r\\n | 0 | start-line-malformed | did not answer in HTTP
            HTTP/1.1 101 x\\nUpgrade | 0 | line-end-malformed | LF without CR
            """)
    void tellsWhatTheServerAnsweredInstead(String answer, int status, String error, String words) throws IOException {
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.write(answer.replace("\\r", "\r").replace("\\n", "\n"));
            IOException failure = failure(opening);
            assertThat(failure)
                    .isInstanceOf(WebSocketHandshakeException.class)
                    .hasMessageStartingWith("can't connect to ws://127.0.0.1:" + server.port() + "/chat: ")
                    .hasMessageContaining(words)
                    .hasMessageNotContaining("secret");
            WebSocketHandshakeException refusal = (WebSocketHandshakeException) failure;
            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.error()).isNotNull();
            assertThat(refusal.error().violation().code()).isEqualTo(error);
            if (status == 401) {
                assertThat(refusal.headers().first("WWW-Authenticate")).isEqualTo("Basic");
            }
            peer.readToEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: permessage-deflate"})
    void refusesWhatWasNotOffered(String header) {
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            peer.handshakeAsServer(header);
            assertThat(failure(opening)).hasMessageContaining("was not offered");
            peer.readToEnd();
        }
    }

    @Test
    void boundsTheHeadOfTheResponse() {
        ClientOptions options =
                ClientOptions.builder().maxHeadBytes(200).maxHeaders(3).build();
        CompletableFuture<WebSocket> large = connect(options);
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.tryWrite(("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1000)).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(failure(large)).hasMessageContaining(Violation.HEAD_TOO_LARGE.description());
        }
        CompletableFuture<WebSocket> many = connect(options);
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.tryWrite(
                    "HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(failure(many)).hasMessageContaining(Violation.HEADERS_TOO_MANY.description());
        }
    }

    @Test
    void aStreamThatEndsAtAnyByteOfTheResponseIsAFailure() {
        String response = RawHandshake.response(RawHandshake.KEY);
        for (int cut = 0; cut < response.length(); cut += 7) {
            CompletableFuture<WebSocket> opening = connect();
            try (RawPeer peer = server.accept()) {
                peer.readHead();
                peer.write(response.substring(0, cut));
                peer.shutdownOutput();
                assertThat(failure(opening))
                        .isNotInstanceOf(WebSocketHandshakeException.class)
                        .hasMessageContaining("the stream ended");
                peer.expectEof();
            }
        }
        CompletableFuture<WebSocket> opening = connect();
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.reset();
            assertThat(failure(opening)).hasMessageContaining("the stream failed: ");
        }
    }

    @Test
    void aServerThatDoesNotAnswerTimesOut() {
        CompletableFuture<WebSocket> opening =
                connect(ClientOptions.builder().handshakeTimeout(SHORT).build());
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            assertThat(failure(opening))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("connected, but no answer came within 150 ms");
            peer.readToEnd();
        }
    }
}
