package dev.bowline.websocket.tls;

import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * How a client speaks TLS: whom it trusts, and who it is where a server asks. Immutable: each method returns a new
 * object. Safe from any thread; clients that share one share its cache of sessions too.
 */
public final class ClientTls {
    /** Trusts the certification authorities of the JDK, verifies the host name, and has no certificate of its own. */
    public static final ClientTls DEFAULT = of(systemContext());

    private final SSLContext context;
    private final boolean verifyHostName;

    private ClientTls(SSLContext context, boolean verifyHostName) {
        this.context = context;
        this.verifyHostName = verifyHostName;
    }

    private static SSLContext systemContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK can't speak TLS: " + e.getMessage(), e);
        }
    }

    /** With trust, keys and sessions of a context that the application has made. */
    public static ClientTls of(SSLContext context) {
        return new ClientTls(Objects.requireNonNull(context, "context"), true);
    }

    /**
     * Whether the server's certificate must be for the host that the URI names (RFC 9110 §4.3.4). Default true; without
     * it anyone with a trusted certificate for any name can pose as the server.
     */
    public ClientTls verifyHostName(boolean verify) {
        return new ClientTls(context, verify);
    }

    public SSLContext context() {
        return context;
    }

    public boolean verifyHostName() {
        return verifyHostName;
    }
}
