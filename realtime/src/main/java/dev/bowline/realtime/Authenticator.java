package dev.bowline.realtime;

import dev.bowline.session.server.Identity;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Says who a client is, by the token in its first message, or in one that renews it. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Decides, now or later.
     *
     * @param token null where the client has none
     * @return completed by any thread; exceptionally with {@link RefusedException} for a client that may not come in. Anything else is logged, and
     *     refuses too
     */
    CompletionStage<Identity> authenticate(@Nullable String token) throws Exception;
}
