package dev.bowline.websocket.tls;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the judgement to the JDK, but says in one sentence why a certificate is refused: the JDK's own words, such as "PKIX
 * path building failed", help only those who know them.
 *
 * <p>One thing it judges itself: a peer's certificate that is trusted directly must be valid now, as any other. The JDK does
 * not look at the date of those.
 */
final class ExplainingTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;

    ExplainingTrustManager(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private static void explaining(X509Certificate[] chain, @Nullable SSLSession session, Check check)
            throws CertificateException {
        try {
            check.run();
            chain[0].checkValidity();
        } catch (CertificateException e) {
            // TLS chooses the alert by this cause, so it must stay where the JDK looks for it.
            Throwable cause = e.getCause() instanceof CertPathValidatorException ? e.getCause() : e;
            throw new CertificateException(explain(chain, session, e), cause);
        }
    }

    private static String explain(X509Certificate[] chain, @Nullable SSLSession session, CertificateException e) {
        X509Certificate certificate = chain[0];
        String host = session == null ? null : session.getPeerHost();
        String whose = "the certificate of " + (host == null ? "the peer" : host);
        if (isCausedBy(e, CertificateExpiredException.class)) {
            return whose + " expired at " + certificate.getNotAfter().toInstant();
        }
        if (isCausedBy(e, CertificateNotYetValidException.class)) {
            return whose + " is not valid before " + certificate.getNotBefore().toInstant();
        }
        if (isCausedBy(e, CertPathBuilderException.class)) {
            X509Certificate last = chain[chain.length - 1];
            return whose + " is not trusted: "
                    + (isSelfSigned(certificate)
                            ? "it is self-signed, and not among the trusted certificates"
                            : "its chain leads to "
                                    + last.getIssuerX500Principal().getName()
                                    + ", who is not among the trusted authorities");
        }
        String message = String.valueOf(e.getMessage());
        if (message.startsWith("No subject alternative ") || message.startsWith("No name matching ")) {
            return whose + " is for another name: " + SubjectNames.describe(certificate);
        }
        return whose + " is refused: " + message;
    }

    private static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
    }

    private static boolean isCausedBy(Throwable thrown, Class<? extends Throwable> type) {
        int depth = 0; // a chain of causes may be a ring
        for (Throwable cause = thrown; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable SSLSession session(@Nullable Socket socket) {
        return socket instanceof SSLSocket secure ? secure.getHandshakeSession() : null;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        explaining(chain, engine.getHandshakeSession(), () -> judge.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        explaining(chain, session(socket), () -> judge.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explaining(chain, null, () -> judge.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        explaining(chain, engine.getHandshakeSession(), () -> judge.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        explaining(chain, session(socket), () -> judge.checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explaining(chain, null, () -> judge.checkClientTrusted(chain, authType));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
