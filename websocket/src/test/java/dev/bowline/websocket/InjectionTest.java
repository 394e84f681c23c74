package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every public parameter of this module that is written into an HTTP head, with what would forge a line of it. */
class InjectionTest {
    private static final WebSocketListener LISTENER = new WebSocketListener() {};

    @RegisterExtension
    final TestServer server = new TestServer();

    static Stream<Named<Consumer<String>>> parameters() {
        return Stream.of(
                Named.of("name of ClientOptions.header", text -> ClientOptions.builder()
                        .header(text, "x")),
                Named.of("value of ClientOptions.header", text -> ClientOptions.builder()
                        .header("X", text)),
                Named.of(
                        "ClientOptions.subprotocols",
                        text -> ClientOptions.builder().subprotocols("ok", text).build()),
                Named.of("Endpoint.subprotocols", text -> Endpoint.of("/", LISTENER)
                        .subprotocols("ok", text)),
                Named.of("name of UpgradeDecision.header", text -> UpgradeDecision.accept()
                        .header(text, "x")),
                Named.of("value of UpgradeDecision.header", text -> UpgradeDecision.refuse(401, "")
                        .header("X", text)),
                Named.of("UpgradeDecision.subprotocol", text -> UpgradeDecision.accept()
                        .subprotocol(text)),
                Named.of("content type of StaticResource", text -> StaticResource.of(text, new byte[0])),
                Named.of("host of HttpProxy", text -> HttpProxy.of(text, 1)),
                Named.of("value of HttpProxy's headers", text -> new HttpProxy("a", 1, HttpHeaders.of("X", text))),
                Named.of("user of HttpProxy", text -> HttpProxy.of("a", 1).withBasicAuthorization(text, "")),
                Named.of("password of HttpProxy", text -> HttpProxy.of("a", 1).withBasicAuthorization("", text)));
    }

    static Stream<Arguments> forged() {
        return parameters().flatMap(parameter -> Stream.of("\r", "\n", "\0", "\u001b", "\u007f")
                .map(character -> Arguments.of(parameter, "abc" + character + "X- forged")));
    }

    @ParameterizedTest
    @MethodSource("forged")
    void isRefusedAndTheMessageShowsWhere(Consumer<String> parameter, String text) {
        assertThatThrownBy(() -> parameter.accept(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.format("\\u%04X at index 3", (int) text.charAt(3)))
                .message()
                .matches("[ -~§]*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "Connection", "Date"})
    void whatFramesAResponseIsTheServersToSet(String name) {
        HttpHeaders headers = HttpHeaders.of(name, "1");
        StaticResource resource = StaticResource.of("text/plain", new byte[0]);
        assertThatThrownBy(() -> resource.withHeaders(headers)).hasMessageContaining("is set by the server itself");
        assertThatThrownBy(() -> UpgradeDecision.accept().header(name, "1"))
                .hasMessageContaining("is set by the server itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "host"})
    void whatFramesARequestIsTheClientsToSet(String name) {
        HttpHeaders headers = HttpHeaders.of(name, "1");
        assertThatThrownBy(() -> new HttpProxy("a", 1, headers)).hasMessageContaining("is set by the client itself");
        assertThatThrownBy(() -> ClientOptions.builder().header(name, "1").build())
                .hasMessageContaining("is set by the handshake itself");
    }

    @Test
    void aColonWouldEndTheNameOfAProxysUser() {
        assertThatThrownBy(() -> HttpProxy.of("a", 1).withBasicAuthorization("ann:", "secret"))
                .hasMessage("user of the proxy has a colon at index 3");
    }

    @Test
    void lineEndsInTheTextOfARefusalStayInItsBody() {
        String body = "no\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        server.start(builder -> builder.endpoint(Endpoint.of("/*", LISTENER)
                .onUpgrade(request -> UpgradeDecision.refuse(401, body).user("a\r\nX: b"))));
        RawPeer peer = server.connect();
        peer.write(RawHandshake.request("localhost", "/"));
        String head = peer.readHead();
        assertThat(RawHandshake.status(head)).isEqualTo(401);
        assertThat(head).doesNotContain("X: b");
        assertThat(RawHandshake.header(head, "Content-Length")).isEqualTo(Integer.toString(body.length() + 1));
        assertThat(new String(peer.read(body.length() + 1), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(body + "\n");
        peer.expectEof();
    }

    @Test
    void aCloseReasonIsDataAndOnlyItsSizeIsLimited() {
        server.start(new WebSocketListener() {
            @Override
            public void onText(WebSocket socket, String text) {
                assertThatThrownBy(() -> socket.close(1000, "é".repeat(62))).hasMessageContaining("124 bytes of UTF-8");
                assertThatThrownBy(() -> socket.close(1005, "x")).hasMessageContaining("a reason needs a close code");
                assertThatThrownBy(() -> socket.close(999, "")).hasMessageContaining("close code is 999");
                socket.close(1000, text);
            }
        });
        RawPeer peer = server.open();
        peer.send(TestServer.text("a\r\n\0b"));
        assertThat(peer.readFrame().closeReason()).isEqualTo("a\r\n\0b");
    }
}
