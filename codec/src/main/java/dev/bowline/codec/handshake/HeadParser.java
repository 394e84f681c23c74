package dev.bowline.codec.handshake;

import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Role;
import dev.bowline.codec.Tokens;
import dev.bowline.codec.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A strict, bounded parser of HTTP/1.1 heads (RFC 9112) from pieces of any size: of requests in the server's role, of
 * responses in the client's.
 *
 * <p>Where HTTP lets a recipient be lenient, this one is not: leniency is what request smuggling lives on. Lines end in
 * CR LF, names are followed by their colon at once, no line is folded, what must stand once stands once. Good for one
 * head; not thread-safe.
 */
public final class HeadParser {
    /** How far a head has come. */
    public enum Progress {
        /** All input is consumed; the head goes on in the next piece. */
        INCOMPLETE,
        /** The head is complete; the buffer stands at the first byte behind it. */
        COMPLETE,
        /** The peer broke a rule: see {@link #error()}. The parser must not be used any more. */
        INVALID
    }

    private enum Line {
        START,
        HEADER
    }

    // RFC 6455 §11.3: these "MUST NOT appear more than once"; a client may split its subprotocol and extension lists
    // over several fields, a server may not. RFC 9112 §3.2 and §6 for Host and the lengths.
    private static final List<String> ONCE_IN_REQUEST = List.of(
            "Host",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Accept",
            "Content-Length",
            "Transfer-Encoding",
            "Origin",
            "Authorization");
    private static final List<String> ONCE_IN_RESPONSE = List.of(
            "Sec-WebSocket-Accept",
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Extensions",
            "Content-Length",
            "Transfer-Encoding");

    private final Role role;
    private final HeadLimits limits;
    private final HttpHeaders.Builder headers = HttpHeaders.builder();
    private final List<String> once;

    private Line expected = Line.START;
    private byte[] line = new byte[128];
    private int lineLength;
    private boolean afterCr;
    private int total; // bytes consumed
    private int seen; // a bit for each of the names in once
    private boolean begun; // whether anything but the empty line that may come first has been seen

    private String method = "";
    private String target = "";
    private int status;
    private String reason = "";
    private @Nullable ProtocolError error;

    /**
     * @param role {@link Role#SERVER} to parse requests, {@link Role#CLIENT} to parse responses
     */
    public HeadParser(Role role, HeadLimits limits) {
        this.role = role;
        this.limits = limits;
        this.once = role == Role.SERVER ? ONCE_IN_REQUEST : ONCE_IN_RESPONSE;
    }

    /** Takes bytes, up to the end of the head at most. */
    public Progress parse(ByteBuffer in) {
        while (in.hasRemaining()) {
            int b = in.get() & 0xFF;
            if (++total > limits.maxBytes()) {
                Violation violation = expected == Line.START ? Violation.START_LINE_TOO_LONG : Violation.HEAD_TOO_LARGE;
                return reject(violation.error(total, limits.maxBytes(), "bytes or more"));
            }
            if (afterCr) {
                if (b != '\n') {
                    return reject(Violation.LINE_END_MALFORMED.error("CR without LF"));
                }
                afterCr = false;
                Progress progress = endLine();
                if (progress != Progress.INCOMPLETE) {
                    return progress;
                }
            } else if (b == '\r') {
                afterCr = true;
            } else if (b == '\n') {
                return reject(Violation.LINE_END_MALFORMED.error("LF without CR"));
            } else if (HttpHeaders.isValueChar(b)) {
                append(b);
            } else {
                return reject(malformed().error("byte 0x" + Integer.toHexString(b)));
            }
        }
        return Progress.INCOMPLETE;
    }

    /** Whether any byte of a head has come. */
    public boolean hasBegun() {
        return begun || lineLength > 0 || afterCr;
    }

    /** The verdict after {@link Progress#INVALID}. */
    public ProtocolError error() {
        if (error == null) {
            throw new IllegalStateException("no verdict: the head is not invalid");
        }
        return error;
    }

    /** The request, after {@link Progress#COMPLETE} in the server's role. */
    public RequestHead request() {
        return new RequestHead(method, target, headers.build());
    }

    /** The response, after {@link Progress#COMPLETE} in the client's role. */
    public ResponseHead response() {
        return new ResponseHead(status, reason, headers.build());
    }

    private void append(int b) {
        if (lineLength == line.length) {
            line = Arrays.copyOf(line, lineLength * 2);
        }
        line[lineLength++] = (byte) b;
    }

    private Progress endLine() {
        String text = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
        lineLength = 0;
        if (expected == Line.START) {
            if (text.isEmpty() && !begun && role == Role.SERVER) {
                begun = true; // RFC 9112 §2.2: at least one empty line before a request should be ignored
                return Progress.INCOMPLETE;
            }
            begun = true;
            expected = Line.HEADER;
            return role == Role.SERVER ? requestLine(text) : statusLine(text);
        }
        return text.isEmpty() ? Progress.COMPLETE : header(text);
    }

    /** {@code method SP request-target SP HTTP-version} (RFC 9112 §3). */
    private Progress requestLine(String text) {
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        if (second < 0 || !Tokens.isToken(text, 0, first) || !isVisibleAscii(text, first + 1, second)) {
            return reject(Violation.START_LINE_MALFORMED.error("expected a method, a target and HTTP/1.1"));
        }
        // The usual ones are not kept once more by each of a server's connections.
        method = text.startsWith("GET ") ? "GET" : text.substring(0, first);
        target = text.startsWith("/ ", first + 1) ? "/" : text.substring(first + 1, second);
        return version(text.substring(second + 1));
    }

    /** {@code HTTP-version SP status-code SP [ reason-phrase ]} (RFC 9112 §4). */
    private Progress statusLine(String text) {
        String[] parts = text.split(" ", 3);
        if (parts.length < 2 || !parts[1].matches("[1-9][0-9][0-9]")) {
            return reject(Violation.START_LINE_MALFORMED.error("expected HTTP/1.1 and a status code"));
        }
        status = Integer.parseInt(parts[1]);
        reason = parts.length == 3 ? parts[2] : "";
        return version(parts[0]);
    }

    /** RFC 6455 §4.1 and §4.2.1: HTTP/1.1 or higher; a higher minor version speaks the same syntax (RFC 9110 §2.5). */
    private Progress version(String version) {
        if (version.length() != 8
                || !version.startsWith("HTTP/")
                || !isDigit(version.charAt(5))
                || version.charAt(6) != '.'
                || !isDigit(version.charAt(7))) {
            return reject(Violation.START_LINE_MALFORMED.error("malformed HTTP version"));
        }
        // Proxies, and servers that know no WebSocket, still answer in HTTP/1.0: a client is to learn their status.
        // But 101 is not a status of HTTP/1.0 (RFC 9110 §15.2).
        boolean oldRefusal = role == Role.CLIENT && status != 101 && version.equals("HTTP/1.0");
        if (!oldRefusal && (version.charAt(5) != '1' || version.charAt(7) == '0')) {
            return reject(Violation.HTTP_VERSION_UNSUPPORTED.error(version));
        }
        return Progress.INCOMPLETE;
    }

    private Progress header(String text) {
        char first = text.charAt(0);
        if (first == ' ' || first == '\t') {
            return reject(Violation.HEADER_FOLDED.error());
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            return reject(Violation.HEADER_MALFORMED.error("no colon"));
        }
        // A name is a token, so this also refuses white space before the colon (RFC 9112 §5.1).
        if (!Tokens.isToken(text, 0, colon)) {
            return reject(Violation.HEADER_MALFORMED.error("the name is not a token"));
        }
        if (isRepeated(text, colon)) {
            return reject(Violation.HEADER_DUPLICATE.error(text.substring(0, colon)));
        }
        if (headers.size() == limits.maxHeaders()) {
            return reject(Violation.HEADERS_TOO_MANY.error(headers.size() + 1L, limits.maxHeaders(), "header fields"));
        }
        headers.addLine(text, colon);
        return Progress.INCOMPLETE;
    }

    /** Whether the line's name is one of those that must stand once, and stood before. */
    private boolean isRepeated(String text, int colon) {
        for (int i = 0; i < once.size(); i++) {
            String name = once.get(i);
            if (name.length() == colon && text.regionMatches(true, 0, name, 0, colon)) {
                boolean repeated = (seen & 1 << i) != 0;
                seen |= 1 << i;
                return repeated;
            }
        }
        return false;
    }

    private Violation malformed() {
        return expected == Line.START ? Violation.START_LINE_MALFORMED : Violation.HEADER_MALFORMED;
    }

    private Progress reject(ProtocolError verdict) {
        error = verdict;
        return Progress.INVALID;
    }

    private static boolean isVisibleAscii(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) <= 0x20 || text.charAt(i) >= 0x7F) {
                return false;
            }
        }
        return from < to;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
