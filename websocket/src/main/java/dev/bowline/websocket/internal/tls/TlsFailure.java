package dev.bowline.websocket.internal.tls;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in one sentence why TLS failed: the engine's own words help only those who know the engine. */
final class TlsFailure {
    private static final String ALERT = "Received fatal alert: ";

    /** Newer JDKs put the alert before each message. */
    private static final Pattern ALERT_BEFORE = Pattern.compile("^\\([a-z0-9_]+\\) ");

    private TlsFailure() {}

    /**
     * The failure with a sentence as its message, and the engine's exception as its cause. What is not of TLS is left as
     * it is.
     *
     * @param peer whom the peer is called, such as "the server"
     */
    static IOException of(IOException e, String peer) {
        return e instanceof SSLException ? new SSLException(sentence(e, peer), e) : e;
    }

    private static String sentence(IOException e, String peer) {
        String told = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String message = ALERT_BEFORE.matcher(told).replaceFirst("");
        if (message.startsWith(ALERT)) {
            String alert = message.substring(ALERT.length());
            return peer + " refused the TLS handshake with the alert " + alert + hint(alert);
        }
        CertificateException refusal = find(e, CertificateException.class);
        if (refusal != null) {
            return certificate(refusal, peer);
        }
        return message;
    }

    private static String hint(String alert) {
        return switch (alert) {
            case "protocol_version" -> "; it does not speak TLS 1.2 or 1.3";
            case "no_application_protocol" -> "; it does not speak HTTP/1.1 there";
            case "certificate_required" -> "; it wants a certificate of the client";
            case "bad_certificate", "certificate_unknown", "unknown_ca" ->
                "; perhaps it wants a certificate of the client that it trusts";
            case "handshake_failure" ->
                "; perhaps no algorithm is common to both, or it wants a certificate of the client";
            case "unrecognized_name" -> "; it has no certificate for that name";
            default -> "";
        };
    }

    private static String certificate(CertificateException e, String peer) {
        String whose = "the certificate of ";
        String message = String.valueOf(e.getMessage());
        if (message.startsWith(whose)) {
            return message; // a sentence already
        }
        whose += peer;
        CertificateExpiredException expired = find(e, CertificateExpiredException.class);
        if (expired != null) {
            return whose + " has expired (" + expired.getMessage() + ")";
        }
        CertificateNotYetValidException early = find(e, CertificateNotYetValidException.class);
        if (early != null) {
            return whose + " is not valid yet (" + early.getMessage() + ")";
        }
        if (find(e, CertPathBuilderException.class) != null) {
            return whose + " is not trusted: none of the trusted authorities has issued it";
        }
        if (message.startsWith("No subject alternative ") || message.startsWith("No name matching ")) {
            return whose + " is for another name (" + message + ")";
        }
        return whose + " is refused: " + message;
    }

    private static <T> @Nullable T find(Throwable thrown, Class<T> type) {
        int depth = 0; // a chain of causes may be a ring
        for (Throwable cause = thrown; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
