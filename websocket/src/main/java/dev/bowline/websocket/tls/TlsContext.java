package dev.bowline.websocket.tls;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A context that is made when it is first needed, as to load whom the JDK trusts takes a while. Safe from any thread. */
final class TlsContext {
    private final Supplier<SSLContext> maker;
    private @Nullable SSLContext made; // guarded by this

    private TlsContext(Supplier<SSLContext> maker) {
        this.maker = maker;
    }

    /** Made already, by the application. */
    static TlsContext of(SSLContext context) {
        return new TlsContext(() -> context);
    }

    /**
     * Still to be made.
     *
     * @param keys null for an end that shows no certificate
     * @param trust asked when the context is made; gives null for an end that trusts nobody
     */
    static TlsContext of(
            @Nullable KeyManager keys, Supplier<? extends @Nullable TrustManager> trust, SessionLimits sessions) {
        return new TlsContext(() -> make(keys, trust.get(), sessions));
    }

    private static SSLContext make(@Nullable KeyManager keys, @Nullable TrustManager trust, SessionLimits sessions) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // For null the JDK would take managers of its own: with what it trusts, for instance.
            context.init(
                    keys == null ? new KeyManager[0] : new KeyManager[] {keys},
                    trust == null ? new TrustManager[0] : new TrustManager[] {trust},
                    null);
            sessions.apply(context.getServerSessionContext());
            sessions.apply(context.getClientSessionContext());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK can't speak TLS: " + e.getMessage(), e);
        }
    }

    synchronized SSLContext get() {
        if (made == null) {
            made = maker.get();
        }
        return made;
    }

    synchronized boolean isMade() {
        return made != null;
    }

    /** Bounds of a cache of sessions. */
    record SessionLimits(int maxSessions, Duration lifetime) {
        private static final Duration LONGEST = Duration.ofDays(7); // RFC 8446 §4.6.1

        SessionLimits {
            if (maxSessions < 1) {
                throw new IllegalArgumentException("maxSessions is " + maxSessions + ", must be at least 1");
            }
            if (lifetime.toSeconds() < 1 || lifetime.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "lifetime of sessions is " + lifetime + ", must be at least 1 second and at most 7 days");
            }
        }

        private void apply(SSLSessionContext cache) {
            cache.setSessionCacheSize(maxSessions);
            cache.setSessionTimeout((int) lifetime.toSeconds());
        }
    }
}
