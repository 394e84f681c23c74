package dev.bowline.codec.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Role;
import dev.bowline.codec.Violation;
import dev.bowline.codec.handshake.HeadParser.Progress;
import dev.bowline.testkit.Splits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112, strictly, in every cut. */
final class HeadParserTest {
    private static final HeadLimits LIMITS = new HeadLimits(300, 5);

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Parses until the head is settled; the parts behind stay as they are. */
    private static Progress parse(HeadParser parser, List<ByteBuffer> parts) {
        Progress progress = Progress.INCOMPLETE;
        for (ByteBuffer part : parts) {
            if (progress == Progress.INCOMPLETE) {
                progress = parser.parse(part);
            }
        }
        return progress;
    }

    private static int left(List<ByteBuffer> parts) {
        return parts.stream().mapToInt(ByteBuffer::remaining).sum();
    }

    private static void inEveryCut(String text, Splits.SplitConsumer check) {
        byte[] bytes = latin1(text);
        Splits.everyBoundary(bytes, check);
        Splits.oneByteAtATime(bytes, check);
    }

    private static RequestHead request(String text) {
        HeadParser parser = new HeadParser(Role.SERVER, LIMITS);
        assertThat(parser.parse(ByteBuffer.wrap(latin1(text)))).as(text).isEqualTo(Progress.COMPLETE);
        return parser.request();
    }

    private static ResponseHead response(String text) {
        HeadParser parser = new HeadParser(Role.CLIENT, LIMITS);
        assertThat(parser.parse(ByteBuffer.wrap(latin1(text)))).as(text).isEqualTo(Progress.COMPLETE);
        return parser.response();
    }

    @Nested
    final class Requests {
        @Test
        @DisplayName("a head is found in every cut, and what follows it is left in the buffer")
        void areFoundWithWhatFollowsLeft() {
            String head = "GET /chat?x=1 HTTP/1.1\r\nHost: a:1\r\nX-Empty:\r\nX-List:\t one, two \t\r\n\r\n";
            RequestHead expected = new RequestHead(
                    "GET", "/chat?x=1", HttpHeaders.of("Host", "a:1", "X-Empty", "", "X-List", "one, two"));
            inEveryCut(head + "\u0081\u0085more\r\n", parts -> {
                HeadParser parser = new HeadParser(Role.SERVER, LIMITS);
                assertThat(parse(parser, parts)).isEqualTo(Progress.COMPLETE);
                assertThat(parser.request()).isEqualTo(expected);
                assertThat(left(parts)).isEqualTo(8);
            });
        }

        @Test
        void needNoHeaderFields() {
            assertThat(request("OPTIONS * HTTP/1.1\r\n\r\n"))
                    .isEqualTo(new RequestHead("OPTIONS", "*", HttpHeaders.EMPTY));
        }

        @Test
        @DisplayName("RFC 9112 §2.2: one empty line may come first, a second may not")
        void oneEmptyLineMayComeFirst() {
            assertThat(request("\r\nGET / HTTP/1.1\r\n\r\n").method()).isEqualTo("GET");
            assertThat(refusal(Role.SERVER, "\r\n\r\nGET / HTTP/1.1\r\n\r\n").violation())
                    .isEqualTo(Violation.START_LINE_MALFORMED);
        }

        @Test
        @DisplayName("RFC 9110 §2.5: a higher minor version speaks the same syntax")
        void aHigherMinorVersionIsTaken() {
            assertThat(request("GET / HTTP/1.9\r\n\r\n").target()).isEqualTo("/");
        }

        @Test
        void keepTheBytesOfOtherAlphabets() {
            assertThat(request("GET / HTTP/1.1\r\nX: \u00e9\u00ff\u00a0\r\n\r\n")
                            .headers()
                            .first("x"))
                    .isEqualTo("\u00e9\u00ff\u00a0");
        }

        @Test
        @DisplayName("RFC 6455 §11.3: lists may be spread over several fields")
        void listsMayBeRepeated() {
            HttpHeaders headers = HttpHeaders.of(
                    "Sec-WebSocket-Protocol", "a, b",
                    "sec-websocket-protocol", "c",
                    "Sec-WebSocket-Extensions", "x",
                    "Sec-WebSocket-Extensions", "y");
            assertThat(request("GET / HTTP/1.1\r\n" + headers + "\r\n").headers())
                    .isEqualTo(headers);
            assertThat(headers.list("Sec-WebSocket-Protocol")).containsExactly("a", "b", "c");
            assertThat(headers.all("Sec-WebSocket-Extensions")).containsExactly("x", "y");
        }

        @Test
        void tellsWhetherAnyByteHasCome() {
            HeadParser parser = new HeadParser(Role.SERVER, LIMITS);
            assertThat(parser.hasBegun()).isFalse();
            parser.parse(ByteBuffer.allocate(0));
            assertThat(parser.hasBegun()).isFalse();
            for (byte b : latin1("\r\nG")) {
                assertThat(parser.parse(ByteBuffer.wrap(new byte[] {b}))).isEqualTo(Progress.INCOMPLETE);
                assertThat(parser.hasBegun()).isTrue();
            }
        }

        @Test
        void hasNoVerdictWithoutAMistake() {
            HeadParser parser = new HeadParser(Role.SERVER, LIMITS);
            parser.parse(ByteBuffer.wrap(latin1("GET / HTTP/1.1\r\n\r\n")));
            assertThatIllegalStateException().isThrownBy(parser::error);
        }
    }

    @Nested
    final class Responses {
        @Test
        void areFoundWithWhatFollowsLeft() {
            inEveryCut("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\u0081\u0000", parts -> {
                HeadParser parser = new HeadParser(Role.CLIENT, LIMITS);
                assertThat(parse(parser, parts)).isEqualTo(Progress.COMPLETE);
                assertThat(parser.response())
                        .isEqualTo(
                                new ResponseHead(101, "Switching Protocols", HttpHeaders.of("Upgrade", "websocket")));
                assertThat(left(parts)).isEqualTo(2);
            });
        }

        @ParameterizedTest
        @ValueSource(strings = {"HTTP/1.1 999 \r\n\r\n", "HTTP/1.1 999\r\n\r\n"})
        void mayHaveNoReason(String text) {
            assertThat(response(text)).isEqualTo(new ResponseHead(999, "", HttpHeaders.EMPTY));
        }

        @Test
        void mayRefuseInHttp10() {
            String refusal = "HTTP/1.0 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n";
            assertThat(response(refusal).status()).isEqualTo(407);
            assertThat(response("HTTP/1.0 200 Connection established\r\n\r\n").status())
                    .isEqualTo(200);
        }

        @Test
        void mayHaveSpacesInTheReason() {
            assertThat(response("HTTP/1.1 404 Not  here \r\n\r\n").reason()).isEqualTo("Not  here ");
        }

        @Test
        void fieldsOfRequestsMayRepeat() {
            assertThat(response("HTTP/1.1 401 No\r\nOrigin: a\r\nOrigin: b\r\n\r\n")
                            .headers()
                            .size())
                    .isEqualTo(2);
        }
    }

    /** A head that breaks a rule, and where that is settled: behind the {@code ▮} that is not part of it. */
    private record Mistake(Role role, Violation violation, String marked) {
        String text() {
            return marked.replace("▮", "");
        }

        int settledAfter() {
            return marked.indexOf('▮');
        }

        @Override
        public String toString() {
            return violation.code() + " by "
                    + marked.replace("\r", "\\r").replace("\n", "\\n").replace("\u0000", "\\0");
        }
    }

    private static ProtocolError refusal(Role role, String text) {
        HeadParser parser = new HeadParser(role, LIMITS);
        assertThat(parser.parse(ByteBuffer.wrap(latin1(text)))).as(text).isEqualTo(Progress.INVALID);
        return parser.error();
    }

    @Nested
    @DisplayName("what a peer does wrong")
    final class Violations {
        private static Mistake server(Violation violation, String marked) {
            return new Mistake(Role.SERVER, violation, marked);
        }

        private static Mistake client(Violation violation, String marked) {
            return new Mistake(Role.CLIENT, violation, marked);
        }

        static Stream<Mistake> mistakes() {
            String get = "GET / HTTP/1.1\r\n";
            String ok = "HTTP/1.1 101 x\r\n";
            Violation start = Violation.START_LINE_MALFORMED;
            Violation header = Violation.HEADER_MALFORMED;
            Violation twice = Violation.HEADER_DUPLICATE;
            return Stream.of(
                    server(start, "GET /\r\n▮\r\n"),
                    server(start, "GET\r\n▮"),
                    server(start, "GET  / HTTP/1.1\r\n▮"),
                    server(start, "GET /  HTTP/1.1\r\n▮"),
                    server(start, "GET / HTTP/1.1 \r\n▮"),
                    server(start, " GET / HTTP/1.1\r\n▮"),
                    server(start, "GET /a b HTTP/1.1\r\n▮"),
                    server(start, "GET\t/\tHTTP/1.1\r\n▮"),
                    server(start, "G(T / HTTP/1.1\r\n▮"),
                    server(start, " / HTTP/1.1\r\n▮"),
                    server(start, "GET /\u00e9 HTTP/1.1\r\n▮"),
                    server(start, "GET /\u0000▮ HTTP/1.1\r\n"),
                    server(start, "\u0016▮\u0003\u0001"), // a TLS client on a plain port
                    server(start, "GET / HTTP/1.1\u007f▮\r\n"),
                    server(start, "GET / http/1.1\r\n▮"),
                    server(start, "GET / HTTP/11\r\n▮"),
                    server(start, "GET / HTTP/1.10\r\n▮"),
                    server(start, "GET / HTTP/1\r\n▮"),
                    server(start, "HTTP/1.1 101 x\r\n▮"),
                    server(Violation.HTTP_VERSION_UNSUPPORTED, "GET / HTTP/1.0\r\n▮"),
                    server(Violation.HTTP_VERSION_UNSUPPORTED, "GET / HTTP/0.9\r\n▮"),
                    server(Violation.HTTP_VERSION_UNSUPPORTED, "PRI * HTTP/2.0\r\n▮\r\nSM\r\n\r\n"),
                    server(Violation.LINE_END_MALFORMED, "GET / HTTP/1.1\n▮\n"),
                    server(Violation.LINE_END_MALFORMED, "GET / HTTP/1.1\rX▮"),
                    server(Violation.LINE_END_MALFORMED, "GET / HTTP/1.1\r\r▮\n"),
                    server(Violation.LINE_END_MALFORMED, "\n▮GET / HTTP/1.1\r\n"),
                    server(Violation.LINE_END_MALFORMED, get + "Host: a\n▮\r\n"),
                    server(Violation.LINE_END_MALFORMED, get + "Host: a\rb▮\r\n"),
                    server(Violation.LINE_END_MALFORMED, get + "Host: a\r\n\n▮"),
                    server(Violation.HEADER_FOLDED, get + "X: a\r\n b\r\n▮"),
                    server(Violation.HEADER_FOLDED, get + "X: a\r\n\tb: c\r\n▮"),
                    server(Violation.HEADER_FOLDED, get + " X: a\r\n▮"),
                    server(header, get + "Host\r\n▮"),
                    server(header, get + "Host : a\r\n▮"),
                    server(header, get + "Host\t: a\r\n▮"),
                    server(header, get + ": a\r\n▮"),
                    server(header, get + "Ho st: a\r\n▮"),
                    server(header, get + "H\u00f6st: a\r\n▮"),
                    server(header, get + "X: a\u0000▮b\r\n"),
                    server(header, get + "X: a\u001b▮[0m\r\n"),
                    server(header, get + "X: \u007f▮\r\n"),
                    server(twice, get + "Host: a\r\nHost: a\r\n▮"),
                    server(twice, get + "Host: a\r\nhOST: b\r\n▮"),
                    server(twice, get + "Sec-WebSocket-Key: a\r\nX: y\r\nSec-Websocket-Key: a\r\n▮"),
                    server(twice, get + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8\r\n▮"),
                    server(twice, get + "Content-Length: 0\r\nContent-Length: 0\r\n▮"),
                    server(twice, get + "Transfer-Encoding: a\r\nTransfer-Encoding: b\r\n▮"),
                    server(twice, get + "Origin: a\r\nOrigin: b\r\n▮"),
                    server(Violation.HEADERS_TOO_MANY, get + "a: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\ne: 5\r\nf: 6\r\n▮"),
                    server(Violation.START_LINE_TOO_LONG, "GET /" + "a".repeat(295) + "a▮"),
                    server(Violation.START_LINE_TOO_LONG, "\r\n" + "a".repeat(298) + "a▮"),
                    server(Violation.HEAD_TOO_LARGE, get + "X: " + "a".repeat(281) + "a▮"),
                    server(Violation.HEAD_TOO_LARGE, get + "X: " + "a".repeat(278) + "\r\n\r\n▮"),
                    client(start, "GET / HTTP/1.1\r\n▮"),
                    client(start, "HTTP/1.1\r\n▮"),
                    client(start, "HTTP/1.1 \r\n▮"),
                    client(start, "HTTP/1.1 10 x\r\n▮"),
                    client(start, "HTTP/1.1 1010 x\r\n▮"),
                    client(start, "HTTP/1.1 099 x\r\n▮"),
                    client(start, "HTTP/1.1 1a1 x\r\n▮"),
                    client(start, "HTTP/1.1  101 x\r\n▮"),
                    client(start, "http/1.1 101 x\r\n▮"),
                    client(start, "\r\n▮HTTP/1.1 101 x\r\n"),
                    client(start, "SSH-2.0-OpenSSH_9.2\r\n▮"),
                    client(start, "HTTP/1.1 101 x\u0007▮\r\n"),
                    client(Violation.HTTP_VERSION_UNSUPPORTED, "HTTP/1.0 101 x\r\n▮"),
                    client(Violation.LINE_END_MALFORMED, "HTTP/1.1 101 x\n▮"),
                    client(twice, ok + "Sec-WebSocket-Accept: a\r\nSec-WebSocket-Accept: a\r\n▮"),
                    client(twice, ok + "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n▮"),
                    client(twice, ok + "Sec-WebSocket-Extensions: a\r\nSec-WebSocket-Extensions: b\r\n▮"),
                    client(Violation.HEADER_FOLDED, ok + "X: a\r\n b\r\n▮"),
                    client(Violation.HEADERS_TOO_MANY, ok + "a: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\ne: 5\r\nf: 6\r\n▮"),
                    client(Violation.HEAD_TOO_LARGE, ok + "X: " + "a".repeat(281) + "a▮"));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("mistakes")
        void areRefusedWhereTheyAreSettledInEveryCut(Mistake mistake) {
            String text = mistake.text() + "and more";
            inEveryCut(text, parts -> {
                HeadParser parser = new HeadParser(mistake.role(), LIMITS);
                assertThat(parse(parser, parts)).isEqualTo(Progress.INVALID);
                assertThat(parser.error().violation()).isEqualTo(mistake.violation());
                assertThat(text.length() - left(parts)).as("bytes it took").isEqualTo(mistake.settledAfter());
            });
        }

        @Test
        @DisplayName("every entry of the catalogue that is about the head is provoked")
        void coverTheCatalogue() {
            Set<Violation> provoked = mistakes().map(Mistake::violation).collect(Collectors.toSet());
            assertThat(provoked).isEqualTo(EnumSet.range(Violation.START_LINE_MALFORMED, Violation.LINE_END_MALFORMED));
        }
    }

    @Nested
    final class Limits {
        @Test
        void aHeadOfExactlyTheLimitPasses() {
            String head = "GET / HTTP/1.1\r\nX: " + "a".repeat(277) + "\r\n\r\n";
            assertThat(head).hasSize(300);
            assertThat(request(head).headers().first("X")).hasSize(277);
        }

        @Test
        void exactlyTheNumberOfFieldsPasses() {
            assertThat(request("GET / HTTP/1.1\r\na: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\ne: 5\r\n\r\n")
                            .headers()
                            .size())
                    .isEqualTo(5);
        }

        @Test
        void theVerdictSaysBothNumbers() {
            assertThat(refusal(Role.SERVER, "GET / HTTP/1.1\r\na: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\ne: 5\r\nf: 6\r\n\r\n"))
                    .isEqualTo(Violation.HEADERS_TOO_MANY.error(6, 5, "header fields"));
            assertThat(refusal(Role.SERVER, "a".repeat(1000)).detail())
                    .contains("301")
                    .contains("300");
        }

        @Test
        void whatFollowsTheHeadDoesNotCount() {
            byte[] bytes = latin1("GET / HTTP/1.1\r\n\r\n" + "x".repeat(1000));
            ByteBuffer in = ByteBuffer.wrap(bytes);
            assertThat(new HeadParser(Role.SERVER, LIMITS).parse(in)).isEqualTo(Progress.COMPLETE);
            assertThat(in.remaining()).isEqualTo(1000);
        }
    }
}
