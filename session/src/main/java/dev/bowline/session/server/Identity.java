package dev.bowline.session.server;

import dev.bowline.session.wire.Grammar;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is. Immutable.
 *
 * @param user null for nobody in particular
 * @param validMillis how long that holds from now on; {@link Long#MAX_VALUE} for ever
 * @param attributes what else the application wants to know of the client whenever it sees its session ({@link SessionInfo#attributes});
 *     names and values are at most {@link #MAX_ATTRIBUTE_BYTES} together
 */
public record Identity(@Nullable String user, long validMillis, Map<String, String> attributes) {
    /** How large attributes may be: 4 KiB of UTF-8, names and values together. */
    public static final int MAX_ATTRIBUTE_BYTES = 4_096;

    /** Nobody in particular, for ever. */
    public static final Identity ANONYMOUS = new Identity(null, Long.MAX_VALUE);

    public Identity {
        if (user != null && !Grammar.isUser(user)) {
            throw new IllegalArgumentException(
                    "user is \"" + user + "\", must be 1 to 255 visible ASCII characters, others percent-encoded");
        }
        if (validMillis < 0) {
            throw new IllegalArgumentException("validMillis is " + validMillis + ", must not be negative");
        }
        attributes = Map.copyOf(attributes);
        long bytes = bytes(attributes);
        if (bytes > MAX_ATTRIBUTE_BYTES) {
            throw new IllegalArgumentException(
                    "attributes are " + bytes + " bytes of UTF-8, must be at most " + MAX_ATTRIBUTE_BYTES);
        }
    }

    /** Without attributes. */
    public Identity(@Nullable String user, long validMillis) {
        this(user, validMillis, Map.of());
    }

    /** A user, for ever. */
    public static Identity of(String user) {
        return new Identity(user, Long.MAX_VALUE);
    }

    private static long bytes(Map<String, String> attributes) {
        long bytes = 0;
        for (Map.Entry<String, String> one : attributes.entrySet()) {
            bytes += one.getKey().getBytes(StandardCharsets.UTF_8).length;
            bytes += one.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }
}
