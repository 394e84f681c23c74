package dev.bowline.websocket.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed on by the TLS handshake of a connection. Immutable.
 *
 * @param protocol {@code TLSv1.3} or {@code TLSv1.2}
 * @param cipherSuite such as {@code TLS_AES_128_GCM_SHA256}
 * @param serverName the name of the server that the client asked for (SNI); null where it named none
 * @param peerCertificates the peer's certificate first, then those of its issuers, verified as the server or client was
 *     told to; empty where the peer showed none
 */
public record TlsSession(
        String protocol, String cipherSuite, @Nullable String serverName, List<X509Certificate> peerCertificates) {
    public TlsSession {
        peerCertificates = List.copyOf(peerCertificates);
    }

    /** Whom the peer's certificate is for; null where it showed none. */
    public @Nullable X500Principal peer() {
        return peerCertificates.isEmpty() ? null : peerCertificates.get(0).getSubjectX500Principal();
    }
}
