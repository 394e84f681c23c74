package dev.bowline.cli.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that open the API. Immutable; keeps no key itself. */
final class BearerKeys {
    private static final String SCHEME = "Bearer ";

    private final List<byte[]> digests;

    BearerKeys(List<String> keys) {
        digests = keys.stream().map(BearerKeys::digest).toList();
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Lets through who shows a key.
     *
     * @param authorization the header; null for none
     * @throws Problem for everybody else
     */
    void require(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused("There is no key; send the header Authorization: Bearer KEY.", "Bearer realm=\"bowline\"");
        }
        byte[] shown = digest(authorization.substring(SCHEME.length()).trim());
        boolean good = false;
        for (byte[] digest :
                digests) { // all of them, and each in constant time: how long it takes tells nothing of a key
            good |= MessageDigest.isEqual(digest, shown);
        }
        if (!good) {
            throw refused("This is no key of this server's.", "Bearer realm=\"bowline\", error=\"invalid_token\"");
        }
    }

    private static Problem refused(String detail, String challenge) {
        return new Problem(401, "unauthorized", detail, Map.of("WWW-Authenticate", challenge));
    }
}
