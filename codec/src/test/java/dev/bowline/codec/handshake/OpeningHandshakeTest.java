package dev.bowline.codec.handshake;

import static dev.bowline.codec.handshake.Negotiators.levels;
import static dev.bowline.codec.handshake.Negotiators.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.ExtensionParameters;
import dev.bowline.codec.Violation;
import dev.bowline.codec.handshake.OpeningHandshake.Examination;
import dev.bowline.codec.handshake.OpeningHandshake.Offer;
import dev.bowline.codec.handshake.OpeningHandshake.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §4.2: the server's half of the opening handshake. */
final class OpeningHandshakeTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** The request of §1.2, with one field set to another value, or taken away by null. */
    private static RequestHead request(String name, @Nullable String value) {
        String[] fields = {
            "Host", "server.example.com",
            "Upgrade", "websocket",
            "Connection", "Upgrade",
            "Sec-WebSocket-Key", KEY,
            "Origin", "http://example.com",
            "Sec-WebSocket-Protocol", "chat, superchat",
            "Sec-WebSocket-Version", "13",
        };
        HttpHeaders.Builder headers = HttpHeaders.builder();
        boolean found = false;
        for (int i = 0; i < fields.length; i += 2) {
            if (!fields[i].equals(name)) {
                headers.add(fields[i], fields[i + 1]);
            } else {
                found = true;
                if (value != null) {
                    headers.add(name, value);
                }
            }
        }
        if (!found && value != null) {
            headers.add(name, value);
        }
        return new RequestHead("GET", "/chat", headers.build());
    }

    private static RequestHead request() {
        return request("X", null);
    }

    private static Offer offer(RequestHead request) {
        Examination examination = OpeningHandshake.examine(request);
        assertThat(examination).isInstanceOf(Offer.class);
        return (Offer) examination;
    }

    @Nested
    @DisplayName("§1.2, §1.3: the examples of the RFC")
    final class KnownAnswers {
        @Test
        void theAcceptOfTheKey() {
            assertThat(OpeningHandshake.acceptFor(KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }

        @Test
        void theWholeHandshake() {
            RequestHead request = request();
            assertThat(offer(request)).isEqualTo(new Offer(request, KEY, List.of("chat", "superchat"), List.of()));
            ResponseHead response = OpeningHandshake.accept(offer(request), "chat", null, HttpHeaders.EMPTY);
            assertThat(StandardCharsets.ISO_8859_1.decode(response.toBytes()).toString())
                    .isEqualTo("""
                            HTTP/1.1 101 Switching Protocols\r
                            Upgrade: websocket\r
                            Connection: Upgrade\r
                            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                            Sec-WebSocket-Protocol: chat\r
                            \r
                            """);
        }
    }

    @Nested
    final class Accepts {
        @ParameterizedTest
        @ValueSource(strings = {"WebSocket", "WEBSOCKET", "h2c, websocket", "websocket, ,"})
        void upgradeInAnyCaseAmongOthers(String value) {
            offer(request("Upgrade", value));
        }

        @ParameterizedTest
        @ValueSource(strings = {"upgrade", "keep-alive, Upgrade", "UPGRADE,close"})
        void connectionInAnyCaseAmongOthers(String value) {
            offer(request("Connection", value));
        }

        @Test
        void requestsWithoutOriginAndSubprotocols() {
            offer(request("Origin", null));
            assertThat(offer(request("Sec-WebSocket-Protocol", null)).subprotocols())
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"/", "/a?b", "http://host/a", "HTTPS://host/"})
        void pathsAndAbsoluteUris(String target) {
            offer(new RequestHead("GET", target, request().headers()));
        }

        @Test
        void extensionsInTheirOrder() {
            assertThat(offer(request("Sec-WebSocket-Extensions", "b; x=\"1\", a, b"))
                            .extensions())
                    .containsExactly(parameters("b", "x", "1"), parameters("a"), parameters("b"));
        }

        @Test
        @DisplayName("a key's 16 bytes may be any")
        void anyKeyOf16Bytes() {
            offer(request("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="));
            offer(request("Sec-WebSocket-Key", "/////////////////////w=="));
        }
    }

    private record Case(Violation violation, RequestHead request) {}

    @Nested
    @DisplayName("§4.2.1: what a client does wrong")
    final class Violations {
        private static Case field(Violation violation, String name, @Nullable String value) {
            return new Case(violation, request(name, value));
        }

        static Stream<Case> cases() {
            HttpHeaders valid = request().headers();
            return Stream.of(
                    new Case(Violation.METHOD_NOT_GET, new RequestHead("POST", "/", valid)),
                    new Case(Violation.METHOD_NOT_GET, new RequestHead("get", "/", valid)),
                    new Case(Violation.METHOD_NOT_GET, new RequestHead("HEAD", "/", valid)),
                    new Case(Violation.TARGET_MALFORMED, new RequestHead("GET", "*", valid)),
                    new Case(Violation.TARGET_MALFORMED, new RequestHead("GET", "chat", valid)),
                    new Case(Violation.TARGET_MALFORMED, new RequestHead("GET", "ws://host/", valid)),
                    new Case(Violation.TARGET_MALFORMED, new RequestHead("GET", "host:80", valid)),
                    new Case(Violation.TARGET_MALFORMED, new RequestHead("GET", "/chat#part", valid)),
                    field(Violation.HOST_MISSING, "Host", null),
                    field(Violation.HOST_MALFORMED, "Host", "a b"),
                    field(Violation.HOST_MALFORMED, "Host", "http://a"),
                    field(Violation.HOST_MALFORMED, "Host", "a:65536"),
                    new Case(Violation.HOST_MALFORMED, new RequestHead("GET", "http://a@b/", valid)),
                    field(Violation.BODY_UNSUPPORTED, "Content-Length", "1"),
                    field(Violation.BODY_UNSUPPORTED, "Content-Length", "x"),
                    field(Violation.BODY_UNSUPPORTED, "Transfer-Encoding", "chunked"),
                    field(Violation.UPGRADE_MISSING, "Upgrade", null),
                    field(Violation.UPGRADE_MISSING, "Upgrade", "websockets"),
                    field(Violation.UPGRADE_MISSING, "Upgrade", "h2c"),
                    field(Violation.UPGRADE_MISSING, "Connection", null),
                    field(Violation.UPGRADE_MISSING, "Connection", "keep-alive"),
                    field(Violation.VERSION_UNSUPPORTED, "Sec-WebSocket-Version", null),
                    field(Violation.VERSION_UNSUPPORTED, "Sec-WebSocket-Version", "8"),
                    field(Violation.VERSION_UNSUPPORTED, "Sec-WebSocket-Version", "13, 8"),
                    field(Violation.VERSION_UNSUPPORTED, "Sec-WebSocket-Version", "013"),
                    field(Violation.KEY_MALFORMED, "Sec-WebSocket-Key", null),
                    field(Violation.KEY_MALFORMED, "Sec-WebSocket-Key", ""),
                    field(Violation.KEY_MALFORMED, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ"),
                    field(Violation.KEY_MALFORMED, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j"),
                    field(Violation.KEY_MALFORMED, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZWQ="),
                    field(Violation.KEY_MALFORMED, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j\u00e9Q=="),
                    field(Violation.KEY_MALFORMED, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ== x"),
                    field(Violation.SUBPROTOCOL_MALFORMED, "Sec-WebSocket-Protocol", "a b"),
                    field(Violation.SUBPROTOCOL_MALFORMED, "Sec-WebSocket-Protocol", "a, \"b\""),
                    field(Violation.SUBPROTOCOL_MALFORMED, "Sec-WebSocket-Protocol", "a, b, a"),
                    field(Violation.EXTENSIONS_MALFORMED, "Sec-WebSocket-Extensions", "a;"),
                    field(Violation.EXTENSIONS_MALFORMED, "Sec-WebSocket-Extensions", ""));
        }

        @ParameterizedTest
        @MethodSource("cases")
        void isRefused(Case wrong) {
            Examination examination = OpeningHandshake.examine(wrong.request());
            assertThat(examination).isInstanceOf(Refusal.class);
            assertThat(((Refusal) examination).error().violation()).isEqualTo(wrong.violation());
        }

        @Test
        void coverTheCatalogue() {
            Set<Violation> provoked = cases().map(Case::violation).collect(Collectors.toSet());
            Set<Violation> expected = EnumSet.range(Violation.METHOD_NOT_GET, Violation.EXTENSIONS_MALFORMED);
            expected.add(Violation.BODY_UNSUPPORTED);
            assertThat(provoked).isEqualTo(expected);
        }

        @Test
        @DisplayName("§4.4: another version is told the one that is spoken, even without a valid key")
        void anotherVersionIsToldOurs() {
            HttpHeaders told = OpeningHandshake.refusalHeaders(Violation.VERSION_UNSUPPORTED.error());
            assertThat(Violation.VERSION_UNSUPPORTED.answer()).isEqualTo(426);
            assertThat(told)
                    .isEqualTo(HttpHeaders.of(
                            "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "13"));
            HttpHeaders old = HttpHeaders.of(
                    "Host", "a", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "14");
            assertThat(OpeningHandshake.examine(new RequestHead("GET", "/", old)))
                    .isEqualTo(new Refusal(Violation.VERSION_UNSUPPORTED.error("another one given")));
        }

        @Test
        void anotherMethodIsToldTheAllowedOne() {
            assertThat(OpeningHandshake.refusalHeaders(Violation.METHOD_NOT_GET.error()))
                    .isEqualTo(HttpHeaders.of("Allow", "GET"));
            assertThat(OpeningHandshake.refusalHeaders(Violation.HOST_MISSING.error()))
                    .isEqualTo(HttpHeaders.EMPTY);
        }
    }

    @Nested
    @DisplayName("§4.2.2: the answer")
    final class Answer {
        @Test
        void carriesSubprotocolExtensionAndExtraFields() {
            Agreement agreement = levels("lev").answer(List.of(parameters("lev", "level", "7")));
            ResponseHead response =
                    OpeningHandshake.accept(offer(request()), "superchat", agreement, HttpHeaders.of("X-Node", "7"));
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.headers().first("Sec-WebSocket-Protocol")).isEqualTo("superchat");
            assertThat(response.headers().first("Sec-WebSocket-Extensions")).isEqualTo("lev; level=7");
            assertThat(response.headers().first("X-Node")).isEqualTo("7");
        }

        @Test
        void choosesNoSubprotocolThatWasNotOffered() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OpeningHandshake.accept(offer(request()), "Chat", null, HttpHeaders.EMPTY))
                    .withMessageContaining("Chat")
                    .withMessageContaining("[chat, superchat]");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Upgrade",
                    "connection",
                    "Host",
                    "Content-Length",
                    "Transfer-Encoding",
                    "Sec-WebSocket-Accept",
                    "SEC-WEBSOCKET-PROTOCOL",
                    "Sec-WebSocket-Anything"
                })
        void takesNoExtraFieldThatIsItsOwn(String name) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OpeningHandshake.accept(offer(request()), null, null, HttpHeaders.of(name, "x")))
                    .withMessageContaining(name.toLowerCase(java.util.Locale.ROOT));
        }
    }

    @Nested
    @DisplayName("§9.1: negotiation of the extension")
    final class Negotiation {
        private @Nullable String chosen(String offers) {
            List<ExtensionParameters> parsed = ExtensionParameters.parse(offers);
            assertThat(parsed).isNotNull();
            Agreement agreement = OpeningHandshake.negotiate(List.of(levels("a"), levels("b")), parsed);
            return agreement == null ? null : agreement.parameters().toHeader();
        }

        @Test
        void followsTheClientsPreference() {
            assertThat(chosen("b; level=1, a; level=2")).isEqualTo("b; level=1");
            assertThat(chosen("x, a, a; other=1, a; level=3, b; level=4")).isEqualTo("a; level=3");
        }

        @Test
        void declinesWhatNobodyAnswers() {
            assertThat(chosen("x, y; level=1")).isNull();
            assertThat(chosen("a, b; other=1")).isNull();
            assertThat(chosen("a, b; level=1"))
                    .as("the next one, if the first is declined")
                    .isEqualTo("b; level=1");
            assertThat(OpeningHandshake.negotiate(List.of(), List.of(parameters("a"))))
                    .isNull();
            assertThat(OpeningHandshake.negotiate(List.of(levels("a")), List.of()))
                    .isNull();
        }
    }
}
