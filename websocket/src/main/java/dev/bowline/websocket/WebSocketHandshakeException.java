package dev.bowline.websocket;

import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.handshake.HttpHeaders;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A server, or the proxy before it, was reached and answered, and what it answered does not open a WebSocket: an error
 * status, a redirect (which is not followed: RFC 6455 §4.1 leaves that to the client), a response that breaks a rule.
 */
public final class WebSocketHandshakeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient HttpHeaders headers;
    private final transient @Nullable ProtocolError error;

    /**
     * @param message one sentence: the URI, without its query, and what happened
     * @param status the status of the answer; zero where there was none that could be read
     */
    public WebSocketHandshakeException(String message, int status, HttpHeaders headers, @Nullable ProtocolError error) {
        super(message);
        this.status = status;
        this.headers = headers;
        this.error = error;
    }

    /** The HTTP status of the answer, such as 401; zero where the answer was not a readable HTTP head. */
    public int status() {
        return status;
    }

    /** The header fields of the answer; empty where it could not be read. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The rule that the answer broke; null where a proxy refused. */
    public @Nullable ProtocolError error() {
        return error;
    }
}
