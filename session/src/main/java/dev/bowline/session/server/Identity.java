package dev.bowline.session.server;

import dev.bowline.session.wire.Grammar;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is.
 *
 * @param user null for nobody in particular
 * @param validMillis how long that holds from now on; {@link Long#MAX_VALUE} for ever
 */
public record Identity(@Nullable String user, long validMillis) {
    /** Nobody in particular, for ever. */
    public static final Identity ANONYMOUS = new Identity(null, Long.MAX_VALUE);

    /** A user, for ever. */
    public static Identity of(String user) {
        return new Identity(user, Long.MAX_VALUE);
    }

    public Identity {
        if (user != null && !Grammar.isUser(user)) {
            throw new IllegalArgumentException(
                    "user is \"" + user + "\", must be 1 to 255 visible ASCII characters, others percent-encoded");
        }
        if (validMillis < 0) {
            throw new IllegalArgumentException("validMillis is " + validMillis + ", must not be negative");
        }
    }
}
