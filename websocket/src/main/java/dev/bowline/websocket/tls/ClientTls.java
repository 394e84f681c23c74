package dev.bowline.websocket.tls;

import dev.bowline.websocket.internal.log.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS: whom it trusts, and who it is where a server asks. Immutable: each method returns a new
 * object. Safe from any thread; clients that share one share its cache of sessions too.
 *
 * <pre>{@code
 * ClientTls tls = ClientTls.DEFAULT.trust(TlsTrust.fromPem(Path.of("authority.pem")));
 * }</pre>
 *
 * <p><b>Sessions</b> of at most 1,000 servers are kept, each for one hour, so that a reconnect costs less than a first
 * connect ({@link #sessions}).
 */
public final class ClientTls {
    private static final Log LOG = Log.of(ClientTls.class);

    private static final TlsContext.SessionLimits SESSIONS = new TlsContext.SessionLimits(1_000, Duration.ofHours(1));

    /**
     * Trusts the certification authorities of the JDK ({@link TlsTrust#system}), verifies the host name, and has no
     * certificate of its own. The authorities are loaded by the first connection that needs them.
     */
    public static final ClientTls DEFAULT = new Parts(TlsTrust.system()::manager, null, SESSIONS).whole(true);

    private final @Nullable Parts parts; // null where the application has made the context
    private final TlsContext context;
    private final boolean verifyHostName;

    private ClientTls(@Nullable Parts parts, TlsContext context, boolean verifyHostName) {
        this.parts = parts;
        this.context = context;
        this.verifyHostName = verifyHostName;
    }

    /** What a context is made of. */
    private record Parts(
            Supplier<X509ExtendedTrustManager> trust,
            @Nullable TlsIdentity identity,
            TlsContext.SessionLimits sessions) {
        ClientTls whole(boolean verifyHostName) {
            ClientKeys keys = identity == null ? null : new ClientKeys(identity);
            return new ClientTls(this, TlsContext.of(keys, trust, sessions), verifyHostName);
        }
    }

    /** With trust, keys and sessions of a context that the application has made. */
    public static ClientTls of(SSLContext context) {
        return new ClientTls(null, TlsContext.of(Objects.requireNonNull(context, "context")), true);
    }

    /**
     * <b>Insecure</b>: takes every server for the one it wants, so anyone on the way can read and change what is sent. For
     * development alone; better is to {@link #trust} the certificate in use there. Each call logs a warning.
     */
    public static ClientTls insecureTrustAnyone() {
        LOG.log(Level.WARNING, "TLS without security: certificates of servers are not verified");
        return new Parts(AnyoneTrusted::new, null, SESSIONS).whole(false);
    }

    /**
     * Trusts these, and nobody else. Default {@link TlsTrust#system}; to add to it, say {@code system().and(…)}.
     *
     * @throws IllegalStateException if this object was made of a context, which brings its own
     */
    public ClientTls trust(TlsTrust trust) {
        return new Parts(trust::manager, parts().identity(), parts().sessions()).whole(verifyHostName);
    }

    /**
     * Who this client is, for servers that ask for a certificate. Default: nobody.
     *
     * @throws IllegalStateException if this object was made of a context, which brings its own
     */
    public ClientTls identity(TlsIdentity identity) {
        return new Parts(parts().trust(), Objects.requireNonNull(identity, "identity"), parts().sessions())
                .whole(verifyHostName);
    }

    /**
     * How many servers' sessions are kept to be resumed, and how long. Default 1,000 and one hour.
     *
     * @param max at least 1; beyond it the oldest are forgotten
     * @param lifetime 1 second to 7 days
     * @throws IllegalStateException if this object was made of a context, which brings its own
     */
    public ClientTls sessions(int max, Duration lifetime) {
        return new Parts(parts().trust(), parts().identity(), new TlsContext.SessionLimits(max, lifetime))
                .whole(verifyHostName);
    }

    private Parts parts() {
        if (parts == null) {
            throw new IllegalStateException("this ClientTls is made of an SSLContext, which brings its own trust,"
                    + " identity and sessions; change them there");
        }
        return parts;
    }

    /**
     * Whether the server's certificate must be for the host that the URI names (RFC 9110 §4.3.4). Default true; without
     * it anyone with a trusted certificate for any name can pose as the server.
     */
    public ClientTls verifyHostName(boolean verify) {
        return new ClientTls(parts, context, verify);
    }

    /** Made by the first call, which loads whom the JDK trusts if that is needed: that takes a while. */
    public SSLContext context() {
        return context.get();
    }

    boolean isContextMade() {
        return context.isMade();
    }

    public boolean verifyHostName() {
        return verifyHostName;
    }
}
