package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.handshake.HttpHeaders;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClientOptionsTest {
    private static void refuses(String words, Consumer<ClientOptions.Builder> mistake) {
        ClientOptions.Builder builder = ClientOptions.builder();
        assertThatThrownBy(() -> {
                    mistake.accept(builder);
                    builder.build();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void theDefaultsAreThoseOfTheirJavadoc() {
        assertThat(ClientOptions.DEFAULT.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(ClientOptions.DEFAULT.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(ClientOptions.DEFAULT.headLimits().maxBytes()).isEqualTo(8192);
        assertThat(ClientOptions.DEFAULT.headLimits().maxHeaders()).isEqualTo(64);
        assertThat(ClientOptions.DEFAULT.headers()).isEqualTo(HttpHeaders.EMPTY);
        assertThat(ClientOptions.DEFAULT.subprotocols()).isEmpty();
        assertThat(ClientOptions.DEFAULT.proxy()).isNull();
        assertThat(ClientOptions.DEFAULT.connection()).isSameAs(ConnectionOptions.DEFAULT);
    }

    @Test
    void refusesWhatCannotBe() {
        refuses("connectTimeout", b -> b.connectTimeout(Duration.ZERO));
        refuses("handshakeTimeout", b -> b.handshakeTimeout(Duration.ofSeconds(-1)));
        refuses("maxBytes", b -> b.maxHeadBytes(63));
        refuses("maxHeaders", b -> b.maxHeaders(0));
        refuses("sec-websocket-key", b -> b.header("Sec-WebSocket-Key", "x"));
        refuses("host", b -> b.header("Host", "example.org"));
        refuses("\\u000D at index 1", b -> b.header("X", "a\r\nY: b"));
        refuses("subprotocols", b -> b.subprotocols("a", "a"));
        refuses("\"no token\" is not a token", b -> b.subprotocols("no token"));
    }

    @Test
    void aBuilderCanBeginWithOptions() {
        ClientOptions options = ClientOptions.builder()
                .header("Cookie", "a=b")
                .subprotocols("chat")
                .connectTimeout(Duration.ofSeconds(1))
                .handshakeTimeout(Duration.ofSeconds(2))
                .maxHeadBytes(100)
                .maxHeaders(7)
                .proxy(HttpProxy.of("localhost", 8080))
                .connection(ConnectionOptions.builder().build())
                .build();
        assertThat(options.toBuilder().build()).usingRecursiveComparison().isEqualTo(options);
        assertThat(options.toBuilder().maxHeaders(8).build().headLimits().maxHeaders())
                .isEqualTo(8);
    }

    @Test
    void aProxySaysWhereItIsButNotItsSecrets() {
        HttpProxy proxy = HttpProxy.of("::1", 8080).withBasicAuthorization("Aladdin", "open sesame");
        assertThat(proxy).hasToString("[::1]:8080");
        // The example of RFC 7617 §2.
        assertThat(proxy.headers().first("Proxy-Authorization")).isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assertThatThrownBy(() -> HttpProxy.of("", 1)).hasMessageContaining("host");
        assertThatThrownBy(() -> HttpProxy.of("x", 0)).hasMessageContaining("port");
        assertThatThrownBy(() -> HttpProxy.of("x", 65_536)).hasMessageContaining("port");
    }
}
