package dev.bowline.codec.handshake;

import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.ExtensionParameters;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Violation;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The client's half of the opening handshake (RFC 6455 §4.1) as pure functions of what it offers: the request it sends
 * and what it makes of the response. Immutable.
 */
public final class ClientHandshake {
    private final URI uri;
    private final String key;
    private final List<String> subprotocols;
    private final List<ExtensionNegotiator> extensions;
    private final HttpHeaders extra;

    /** What a client finds in a response: {@link Established} or {@link Failure}. */
    public sealed interface Examination {}

    /**
     * The connection is open.
     *
     * @param subprotocol what the server chose; empty for none, as in the WHATWG interface
     * @param extension what the server chose, or null
     */
    public record Established(
            ResponseHead response,
            String subprotocol,
            @Nullable Agreement extension) implements Examination {}

    /**
     * The server did not open the connection: an error status, a redirect, a response that breaks a rule. Status and
     * header fields are at hand in {@code response}.
     */
    public record Failure(ResponseHead response, ProtocolError error) implements Examination {}

    /**
     * @param uri where to connect: {@code ws://} or {@code wss://}, a host, no fragment, no user information
     * @param nonce 16 unpredictable bytes, fresh for each connection
     * @param subprotocols what to offer, the most wanted first; distinct tokens
     * @param extensions what to offer, the most wanted first
     * @param extra further header fields; none of those that the handshake itself sets
     * @throws IllegalArgumentException where one of them is not so
     */
    public ClientHandshake(
            URI uri, byte[] nonce, List<String> subprotocols, List<ExtensionNegotiator> extensions, HttpHeaders extra) {
        requireWebSocketUri(uri);
        if (nonce.length != 16) {
            throw new IllegalArgumentException("nonce has " + nonce.length + " bytes, must have 16 (RFC 6455 §4.1)");
        }
        OpeningHandshake.requireSubprotocols(subprotocols);
        OpeningHandshake.requireNotOurs(extra);
        this.uri = uri;
        this.key = Base64.getEncoder().encodeToString(nonce);
        this.subprotocols = List.copyOf(subprotocols);
        this.extensions = List.copyOf(extensions);
        this.extra = extra;
    }

    /** Throws {@link IllegalArgumentException} for a URI that no WebSocket can be opened to (§3), saying why. */
    public static void requireWebSocketUri(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            throw new IllegalArgumentException("URI must begin with ws:// or wss://, but is " + withoutQuery(uri));
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("URI has no valid host: " + withoutQuery(uri));
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("URI must not have a fragment (RFC 6455 §3): " + withoutQuery(uri));
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "URI must not have user information; send an Authorization header instead");
        }
    }

    /** For messages: a query may hold a token. */
    private static String withoutQuery(URI uri) {
        String text = uri.toString();
        int question = text.indexOf('?');
        return question < 0 ? text : text.substring(0, question) + "?…";
    }

    /** The port to connect to: the URI's, or 80 for {@code ws} and 443 for {@code wss} (§3). */
    public static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return isSecure(uri) ? 443 : 80;
    }

    public static boolean isSecure(URI uri) {
        return "wss".equalsIgnoreCase(uri.getScheme());
    }

    /** The bytes of the request. */
    public ByteBuffer request() {
        return requestHead().toBytes();
    }

    /** The request (§4.1). */
    public RequestHead requestHead() {
        HttpHeaders.Builder headers = HttpHeaders.builder()
                .add("Host", hostHeader(uri))
                .add("Upgrade", "websocket")
                .add("Connection", "Upgrade")
                .add("Sec-WebSocket-Key", key)
                .add("Sec-WebSocket-Version", OpeningHandshake.VERSION);
        if (!subprotocols.isEmpty()) {
            headers.add("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
        }
        List<String> offers = extensions.stream()
                .flatMap(e -> e.offers().stream())
                .map(ExtensionParameters::toHeader)
                .toList();
        if (!offers.isEmpty()) {
            headers.add("Sec-WebSocket-Extensions", String.join(", ", offers));
        }
        return new RequestHead("GET", resource(uri), headers.addAll(extra).build());
    }

    /** Judges the response by §4.1, in the order of its list. */
    public Examination examine(ResponseHead response) {
        HttpHeaders headers = response.headers();
        if (response.status() != 101) {
            return new Failure(response, Violation.STATUS_NOT_101.error(describe(response)));
        }
        if (!"websocket".equalsIgnoreCase(headers.first("Upgrade")) || !headers.listContains("Connection", "Upgrade")) {
            return new Failure(response, Violation.RESPONSE_UPGRADE_MISSING.error());
        }
        if (!OpeningHandshake.acceptFor(key).equals(headers.first("Sec-WebSocket-Accept"))) {
            return new Failure(response, Violation.ACCEPT_MISMATCH.error());
        }
        Agreement extension = null;
        String extensionHeader = headers.first("Sec-WebSocket-Extensions");
        if (extensionHeader != null) {
            extension = acceptExtension(extensionHeader);
            if (extension == null) {
                return new Failure(response, Violation.EXTENSION_NOT_OFFERED.error());
            }
        }
        String subprotocol = headers.first("Sec-WebSocket-Protocol");
        if (subprotocol != null && !subprotocols.contains(subprotocol)) {
            return new Failure(response, Violation.SUBPROTOCOL_NOT_OFFERED.error());
        }
        return new Established(response, subprotocol == null ? "" : subprotocol, extension);
    }

    private @Nullable Agreement acceptExtension(String header) {
        List<ExtensionParameters> answers = ExtensionParameters.parse(header);
        if (answers == null || answers.size() != 1) {
            return null;
        }
        return extensions.stream()
                .filter(e -> e.name().equals(answers.get(0).name()))
                .findFirst()
                .map(e -> e.accept(answers.get(0)))
                .orElse(null);
    }

    private static String describe(ResponseHead response) {
        String status = response.status() + (response.reason().isEmpty() ? "" : " " + response.reason());
        String location = response.headers().first("Location");
        return response.status() / 100 == 3 && location != null ? status + ", to " + location : status;
    }

    /** {@code Host}: the port is left out where it is the scheme's own (§4.1, item 4). */
    private static String hostHeader(URI uri) {
        return uri.getPort() < 0 || uri.getPort() == (isSecure(uri) ? 443 : 80)
                ? uri.getHost()
                : uri.getHost() + ":" + uri.getPort();
    }

    /** The resource name of §3: path and query, percent-encoded. */
    private static String resource(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }
}
