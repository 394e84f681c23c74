package dev.bowline.websocket.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a key and a chain of certificates can serve; what can't is told in one sentence. */
final class IdentityCheck {
    private static final byte[] PROBE = {'B', 'o', 'w', 'l', 'i', 'n', 'e'};

    private IdentityCheck() {}

    static void chain(String chainName, List<X509Certificate> chain, String keyName, PrivateKey key, Instant now)
            throws TlsConfigurationException {
        if (chain.isEmpty()) {
            throw new TlsConfigurationException(chainName + " is empty, but must hold a certificate");
        }
        match(chainName, chain, keyName, key);
        for (int i = 1; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i - 1);
            if (!isIssuedBy(certificate, chain.get(i))) {
                throw new TlsConfigurationException("certificate " + (i + 1) + " of " + chainName + " ("
                        + SubjectNames.describe(chain.get(i)) + ") has not issued certificate " + i + " ("
                        + SubjectNames.describe(certificate)
                        + "); each must be followed by the one of its issuer, here by that of "
                        + certificate.getIssuerX500Principal().getName());
            }
        }
        valid(chainName, chain.get(0), now);
    }

    private static void match(String chainName, List<X509Certificate> chain, String keyName, PrivateKey key)
            throws TlsConfigurationException {
        if (belongTogether(key, chain.get(0).getPublicKey())) {
            return;
        }
        for (int i = 1; i < chain.size(); i++) {
            if (belongTogether(key, chain.get(i).getPublicKey())) {
                throw new TlsConfigurationException("the private key in " + keyName + " is that of certificate "
                        + (i + 1) + " of " + chainName + " (" + SubjectNames.describe(chain.get(i))
                        + "), but its certificate must come first, and then that of its issuer");
            }
        }
        throw new TlsConfigurationException("the private key in " + keyName + " does not match the certificate in "
                + (keyName.equals(chainName) ? "it" : chainName) + " (" + SubjectNames.describe(chain.get(0))
                + "); the two must have been made together");
    }

    private static void valid(String chainName, X509Certificate certificate, Instant now)
            throws TlsConfigurationException {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            throw new TlsConfigurationException("the certificate in " + chainName + " ("
                    + SubjectNames.describe(certificate) + ") expired at " + until + "; put a new one there");
        }
        if (now.isBefore(from)) {
            throw new TlsConfigurationException(
                    "the certificate in " + chainName + " (" + SubjectNames.describe(certificate)
                            + ") is not valid before " + from + ", and this machine's clock says "
                            + now.truncatedTo(ChronoUnit.SECONDS));
        }
    }

    private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Signs and verifies: the one way that is the same for all kinds of keys, and for those in a token too. */
    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm = algorithm(publicKey);
        if (algorithm == null) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            setPssParameters(signature);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            Signature verification = Signature.getInstance(algorithm);
            verification.initVerify(publicKey);
            setPssParameters(verification);
            verification.update(PROBE);
            return verification.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void setPssParameters(Signature signature) throws GeneralSecurityException {
        if (signature.getAlgorithm().equals("RSASSA-PSS")) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
    }

    private static @Nullable String algorithm(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            case "RSASSA-PSS" -> "RSASSA-PSS";
            default -> null;
        };
    }
}
