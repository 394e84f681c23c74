package dev.bowline.websocket.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom one end of a TLS connection trusts: certification authorities, or single certificates. Immutable; safe from any
 * thread.
 *
 * <p>It is whole as it stands: {@code fromPem(file)} trusts what is in the file and nobody else. To trust the authorities of
 * the JDK as well, say {@code TlsTrust.system().and(TlsTrust.fromPem(file))}.
 */
public final class TlsTrust {
    private static final TlsTrust SYSTEM = new TlsTrust(true, Set.of());

    private final boolean system;
    private final Set<X509Certificate> certificates;

    private TlsTrust(boolean system, Collection<X509Certificate> certificates) {
        this.system = system;
        this.certificates = new LinkedHashSet<>(certificates);
    }

    /**
     * The authorities that the JDK trusts: its own list, or what the property {@code javax.net.ssl.trustStore} names.
     * They are loaded when they are first needed, not here.
     */
    public static TlsTrust system() {
        return SYSTEM;
    }

    /** These certificates: of authorities, or of single peers. */
    public static TlsTrust of(X509Certificate first, X509Certificate... more) {
        return new TlsTrust(false, List.of(first)).and(new TlsTrust(false, List.of(more)));
    }

    /**
     * The certificates of a key store that are marked as trusted there.
     *
     * @throws TlsConfigurationException if there are none
     */
    public static TlsTrust of(KeyStore store) throws TlsConfigurationException {
        return new TlsTrust(false, KeyStores.trusted("the key store", store));
    }

    /**
     * All {@code CERTIFICATE} blocks of a PEM file (RFC 7468).
     *
     * @throws TlsConfigurationException if it can't be read or holds none
     */
    public static TlsTrust fromPem(Path file) throws TlsConfigurationException {
        return new TlsTrust(false, PemFile.read(file).certificates());
    }

    /**
     * The certificates of a key store file that are marked as trusted there.
     *
     * @throws TlsConfigurationException if it can't be read or holds none
     */
    public static TlsTrust fromKeyStore(Path file, char[] password) throws TlsConfigurationException {
        return new TlsTrust(false, KeyStores.trusted(file.toString(), KeyStores.load(file, password)));
    }

    /** Both. */
    public TlsTrust and(TlsTrust other) {
        Set<X509Certificate> all = new LinkedHashSet<>(certificates);
        all.addAll(other.certificates);
        return new TlsTrust(system || other.system, all);
    }

    /** Loads the authorities of the JDK if they are among those that are trusted: it takes a while the first time. */
    X509ExtendedTrustManager manager() {
        try {
            if (system && certificates.isEmpty()) {
                return new ExplainingTrustManager(pkix(null));
            }
            Set<X509Certificate> all = new LinkedHashSet<>(certificates);
            if (system) {
                all.addAll(List.of(pkix(null).getAcceptedIssuers()));
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate certificate : all) {
                store.setCertificateEntry(Integer.toString(store.size()), certificate);
            }
            return new ExplainingTrustManager(pkix(store));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("can't load the certificates that are trusted: " + e.getMessage(), e);
        }
    }

    /** @param store null for what the JDK trusts */
    private static X509ExtendedTrustManager pkix(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this JDK verifies no X.509 certificates");
    }
}
