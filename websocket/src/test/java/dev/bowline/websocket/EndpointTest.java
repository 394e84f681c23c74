package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.RequestHead;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointTest {
    private static final WebSocketListener LISTENER = new WebSocketListener() {};

    @Test
    void anExactPathIsThatPathAlone() {
        Endpoint endpoint = Endpoint.of("/chat", LISTENER);
        assertThat(endpoint.matches("/chat")).isTrue();
        assertThat(endpoint.matches("/chat/")).isFalse();
        assertThat(endpoint.matches("/Chat")).isFalse();
        assertThat(endpoint.matches("/ch%61t")).isFalse();
    }

    @Test
    void aPatternIsEveryPathBelow() {
        Endpoint endpoint = Endpoint.of("/chat/*", LISTENER);
        assertThat(endpoint.matches("/chat/")).isTrue();
        assertThat(endpoint.matches("/chat/a/b")).isTrue();
        assertThat(endpoint.matches("/chat")).isFalse();
        assertThat(Endpoint.of("/*", LISTENER).matches("/")).isTrue();
    }

    @Test
    void aMalformedPathIsTheCallersMistake() {
        for (String path : new String[] {"", "chat", "*", "/ch*t", "/chat*", "/*/*"}) {
            assertThatThrownBy(() -> Endpoint.of(path, LISTENER))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + path + "\"");
        }
    }

    @Test
    void theServersOrderOfSubprotocolsDecides() {
        Endpoint endpoint = Endpoint.of("/", LISTENER).subprotocols("v2", "v1");
        assertThat(endpoint.chooseSubprotocol(offering("v1", "v2"))).isEqualTo("v2");
        assertThat(endpoint.chooseSubprotocol(offering("v1", "v0"))).isEqualTo("v1");
        assertThat(endpoint.chooseSubprotocol(offering("V1"))).isNull();
        assertThat(endpoint.chooseSubprotocol(offering())).isNull();
    }

    @Test
    void eachMethodReturnsANewEndpoint() {
        Endpoint plain = Endpoint.of("/", LISTENER);
        Endpoint beating = plain.textHeartbeat(TextHeartbeat.PING_PONG);
        assertThat(plain.textHeartbeat()).isNull();
        assertThat(beating.subprotocols("a").textHeartbeat()).isEqualTo(TextHeartbeat.PING_PONG);
        assertThat(beating.listener()).isSameAs(LISTENER);
    }

    private static UpgradeRequest offering(String... subprotocols) {
        return new UpgradeRequest(
                new RequestHead("GET", "/", HttpHeaders.EMPTY),
                List.of(subprotocols),
                InetSocketAddress.createUnresolved("peer", 1));
    }
}
