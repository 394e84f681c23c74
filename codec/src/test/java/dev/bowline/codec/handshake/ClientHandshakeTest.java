package dev.bowline.codec.handshake;

import static dev.bowline.codec.handshake.Negotiators.levels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.Role;
import dev.bowline.codec.Violation;
import dev.bowline.codec.handshake.ClientHandshake.Established;
import dev.bowline.codec.handshake.ClientHandshake.Failure;
import dev.bowline.codec.handshake.HeadParser.Progress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §4.1: the client's half of the opening handshake. */
final class ClientHandshakeTest {
    private static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII);
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static ClientHandshake handshake(
            String uri, List<String> subprotocols, List<ExtensionNegotiator> extensions) {
        return new ClientHandshake(URI.create(uri), NONCE, subprotocols, extensions, HttpHeaders.EMPTY);
    }

    private static RequestHead request(ClientHandshake handshake) {
        HeadParser parser = new HeadParser(Role.SERVER, HeadLimits.DEFAULT);
        ByteBuffer bytes = handshake.request();
        assertThat(parser.parse(bytes)).isEqualTo(Progress.COMPLETE);
        assertThat(bytes.hasRemaining()).isFalse();
        return parser.request();
    }

    @Nested
    final class Request {
        @Test
        @DisplayName("§1.2: as the RFC shows it, with the nonce of §1.3")
        void isAsTheRfcShowsIt() {
            ClientHandshake handshake = new ClientHandshake(
                    URI.create("ws://server.example.com/chat"),
                    NONCE,
                    List.of("chat", "superchat"),
                    List.of(levels("a"), levels("b")),
                    HttpHeaders.of("Origin", "http://example.com"));
            assertThat(StandardCharsets.ISO_8859_1.decode(handshake.request()).toString())
                    .isEqualTo("""
                            GET /chat HTTP/1.1\r
                            Host: server.example.com\r
                            Upgrade: websocket\r
                            Connection: Upgrade\r
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                            Sec-WebSocket-Version: 13\r
                            Sec-WebSocket-Protocol: chat, superchat\r
                            Sec-WebSocket-Extensions: a; level=2, a, b; level=2, b\r
                            Origin: http://example.com\r
                            \r
                            """);
        }

        @ParameterizedTest
        @CsvSource({
            "ws://host, host, 80, /",
            "ws://host:80/, host, 80, /",
            "ws://host:443/, host:443, 443, /",
            "wss://host, host, 443, /",
            "WSS://host:443/a, host, 443, /a",
            "wss://host:80/a, host:80, 80, /a",
            "ws://host?q=1, host, 80, /?q=1",
            "ws://host/a%20b?c=%26&d, host, 80, /a%20b?c=%26&d",
            "ws://host/gr\u00fc\u00dfe?\u00e9, host, 80, /gr%C3%BC%C3%9Fe?%C3%A9",
            "ws://[::1]:3000/, [::1]:3000, 3000, /",
            "ws://127.0.0.1:3000/x, 127.0.0.1:3000, 3000, /x",
        })
        void namesHostAndResource(String uri, String host, int port, String target) {
            RequestHead request = request(handshake(uri, List.of(), List.of()));
            assertThat(request.target()).isEqualTo(target);
            assertThat(request.headers().first("Host")).isEqualTo(host);
            assertThat(request.headers().contains("Sec-WebSocket-Protocol")).isFalse();
            assertThat(request.headers().contains("Sec-WebSocket-Extensions")).isFalse();
            assertThat(ClientHandshake.port(URI.create(uri))).isEqualTo(port);
            assertThat(ClientHandshake.isSecure(URI.create(uri)))
                    .isEqualTo(uri.toLowerCase(java.util.Locale.ROOT).startsWith("wss"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://host/",
                    "host/path",
                    "ws:///path",
                    "ws://host/#part",
                    "ws://a:b@host/",
                    "ws:opaque",
                    "ws://a_b/"
                })
        @DisplayName("§3: a URI that no WebSocket can be opened to is refused")
        void refusesOtherUris(String uri) {
            assertThatIllegalArgumentException().isThrownBy(() -> handshake(uri, List.of(), List.of()));
        }

        @Test
        void tellsNoPassword() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> handshake("ws://user:hidden@host/", List.of(), List.of()))
                    .withMessageNotContaining("hidden");
        }

        @Test
        void refusesOtherMistakesOfItsCaller() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ClientHandshake(
                            URI.create("ws://h"), new byte[15], List.of(), List.of(), HttpHeaders.EMPTY))
                    .withMessageContaining("15");
            assertThatIllegalArgumentException().isThrownBy(() -> handshake("ws://h", List.of("a", "a"), List.of()));
            assertThatIllegalArgumentException().isThrownBy(() -> handshake("ws://h", List.of("a b"), List.of()));
            assertThatIllegalArgumentException().isThrownBy(() -> handshake("ws://h", List.of(""), List.of()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ClientHandshake(
                            URI.create("ws://h"), NONCE, List.of(), List.of(), HttpHeaders.of("Host", "other")))
                    .withMessageContaining("host");
        }
    }

    @Nested
    final class Examination {
        private final ClientHandshake client =
                handshake("ws://server.example.com/chat", List.of("chat", "superchat"), List.of(levels("a")));

        /** The valid response, with one field set to another value, or taken away by null. */
        private ResponseHead response(String name, @Nullable String value) {
            HttpHeaders.Builder headers = HttpHeaders.builder();
            HttpHeaders.of("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", ACCEPT)
                    .forEach((field, text) -> {
                        if (!field.equals(name)) {
                            headers.add(field, text);
                        }
                    });
            if (value != null) {
                headers.add(name, value);
            }
            return ResponseHead.of(101, headers.build());
        }

        private Violation violation(ResponseHead response) {
            ClientHandshake.Examination examination = client.examine(response);
            assertThat(examination).isInstanceOf(Failure.class);
            assertThat(((Failure) examination).response())
                    .as("status and fields are at hand")
                    .isEqualTo(response);
            return ((Failure) examination).error().violation();
        }

        @Test
        void opensOnTheResponseOfTheRfc() {
            ResponseHead response = response("Sec-WebSocket-Protocol", "chat");
            assertThat(client.examine(response)).isEqualTo(new Established(response, "chat", null));
        }

        @ParameterizedTest
        @CsvSource({"Upgrade, WebSocket", "Connection, 'keep-alive, upgrade'", "X-Other, y"})
        void opensInAnyCaseAndWithoutASubprotocol(String name, String value) {
            ResponseHead response = response(name, value);
            assertThat(client.examine(response)).isEqualTo(new Established(response, "", null));
        }

        @ParameterizedTest
        @CsvSource(
                nullValues = "-",
                value = {
                    "RESPONSE_UPGRADE_MISSING, Upgrade, -",
                    "RESPONSE_UPGRADE_MISSING, Upgrade, h2c",
                    "RESPONSE_UPGRADE_MISSING, Connection, -",
                    "RESPONSE_UPGRADE_MISSING, Connection, close",
                    "ACCEPT_MISMATCH, Sec-WebSocket-Accept, -",
                    "ACCEPT_MISMATCH, Sec-WebSocket-Accept, ''",
                    "ACCEPT_MISMATCH, Sec-WebSocket-Accept, S3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "ACCEPT_MISMATCH, Sec-WebSocket-Accept, dGhlIHNhbXBsZSBub25jZQ==",
                    "SUBPROTOCOL_NOT_OFFERED, Sec-WebSocket-Protocol, other",
                    "SUBPROTOCOL_NOT_OFFERED, Sec-WebSocket-Protocol, Chat",
                    "SUBPROTOCOL_NOT_OFFERED, Sec-WebSocket-Protocol, 'chat, superchat'",
                    "SUBPROTOCOL_NOT_OFFERED, Sec-WebSocket-Protocol, ''",
                    "EXTENSION_NOT_OFFERED, Sec-WebSocket-Extensions, b",
                    "EXTENSION_NOT_OFFERED, Sec-WebSocket-Extensions, a; level=3",
                    "EXTENSION_NOT_OFFERED, Sec-WebSocket-Extensions, 'a, a'",
                    "EXTENSION_NOT_OFFERED, Sec-WebSocket-Extensions, a;",
                    "EXTENSION_NOT_OFFERED, Sec-WebSocket-Extensions, ''",
                })
        void failsOnWhatWasNotAgreed(Violation violation, String name, @Nullable String value) {
            assertThat(violation(response(name, value))).isEqualTo(violation);
        }

        @ParameterizedTest
        @ValueSource(ints = {100, 102, 200, 204, 401, 403, 404, 426, 429, 500, 503})
        void failsOnAnyOtherStatusAndSaysWhich(int status) {
            ResponseHead response = ResponseHead.of(status, response("X", null).headers());
            assertThat(violation(response)).isEqualTo(Violation.STATUS_NOT_101);
            assertThat(((Failure) client.examine(response)).error().detail()).startsWith(Integer.toString(status));
        }

        @Test
        void saysWhereARedirectLeads() {
            ResponseHead response = ResponseHead.of(302, HttpHeaders.of("Location", "https://elsewhere/"));
            assertThat(((Failure) client.examine(response)).error().detail())
                    .isEqualTo("302 Found, to https://elsewhere/");
        }

        @Test
        void acceptsAnExtensionThatWasOffered() {
            ClientHandshake.Examination examination =
                    client.examine(response("Sec-WebSocket-Extensions", "a; level=\"2\""));
            assertThat(examination).isInstanceOf(Established.class);
            assertThat(((Established) examination).extension()).isNotNull();
        }
    }

    @Test
    @DisplayName("both halves agree")
    void opensWithTheServersHalf() {
        ClientHandshake client = handshake("ws://h/x?y", List.of("b", "a"), List.of(levels("lev")));
        OpeningHandshake.Examination found = OpeningHandshake.examine(request(client));
        assertThat(found).isInstanceOf(OpeningHandshake.Offer.class);
        OpeningHandshake.Offer offer = (OpeningHandshake.Offer) found;
        assertThat(offer.subprotocols()).containsExactly("b", "a");
        ResponseHead response = OpeningHandshake.accept(
                offer, "a", OpeningHandshake.negotiate(List.of(levels("lev")), offer.extensions()), HttpHeaders.EMPTY);
        ClientHandshake.Examination examination = client.examine(response);
        assertThat(examination).isInstanceOf(Established.class);
        assertThat(((Established) examination).subprotocol()).isEqualTo("a");
        assertThat(((Established) examination).extension()).isNotNull();
    }
}
