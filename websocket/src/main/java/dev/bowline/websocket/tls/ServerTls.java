package dev.bowline.websocket.tls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a server speaks TLS: who it is, and what it demands of clients. Immutable: each method returns a new object. Safe
 * from any thread; one object may serve several servers, which then share its cache of sessions.
 *
 * <pre>{@code
 * ServerTls tls = ServerTls.of(TlsIdentity.fromPem(Path.of("chain.pem"), Path.of("key.pem")));
 * }</pre>
 *
 * <p><b>Several identities.</b> The name that the client asks for (SNI) chooses: first a certificate for that very name, then
 * one for a wildcard in place of its first label ({@code *.example.com}, RFC 9525 §6.3), else the first one given. Among those for
 * the same name the client's choice of algorithms decides: give one with an RSA and one with an EC key.
 *
 * <p><b>Sessions</b> are kept to be resumed: 10,000 at most, each for one hour ({@link #sessions}). They belong to this
 * object and none made from it: who comes back after a change of keys or of trust is examined anew.
 */
public final class ServerTls {
    private static final TlsContext.SessionLimits SESSIONS = new TlsContext.SessionLimits(10_000, Duration.ofHours(1));

    private final @Nullable Parts parts; // null where the application has made the context
    private final TlsContext context;
    private final ClientCertificates clientCertificates;

    private ServerTls(@Nullable Parts parts, TlsContext context, ClientCertificates clientCertificates) {
        this.parts = parts;
        this.context = context;
        this.clientCertificates = clientCertificates;
    }

    /** What a context is made of. Without trust no client is trusted. */
    private record Parts(
            List<TlsIdentity> identities, @Nullable TlsTrust trust, TlsContext.SessionLimits sessions) {
        ServerTls whole(ClientCertificates asked) {
            TlsTrust clients = trust;
            TlsContext context = TlsContext.of(
                    new ServerKeys(identities), () -> clients == null ? null : clients.manager(), sessions);
            return new ServerTls(this, context, asked);
        }
    }

    /** With these identities; the first is for clients that ask for none of their names. */
    public static ServerTls of(TlsIdentity first, TlsIdentity... more) {
        return new Parts(list(first, more), null, SESSIONS).whole(ClientCertificates.NONE);
    }

    private static List<TlsIdentity> list(TlsIdentity first, TlsIdentity... more) {
        List<TlsIdentity> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    /** With keys, trust and sessions of a context that the application has made. */
    public static ServerTls of(SSLContext context) {
        return new ServerTls(null, TlsContext.of(Objects.requireNonNull(context, "context")), ClientCertificates.NONE);
    }

    /**
     * The same with other identities: for certificates that are renewed.
     *
     * @throws IllegalStateException if this object was made of a context, which brings its own
     */
    public ServerTls identities(TlsIdentity first, TlsIdentity... more) {
        return new Parts(list(first, more), parts().trust(), parts().sessions()).whole(clientCertificates);
    }

    /**
     * Whether to ask clients for certificates, and whom to trust in that. Default {@link ClientCertificates#NONE}. Who came is told
     * by {@code UpgradeRequest.tls()}.
     *
     * @throws IllegalStateException if this object was made of a context, which brings its own trust
     */
    public ServerTls clientCertificates(ClientCertificates asked, TlsTrust trust) {
        return new Parts(parts().identities(), Objects.requireNonNull(trust, "trust"), parts().sessions()).whole(asked);
    }

    /**
     * Whether to ask clients for certificates, with the trust that this object has already.
     *
     * @throws IllegalStateException if it has none, as nobody has said whose certificates are good
     */
    public ServerTls clientCertificates(ClientCertificates asked) {
        if (asked != ClientCertificates.NONE && parts != null && parts.trust() == null) {
            throw new IllegalStateException(
                    "say whose certificates are trusted: clientCertificates(" + asked + ", TlsTrust.fromPem(file))");
        }
        return new ServerTls(parts, context, asked);
    }

    /**
     * How many sessions are kept to be resumed, and how long. Default 10,000 and one hour.
     *
     * @param max at least 1; beyond it the oldest are forgotten. Sessions that the JDK hands to the client as a ticket take
     *     no place here
     * @param lifetime 1 second to 7 days
     * @throws IllegalStateException if this object was made of a context, which brings its own
     */
    public ServerTls sessions(int max, Duration lifetime) {
        TlsContext.SessionLimits limits = new TlsContext.SessionLimits(max, lifetime);
        return new Parts(parts().identities(), parts().trust(), limits).whole(clientCertificates);
    }

    private Parts parts() {
        if (parts == null) {
            throw new IllegalStateException("this ServerTls is made of an SSLContext, which brings its own identities,"
                    + " trust and sessions; change them there");
        }
        return parts;
    }

    /** Made by the first call. */
    public SSLContext context() {
        return context.get();
    }

    public ClientCertificates clientCertificates() {
        return clientCertificates;
    }
}
