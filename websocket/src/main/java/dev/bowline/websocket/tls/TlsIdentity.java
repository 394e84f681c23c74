package dev.bowline.websocket.tls;

import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who one end of a TLS connection is: a private key and the chain of certificates that tells whose it is. Immutable; safe
 * from any thread.
 *
 * <p><b>Checked at once.</b> Each way to make one throws {@link TlsConfigurationException}, whose message is one sentence, if a
 * file can't be read or holds no certificate or no key; if the key does not match the certificate; if the certificate is
 * expired or not valid yet; or if the chain is not in order: its own certificate first, each one issued by the next. An
 * expired certificate is refused rather than warned of, because every client that verifies would refuse the server
 * anyway: better at the start, before the operator, than later, before the users. That counts for the own
 * certificate alone: one further up may have expired where clients know another way to an authority that they trust.
 *
 * <p><b>Keys</b> are RSA, EC (P-256, P-384, P-521) or Ed25519.
 */
public final class TlsIdentity {
    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final List<String> names;

    private TlsIdentity(PrivateKey key, List<X509Certificate> chain, List<String> names) {
        this.key = key;
        this.chain = chain;
        this.names = names;
    }

    /** From one PEM file that holds the chain and the key; see {@link #fromPem(Path, Path)}. */
    public static TlsIdentity fromPem(Path file) throws TlsConfigurationException {
        return fromPem(file, file);
    }

    /**
     * From PEM files (RFC 7468).
     *
     * @param chain one or more {@code CERTIFICATE} blocks, the own certificate first
     * @param key one {@code PRIVATE KEY} (PKCS#8), {@code RSA PRIVATE KEY} (PKCS#1) or {@code EC PRIVATE KEY} (SEC1), not
     *     encrypted; may be the same file
     */
    public static TlsIdentity fromPem(Path chain, Path key) throws TlsConfigurationException {
        return fromPem(chain, key, Clock.systemUTC());
    }

    static TlsIdentity fromPem(Path chain, Path key, Clock clock) throws TlsConfigurationException {
        PemFile chainFile = PemFile.read(chain);
        PemFile keyFile = chain.equals(key) ? chainFile : PemFile.read(key);
        return checked(chainFile.name(), chainFile.certificates(), keyFile.name(), keyFile.privateKey(), clock);
    }

    /** From the one key in a key store file; see {@link #fromKeyStore(Path, char[], String)}. */
    public static TlsIdentity fromKeyStore(Path file, char[] password) throws TlsConfigurationException {
        return fromKeyStore(file, password, null, Clock.systemUTC());
    }

    /**
     * From a key store file: PKCS#12, JKS, or what else this JDK knows.
     *
     * @param password of the store and of the key
     * @param alias the entry with the key
     */
    public static TlsIdentity fromKeyStore(Path file, char[] password, String alias) throws TlsConfigurationException {
        return fromKeyStore(file, password, alias, Clock.systemUTC());
    }

    static TlsIdentity fromKeyStore(Path file, char[] password, @Nullable String alias, Clock clock)
            throws TlsConfigurationException {
        return fromEntry(file.toString(), KeyStores.load(file, password), password, alias, clock);
    }

    /** From the one key in a key store; see {@link #of(KeyStore, char[], String)}. */
    public static TlsIdentity of(KeyStore store, char[] password) throws TlsConfigurationException {
        return fromEntry("the key store", store, password, null, Clock.systemUTC());
    }

    /**
     * From a key store that the application has loaded; the key may stay in a token that does not give it away.
     *
     * @param password of the key
     * @param alias the entry with the key
     */
    public static TlsIdentity of(KeyStore store, char[] password, String alias) throws TlsConfigurationException {
        return fromEntry("the key store", store, password, alias, Clock.systemUTC());
    }

    /** From what the application has read by itself. */
    public static TlsIdentity of(PrivateKey key, List<X509Certificate> chain) throws TlsConfigurationException {
        return checked("the chain", chain, "the key", key, Clock.systemUTC());
    }

    private static TlsIdentity fromEntry(
            String where, KeyStore store, char[] password, @Nullable String alias, Clock clock)
            throws TlsConfigurationException {
        KeyStore.PrivateKeyEntry entry = KeyStores.key(where, store, password, alias);
        List<X509Certificate> chain = KeyStores.chain(where, entry);
        return checked(where, chain, where, entry.getPrivateKey(), clock);
    }

    static TlsIdentity checked(
            String chainName, List<X509Certificate> chain, String keyName, PrivateKey key, Clock clock)
            throws TlsConfigurationException {
        IdentityCheck.chain(chainName, chain, keyName, key, clock.instant());
        return new TlsIdentity(key, List.copyOf(chain), SubjectNames.dns(chain.get(0)));
    }

    PrivateKey key() {
        return key;
    }

    /** As TLS names it: {@code RSA}, {@code EC}, {@code EdDSA} … */
    String keyType() {
        return certificate().getPublicKey().getAlgorithm();
    }

    /** The own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The own certificate first, then those that lead to an authority. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The DNS names that the certificate is for, in lower case, such as {@code example.com} or {@code *.example.com}. */
    public List<String> names() {
        return names;
    }

    /** When the certificate expires. */
    public Instant validUntil() {
        return certificate().getNotAfter().toInstant();
    }

    /** For logs; tells nothing of the key. */
    @Override
    public String toString() {
        return SubjectNames.describe(certificate()) + ", valid until " + validUntil();
    }
}
