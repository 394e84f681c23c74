package dev.bowline.websocket.tls;

import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * How a server speaks TLS: who it is, and what it demands of clients. Immutable: each method returns a new object. Safe
 * from any thread; one object may serve several servers, which then share its cache of sessions.
 */
public final class ServerTls {
    private final SSLContext context;
    private final ClientCertificates clientCertificates;

    private ServerTls(SSLContext context, ClientCertificates clientCertificates) {
        this.context = context;
        this.clientCertificates = clientCertificates;
    }

    /** With keys, trust and sessions of a context that the application has made. */
    public static ServerTls of(SSLContext context) {
        return new ServerTls(Objects.requireNonNull(context, "context"), ClientCertificates.NONE);
    }

    /** Whether to ask clients for certificates. Default {@link ClientCertificates#NONE}. */
    public ServerTls clientCertificates(ClientCertificates asked) {
        return new ServerTls(context, asked);
    }

    public SSLContext context() {
        return context;
    }

    public ClientCertificates clientCertificates() {
        return clientCertificates;
    }
}
