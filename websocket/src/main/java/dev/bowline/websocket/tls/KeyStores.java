package dev.bowline.websocket.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is in key stores; what can't be had from one is told in one sentence. */
final class KeyStores {
    private KeyStores() {}

    /** Loads a file of any type that this JDK knows. */
    static KeyStore load(Path file, char[] password) throws TlsConfigurationException {
        PemFile.readBytes(file); // says better what is wrong with a file that can't be read
        try {
            return KeyStore.getInstance(file.toFile(), password);
        } catch (IOException e) {
            throw new TlsConfigurationException(
                    e.getCause() instanceof UnrecoverableKeyException
                            ? "the password does not open the key store " + file
                            : "the key store " + file + " is damaged: " + e.getMessage(),
                    e);
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(
                    file + " is no key store that this JDK knows; it must be PKCS#12 or JKS", e);
        }
    }

    /** The private key under an alias; with null, the only one there is. */
    static KeyStore.PrivateKeyEntry key(String where, KeyStore store, char[] password, @Nullable String alias)
            throws TlsConfigurationException {
        try {
            String name = alias == null ? onlyKey(where, store) : alias;
            if (!store.entryInstanceOf(name, KeyStore.PrivateKeyEntry.class)) {
                throw new TlsConfigurationException(where + " holds no private key under the alias \"" + name
                        + "\"; there are " + privateKeys(store));
            }
            return (KeyStore.PrivateKeyEntry) store.getEntry(name, new KeyStore.PasswordProtection(password));
        } catch (UnrecoverableKeyException e) {
            throw new TlsConfigurationException("the password does not open the private key in " + where, e);
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException("can't take the private key from " + where + ": " + e.getMessage(), e);
        }
    }

    private static String onlyKey(String where, KeyStore store) throws KeyStoreException, TlsConfigurationException {
        List<String> keys = privateKeys(store);
        if (keys.isEmpty()) {
            throw new TlsConfigurationException(
                    where + " holds no private key, but must hold one with its certificates");
        }
        if (keys.size() > 1) {
            throw new TlsConfigurationException(
                    where + " holds " + keys.size() + " private keys; name the alias of one of " + keys);
        }
        return keys.get(0);
    }

    private static List<String> privateKeys(KeyStore store) throws KeyStoreException {
        List<String> aliases = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
                aliases.add(alias);
            }
        }
        return aliases;
    }

    static List<X509Certificate> chain(String where, KeyStore.PrivateKeyEntry entry) throws TlsConfigurationException {
        Certificate[] chain = entry.getCertificateChain();
        if (!Arrays.stream(chain).allMatch(X509Certificate.class::isInstance)) {
            throw new TlsConfigurationException("the certificates in " + where + " must be X.509 certificates");
        }
        return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    /** The certificates that are marked as trusted; at least one. */
    static List<X509Certificate> trusted(String where, KeyStore store) throws TlsConfigurationException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias)
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
        } catch (KeyStoreException e) {
            throw new TlsConfigurationException("can't read " + where + ": " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new TlsConfigurationException(where + " holds no trusted certificate, but must hold one at least;"
                    + " keytool -importcert puts one there");
        }
        return certificates;
    }
}
