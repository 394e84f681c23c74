package dev.bowline.codec;

/**
 * The catalogue of everything a peer can do wrong, in one place: what it costs the peer, under which stable code it is
 * reported, and which clause it breaks.
 *
 * <p>Before the connection is open the peer is answered with an HTTP status; afterwards with a close code. The two
 * ranges do not overlap, so {@link #answer()} holds either. {@link #code()} is stable across releases and safe to
 * match on.
 */
public enum Violation {
    // The HTTP head.
    START_LINE_MALFORMED(400, "RFC 9112 §3, §4", "malformed start line"),
    START_LINE_TOO_LONG(414, "RFC 9112 §3", "start line too long"),
    HTTP_VERSION_UNSUPPORTED(505, "RFC 6455 §4.2.1", "HTTP version is not 1.1"),
    HEADER_MALFORMED(400, "RFC 9112 §5", "malformed header field"),
    HEADER_FOLDED(400, "RFC 9112 §5.2", "header field folded over several lines"),
    HEADER_DUPLICATE(400, "RFC 6455 §11.3, RFC 9112 §3.2", "header field that may stand only once is repeated"),
    HEADERS_TOO_MANY(431, "RFC 6585 §5", "too many header fields"),
    HEAD_TOO_LARGE(431, "RFC 6585 §5", "head too large"),
    LINE_END_MALFORMED(400, "RFC 9112 §2.2", "line does not end in CR LF"),
    BODY_UNSUPPORTED(400, "RFC 9112 §6", "request has a body"),
    HANDSHAKE_TIMEOUT(408, "RFC 9110 §15.5.9", "opening handshake not finished in time"),

    // The opening handshake, as the server sees it.
    METHOD_NOT_GET(405, "RFC 6455 §4.2.1", "method of the opening handshake is not GET"),
    HOST_MISSING(400, "RFC 6455 §4.2.1", "no Host header field"),
    HOST_MALFORMED(400, "RFC 9112 §3.2", "malformed Host header field"),
    TARGET_MALFORMED(400, "RFC 6455 §3", "malformed request target"),
    UPGRADE_MISSING(400, "RFC 6455 §4.2.1", "Connection without Upgrade, or Upgrade without websocket"),
    KEY_MALFORMED(400, "RFC 6455 §4.2.1", "Sec-WebSocket-Key is not 16 bytes in base64"),
    VERSION_UNSUPPORTED(426, "RFC 6455 §4.4", "Sec-WebSocket-Version is not 13"),
    SUBPROTOCOL_MALFORMED(400, "RFC 6455 §4.1", "Sec-WebSocket-Protocol is not a list of distinct tokens"),
    EXTENSIONS_MALFORMED(400, "RFC 6455 §9.1", "malformed Sec-WebSocket-Extensions"),

    // The opening handshake, as the client sees it. The client fails the connection; 1002 and 1010 are what it tells
    // its application, as no Close frame can be sent yet.
    STATUS_NOT_101(1002, "RFC 6455 §4.1", "the server did not switch protocols"),
    RESPONSE_UPGRADE_MISSING(1002, "RFC 6455 §4.1", "response without Upgrade: websocket and Connection: Upgrade"),
    ACCEPT_MISMATCH(1002, "RFC 6455 §4.1", "Sec-WebSocket-Accept does not match the key"),
    SUBPROTOCOL_NOT_OFFERED(1002, "RFC 6455 §4.1", "the server chose a subprotocol that was not offered"),
    EXTENSION_NOT_OFFERED(1010, "RFC 6455 §4.1", "the server chose an extension that was not offered"),

    // Frames.
    RESERVED_BITS(1002, "RFC 6455 §5.2", "reserved bits set that no extension gave a meaning"),
    RESERVED_OPCODE(1002, "RFC 6455 §5.2", "reserved opcode"),
    MASK_MISSING(1002, "RFC 6455 §5.1", "frame from a client is not masked"),
    MASK_FORBIDDEN(1002, "RFC 6455 §5.1", "frame from a server is masked"),
    LENGTH_NOT_MINIMAL(1002, "RFC 6455 §5.2", "payload length not in its minimal form"),
    LENGTH_NEGATIVE(1002, "RFC 6455 §5.2", "payload length with its highest bit set"),
    FRAME_TOO_BIG(1009, "RFC 6455 §10.4", "frame too big"),
    MESSAGE_TOO_BIG(1009, "RFC 6455 §10.4", "message too big"),
    CONTROL_FRAGMENTED(1002, "RFC 6455 §5.5", "fragmented control frame"),
    CONTROL_TOO_LONG(1002, "RFC 6455 §5.5", "control frame with more than 125 bytes"),
    CONTINUATION_UNEXPECTED(1002, "RFC 6455 §5.4", "continuation frame without a message to continue"),
    CONTINUATION_EXPECTED(1002, "RFC 6455 §5.4", "new message inside a fragmented one"),
    TEXT_NOT_UTF8(1007, "RFC 6455 §8.1", "text is not valid UTF-8"),
    CLOSE_PAYLOAD_MALFORMED(1002, "RFC 6455 §5.5.1", "Close frame with one byte of payload"),
    CLOSE_CODE_INVALID(1002, "RFC 6455 §7.4", "close code that must not be sent"),
    CLOSE_REASON_NOT_UTF8(1007, "RFC 6455 §5.5.1", "close reason is not valid UTF-8"),
    EXTENSION_DATA_INVALID(1007, "RFC 6455 §9", "data that the negotiated extension can't decode"),

    // What the endpoint's own policy and limits forbid.
    HOST_NOT_ALLOWED(421, "RFC 9110 §15.5.20", "this server does not go by that host name"),
    ORIGIN_NOT_ALLOWED(403, "RFC 6455 §10.2", "pages of this origin may not open a WebSocket here"),
    FRAGMENTS_TOO_MANY(1008, "RFC 6455 §10.4", "message in too many frames"),
    MESSAGE_TIMEOUT(1008, "RFC 6455 §7.4.1", "message not finished in time"),
    MESSAGE_RATE_EXCEEDED(1008, "RFC 6455 §7.4.1", "too many messages per second"),
    HEARTBEAT_TIMEOUT(1006, "RFC 6455 §5.5.2", "nothing received in time after a ping"),
    CLOSE_TIMEOUT(1006, "RFC 6455 §7.1.1", "closing handshake not finished in time");

    private final int answer;
    private final String clause;
    private final String description;

    Violation(int answer, String clause, String description) {
        this.answer = answer;
        this.clause = clause;
        this.description = description;
    }

    /** The HTTP status (below 1000) or the close code (from 1000) with which the peer is answered. */
    public int answer() {
        return answer;
    }

    /** The stable code, such as {@code message-too-big}. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** The clause that it breaks, such as {@code RFC 6455 §5.2}. */
    public String clause() {
        return clause;
    }

    /** What went wrong, in a few English words. */
    public String description() {
        return description;
    }

    /** The verdict on one occurrence, without numbers. */
    public ProtocolError error() {
        return new ProtocolError(this, "");
    }

    /** The verdict on one occurrence, with what was found. */
    public ProtocolError error(String detail) {
        return new ProtocolError(this, detail);
    }

    /** The verdict on a number that passed its limit. */
    public ProtocolError error(long actual, long allowed, String unit) {
        return new ProtocolError(this, actual + " " + unit + ", allowed " + allowed);
    }
}
