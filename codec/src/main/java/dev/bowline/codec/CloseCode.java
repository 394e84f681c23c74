package dev.bowline.codec;

/**
 * Close codes of RFC 6455 §7.4.1 and the IANA "WebSocket Close Code Number Registry", with the rules about which of
 * them may stand in a Close frame.
 */
public final class CloseCode {
    /** The purpose of the connection has been fulfilled. */
    public static final int NORMAL = 1000;
    /** The endpoint goes away: a server shuts down, a page is left. */
    public static final int GOING_AWAY = 1001;
    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;
    /** The peer sent a kind of data that the endpoint can't accept. */
    public static final int UNSUPPORTED_DATA = 1003;
    /** Never on the wire: the Close frame that came had no code (§7.1.5). */
    public static final int NO_STATUS_RECEIVED = 1005;
    /** Never on the wire: the connection ended without a Close frame (§7.1.5). */
    public static final int ABNORMAL_CLOSURE = 1006;
    /** The content of a message contradicts its type: text that is not UTF-8. */
    public static final int INVALID_PAYLOAD = 1007;
    /** A message violates the endpoint's policy; the code to use when no other fits. */
    public static final int POLICY_VIOLATION = 1008;
    /** A message is too big to process. */
    public static final int MESSAGE_TOO_BIG = 1009;
    /** The client expected an extension that the server did not negotiate. */
    public static final int MANDATORY_EXTENSION = 1010;
    /** An unexpected condition kept the server from fulfilling the request. */
    public static final int INTERNAL_ERROR = 1011;
    /** IANA: the service restarts. */
    public static final int SERVICE_RESTART = 1012;
    /** IANA: the service is overloaded; try again later. */
    public static final int TRY_AGAIN_LATER = 1013;
    /** IANA: a gateway got an invalid answer from upstream. */
    public static final int BAD_GATEWAY = 1014;
    /** Never on the wire: the TLS handshake failed. */
    public static final int TLS_HANDSHAKE = 1015;

    private CloseCode() {}

    /**
     * Whether a Close frame may carry this code: 1000–1003, 1007–1014 and 3000–4999. The rest of 0–2999 is unused or
     * reserved, 1004 has no meaning, 1005, 1006 and 1015 must not be set by an endpoint (§7.4.1, §7.4.2).
     */
    public static boolean isAllowedOnWire(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}
