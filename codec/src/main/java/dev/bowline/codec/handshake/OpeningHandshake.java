package dev.bowline.codec.handshake;

import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.ExtensionParameters;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Tokens;
import dev.bowline.codec.Violation;
import dev.bowline.codec.Visible;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the opening handshake (RFC 6455 §4) as pure functions: what a server demands of a request and answers to
 * it. The client's half is {@link ClientHandshake}.
 */
public final class OpeningHandshake {
    /** The protocol version of RFC 6455, the only one spoken. */
    public static final String VERSION = "13";

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private OpeningHandshake() {}

    /** What a server finds in a request: an {@link Offer} or a {@link Refusal}. */
    public sealed interface Examination {}

    /**
     * A valid opening handshake.
     *
     * @param key the client's {@code Sec-WebSocket-Key}
     * @param subprotocols what the client offers, the most wanted first; distinct tokens; may be empty
     * @param extensions what the client offers, the most wanted first; may be empty
     */
    public record Offer(
            RequestHead request, String key, List<String> subprotocols, List<ExtensionParameters> extensions)
            implements Examination {
        public Offer {
            subprotocols = List.copyOf(subprotocols);
            extensions = List.copyOf(extensions);
        }
    }

    /** A request that is not a valid opening handshake. */
    public record Refusal(ProtocolError error) implements Examination {}

    /** Whether a request asks for a WebSocket at all; anything else is plain HTTP. */
    public static boolean isRequested(RequestHead request) {
        return request.headers().listContains("Upgrade", "websocket");
    }

    /** Judges a request by §4.2.1, in the order of its list. */
    public static Examination examine(RequestHead request) {
        HttpHeaders headers = request.headers();
        if (!request.method().equals("GET")) {
            return new Refusal(Violation.METHOD_NOT_GET.error(request.method()));
        }
        if (!isPathTarget(request.target())) {
            return new Refusal(Violation.TARGET_MALFORMED.error());
        }
        if (request.hasBody()) {
            return new Refusal(Violation.BODY_UNSUPPORTED.error());
        }
        if (!headers.contains("Host")) {
            return new Refusal(Violation.HOST_MISSING.error());
        }
        if (!hasValidAuthority(request)) {
            return new Refusal(Violation.HOST_MALFORMED.error());
        }
        if (!isRequested(request) || !headers.listContains("Connection", "Upgrade")) {
            return new Refusal(Violation.UPGRADE_MISSING.error());
        }
        // The version comes before the key, which another version may do without.
        String version = headers.first("Sec-WebSocket-Version");
        if (!VERSION.equals(version)) {
            return new Refusal(
                    Violation.VERSION_UNSUPPORTED.error(version == null ? "none given" : "another one given"));
        }
        String key = headers.first("Sec-WebSocket-Key");
        if (key == null || !isKey(key)) {
            return new Refusal(Violation.KEY_MALFORMED.error());
        }
        List<String> subprotocols = headers.list("Sec-WebSocket-Protocol");
        if (!areDistinctTokens(subprotocols)) {
            return new Refusal(Violation.SUBPROTOCOL_MALFORMED.error());
        }
        List<ExtensionParameters> extensions = new ArrayList<>();
        for (String value : headers.all("Sec-WebSocket-Extensions")) {
            List<ExtensionParameters> parsed = ExtensionParameters.parse(value);
            if (parsed == null) {
                return new Refusal(Violation.EXTENSIONS_MALFORMED.error());
            }
            extensions.addAll(parsed);
        }
        return new Offer(request, key, subprotocols, extensions);
    }

    /** Whether host and port of a request are well-formed, in its {@code Host} field and in its target. */
    public static boolean hasValidAuthority(RequestHead request) {
        String authority = request.authority();
        if (authority == null || Authority.parse(authority) == null) {
            return false;
        }
        String host = request.headers().first("Host");
        return host != null && (host.equals(authority) || Authority.parse(host) != null);
    }

    /** Whether a target is in origin form or an absolute http or https URI (§4.2.1, item 1), without fragment (§3). */
    private static boolean isPathTarget(String target) {
        boolean absolute =
                target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8);
        return (absolute || target.startsWith("/")) && target.indexOf('#') < 0;
    }

    /** A nonce of 16 bytes in base64 (§4.1, item 7): 24 characters, the last two of them padding. */
    private static boolean isKey(String key) {
        try {
            return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /**
     * Refuses what no list of subprotocols can be (§4.1, item 10).
     *
     * @throws IllegalArgumentException for a name that is not a token, saying which character is wrong and where it
     *     stands, and for one that is given twice
     */
    public static void requireSubprotocols(List<String> names) {
        names.forEach(name -> Tokens.requireToken("subprotocol", name));
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException(
                    "subprotocols must be distinct (RFC 6455 §4.1), given were " + String.join(", ", names));
        }
    }

    private static boolean areDistinctTokens(List<String> names) {
        return names.isEmpty()
                || (names.stream().allMatch(Tokens::isToken) && new HashSet<>(names).size() == names.size());
    }

    /**
     * Chooses an extension: the first of the client's offers that one of ours answers (§9.1). One extension at most
     * transforms a connection's messages.
     */
    public static @Nullable Agreement negotiate(List<ExtensionNegotiator> ours, List<ExtensionParameters> offers) {
        for (ExtensionParameters offer : offers) {
            for (ExtensionNegotiator negotiator : ours) {
                if (negotiator.name().equals(offer.name())) {
                    List<ExtensionParameters> sameName = offers.stream()
                            .filter(other -> other.name().equals(offer.name()))
                            .toList();
                    Agreement agreement = negotiator.answer(sameName);
                    if (agreement != null) {
                        return agreement;
                    }
                }
            }
        }
        return null;
    }

    /**
     * The answer that opens the connection (§4.2.2, item 5).
     *
     * @param subprotocol one of the offered ones, or null for none
     * @param extension what {@link #negotiate} chose, or null
     * @param extra further header fields; none of those that the handshake itself sets
     * @throws IllegalArgumentException for a subprotocol that was not offered or an extra field that is not the caller's
     *     to set
     */
    public static ResponseHead accept(
            Offer offer, @Nullable String subprotocol, @Nullable Agreement extension, HttpHeaders extra) {
        if (subprotocol != null && !offer.subprotocols().contains(subprotocol)) {
            throw new IllegalArgumentException("subprotocol " + Visible.of(subprotocol)
                    + " was not offered, the client offered " + offer.subprotocols() + " (RFC 6455 §4.2.2)");
        }
        requireNotOurs(extra);
        HttpHeaders.Builder headers = HttpHeaders.builder()
                .add("Upgrade", "websocket")
                .add("Connection", "Upgrade")
                .add("Sec-WebSocket-Accept", acceptFor(offer.key()));
        if (subprotocol != null) {
            headers.add("Sec-WebSocket-Protocol", subprotocol);
        }
        if (extension != null) {
            headers.add("Sec-WebSocket-Extensions", extension.parameters().toHeader());
        }
        return ResponseHead.of(101, headers.addAll(extra).build());
    }

    /** The header fields that an answer with this verdict must carry, beside those of its body. */
    public static HttpHeaders refusalHeaders(ProtocolError error) {
        return switch (error.violation()) {
            // §4.4, and RFC 9110 §15.5.22: an answer 426 names what to upgrade to, and §7.8 has Connection say that
            // Upgrade is there.
            case VERSION_UNSUPPORTED ->
                HttpHeaders.of("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", VERSION);
            case METHOD_NOT_GET -> HttpHeaders.of("Allow", "GET");
            default -> HttpHeaders.EMPTY;
        };
    }

    /** {@code Sec-WebSocket-Accept} for a key: base64 of the SHA-1 of key and GUID (§4.2.2, item 5.4). */
    public static String acceptFor(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Refuses header fields that the handshake itself sets. */
    static void requireNotOurs(HttpHeaders extra) {
        if (extra.size() == 0) {
            return;
        }
        for (String name : extra.names()) {
            if (name.startsWith("sec-websocket-")
                    || name.equals("upgrade")
                    || name.equals("connection")
                    || name.equals("host")
                    || name.equals("content-length")
                    || name.equals("transfer-encoding")) {
                throw new IllegalArgumentException("header " + name + " is set by the handshake itself");
            }
        }
    }
}
