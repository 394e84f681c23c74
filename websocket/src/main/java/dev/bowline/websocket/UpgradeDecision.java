package dev.bowline.websocket;

import dev.bowline.codec.Tokens;
import dev.bowline.codec.handshake.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code onUpgrade} decides on a request: to open the connection, with or without a subprotocol, a user and further
 * header fields, or to refuse it with an HTTP status. Immutable: each method returns a new decision.
 */
public final class UpgradeDecision {
    private static final Set<String> SET_BY_SERVER =
            Set.of("connection", "content-length", "date", "transfer-encoding", "upgrade");

    private static final UpgradeDecision ACCEPT = new UpgradeDecision(101, "", null, null, null, HttpHeaders.EMPTY);

    private final int status;
    private final String body;
    private final @Nullable String subprotocol;
    private final @Nullable String user;
    private final @Nullable TextHeartbeat textHeartbeat;
    private final HttpHeaders headers;

    private UpgradeDecision(
            int status,
            String body,
            @Nullable String subprotocol,
            @Nullable String user,
            @Nullable TextHeartbeat textHeartbeat,
            HttpHeaders headers) {
        this.status = status;
        this.body = body;
        this.subprotocol = subprotocol;
        this.user = user;
        this.textHeartbeat = textHeartbeat;
        this.headers = headers;
    }

    /** Opens the connection. */
    public static UpgradeDecision accept() {
        return ACCEPT;
    }

    /**
     * Refuses the request; the client's WebSocket fails to open.
     *
     * @param status an HTTP status from 300 to 599
     * @param body plain text for people; may be empty
     */
    public static UpgradeDecision refuse(int status, String body) {
        if (status < 300 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", must be 300 to 599 to refuse a request");
        }
        return new UpgradeDecision(status, body, null, null, null, HttpHeaders.EMPTY);
    }

    /** Chooses a subprotocol: one of those that the client offered, or the server answers 500 and logs why. */
    public UpgradeDecision subprotocol(String chosen) {
        Tokens.requireToken("subprotocol", chosen);
        return new UpgradeDecision(status, body, chosen, user, textHeartbeat, headers);
    }

    /** Names the authenticated user of the connection: see {@link WebSocketServer#user}. */
    public UpgradeDecision user(String name) {
        return new UpgradeDecision(status, body, subprotocol, name, textHeartbeat, headers);
    }

    /** Turns a text heartbeat on for this connection, in place of its endpoint's. */
    public UpgradeDecision textHeartbeat(TextHeartbeat heartbeat) {
        return new UpgradeDecision(status, body, subprotocol, user, heartbeat, headers);
    }

    /**
     * Adds a header field to the response.
     *
     * @throws IllegalArgumentException for a malformed name or value, and for a field that the server itself sets, such
     *     as {@code Connection}, {@code Content-Length} and {@code Sec-WebSocket-Accept}
     */
    public UpgradeDecision header(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (SET_BY_SERVER.contains(lower) || lower.startsWith("sec-websocket-")) {
            throw new IllegalArgumentException("header " + name + " is set by the server itself");
        }
        HttpHeaders more =
                HttpHeaders.builder().addAll(headers).add(name, value).build();
        return new UpgradeDecision(status, body, subprotocol, user, textHeartbeat, more);
    }

    public boolean isAccepted() {
        return status == 101;
    }

    /** 101, or the status of the refusal. */
    public int status() {
        return status;
    }

    /** The text of the refusal. */
    public String body() {
        return body;
    }

    public @Nullable String subprotocol() {
        return subprotocol;
    }

    public @Nullable String user() {
        return user;
    }

    public @Nullable TextHeartbeat textHeartbeat() {
        return textHeartbeat;
    }

    /** The header fields added to the response. */
    public HttpHeaders headers() {
        return headers;
    }
}
