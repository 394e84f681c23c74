package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.ExtensionParameters.Parameter;
import dev.bowline.codec.handshake.ClientHandshake;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.OpeningHandshake;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.codec.handshake.ResponseHead;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every public parameter of this module that is written into an HTTP head, with what would forge a line of it. */
final class InjectionTest {
    private static final RequestHead OFFER = new RequestHead(
            "GET",
            "/",
            HttpHeaders.of(
                    "Host", "a",
                    "Upgrade", "websocket",
                    "Connection", "Upgrade",
                    "Sec-WebSocket-Version", "13",
                    "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="));

    static Stream<Named<Consumer<String>>> parameters() {
        return Stream.of(
                Named.of("name of HttpHeaders.of", text -> HttpHeaders.of(text, "x")),
                Named.of("value of HttpHeaders.of", text -> HttpHeaders.of("X", text)),
                Named.of("name of HttpHeaders.Builder.add", text -> HttpHeaders.builder()
                        .add(text, "x")),
                Named.of("value of HttpHeaders.Builder.add", text -> HttpHeaders.builder()
                        .add("X", text)),
                Named.of("method of RequestHead", text -> new RequestHead(text, "/", HttpHeaders.EMPTY)),
                Named.of("target of RequestHead", text -> new RequestHead("GET", text, HttpHeaders.EMPTY)),
                Named.of("reason of ResponseHead", text -> new ResponseHead(200, text, HttpHeaders.EMPTY)),
                Named.of("name of ExtensionParameters", text -> new ExtensionParameters(text, List.of())),
                Named.of("name of Parameter", text -> new Parameter(text, null)),
                Named.of("value of Parameter", text -> new Parameter("x", text)),
                Named.of(
                        "subprotocol of ClientHandshake",
                        text -> new ClientHandshake(
                                URI.create("ws://a/"),
                                new byte[16],
                                List.of("ok", text),
                                List.of(),
                                HttpHeaders.EMPTY)));
    }

    static Stream<Arguments> forged() {
        // The character stands at index 3, behind what each of the parameters would take.
        return parameters().flatMap(parameter -> Stream.of("\r", "\n", "\0", "\u001b", "\u007f", "\u010a", "\u0d0a")
                .map(character -> Arguments.of(parameter, "abc" + character + "X: forged")));
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

    @Test
    void aSubprotocolThatWasNotOfferedNeverLeavesTheServer() {
        OpeningHandshake.Offer offer = (OpeningHandshake.Offer) OpeningHandshake.examine(OFFER);
        assertThatThrownBy(() -> OpeningHandshake.accept(offer, "a\r\nX: b", null, HttpHeaders.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a\\u000D\\u000AX: b");
    }

    @Test
    void aUriCannotHoldALineEnd() {
        assertThatThrownBy(() -> URI.create("ws://a/\r\n")).isInstanceOf(IllegalArgumentException.class);
        ClientHandshake handshake = new ClientHandshake(
                URI.create("ws://a/%0D%0A?ü"), new byte[16], List.of(), List.of(), HttpHeaders.EMPTY);
        assertThat(handshake.requestHead().target()).isEqualTo("/%0D%0A?%C3%BC");
    }

    @Test
    void aStatusOutOfItsRangeIsRefused() {
        assertThatThrownBy(() -> ResponseHead.of(99, HttpHeaders.EMPTY)).hasMessageContaining("status is 99");
        assertThatThrownBy(() -> ResponseHead.of(1000, HttpHeaders.EMPTY)).hasMessageContaining("status is 1000");
    }
}
