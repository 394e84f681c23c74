package dev.bowline.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * A private key and its certificate, issued by a {@link TestCertificates}. Immutable; safe from any thread.
 *
 * @param chain the certificate itself first, then those of authorities between it and the root
 * @param authority who issued it
 */
public record TestIdentity(PrivateKey key, List<X509Certificate> chain, TestCertificates authority) {
    /** The password of every {@link #keyStore} and of the key in it. */
    public static final String PASSWORD = "for tests";

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** A PKCS12 key store with this one entry, {@code identity}. */
    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("identity", key, PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Shows this identity, and trusts the authority that issued it. */
    public SSLContext context() {
        return authority.context(this);
    }

    /** The chain in PEM (RFC 7468). */
    public String chainPem() {
        StringBuilder text = new StringBuilder();
        chain.forEach(certificate -> text.append(pem("CERTIFICATE", encoded(certificate))));
        return text.toString();
    }

    /** The key in PEM: PKCS#8, not encrypted. */
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** Writes the chain into {@code NAME.pem} of a directory. */
    public Path writeChain(Path directory, String name) {
        return write(directory.resolve(name + ".pem"), chainPem());
    }

    /** Writes the key into {@code NAME.key} of a directory. */
    public Path writeKey(Path directory, String name) {
        return write(directory.resolve(name + ".key"), keyPem());
    }

    /** Writes the key store into {@code NAME.p12} of a directory. */
    public Path writeKeyStore(Path directory, String name) {
        Path file = directory.resolve(name + ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            keyStore().store(out, PASSWORD.toCharArray());
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    static String pem(String label, byte[] content) {
        Base64.Encoder base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + label + "-----\n" + base64.encodeToString(content) + "\n-----END " + label + "-----\n";
    }
}
