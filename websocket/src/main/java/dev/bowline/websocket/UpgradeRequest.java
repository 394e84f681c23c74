package dev.bowline.websocket;

import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.websocket.tls.TlsSession;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request that asks for a WebSocket.
 *
 * @param head method, target and header fields as they came
 * @param subprotocols what the client offers, the most wanted first; may be empty
 * @param remoteAddress the other end of the TCP stream; or, where that is a {@linkplain ServerOptions.Builder#trustedProxies trusted
 *     proxy}, its client, with port 0
 * @param tls what the TLS handshake agreed on, with the certificates of the other end; null on plain TCP
 */
public record UpgradeRequest(
        RequestHead head,
        List<String> subprotocols,
        InetSocketAddress remoteAddress,
        @Nullable TlsSession tls) {
    public UpgradeRequest {
        subprotocols = List.copyOf(subprotocols);
    }

    /** A request on plain TCP. */
    public UpgradeRequest(RequestHead head, List<String> subprotocols, InetSocketAddress remoteAddress) {
        this(head, subprotocols, remoteAddress, null);
    }

    /** The path as it came, percent-encoded, without the query. */
    public String path() {
        return head.path();
    }

    /** The query as it came, percent-encoded, without the question mark; empty where there is none. */
    public String query() {
        return head.query();
    }

    public HttpHeaders headers() {
        return head.headers();
    }

    /**
     * The decoded value of the first query parameter of that name; null where there is none, or where its
     * percent-encoding is malformed.
     */
    public @Nullable String queryParameter(String name) {
        for (String pair : query().split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (name.equals(decode(key))) {
                return equals < 0 ? "" : decode(pair.substring(equals + 1));
            }
        }
        return null;
    }

    private static @Nullable String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return null; // the peer's mistake is data, and says that there is no such parameter
        }
    }
}
