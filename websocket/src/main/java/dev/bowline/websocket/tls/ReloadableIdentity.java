package dev.bowline.websocket.tls;

import dev.bowline.websocket.internal.log.Log;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An identity whose files are renewed while the program runs. It has no thread: it looks at the files when {@link #reload} is
 * called, on whatever schedule the application likes.
 *
 * <pre>{@code
 * ReloadableIdentity identity = ReloadableIdentity.fromPem(chain, key);
 * ServerTls tls = ServerTls.of(identity.current());
 * … // start the server with tls
 * scheduler.scheduleWithFixedDelay(() -> {
 *     if (identity.reload()) {
 *         server.tls(tls.identities(identity.current()));
 *     }
 * }, 10, 10, SECONDS);
 * }</pre>
 *
 * <p>Connections that are open keep the keys that they began with.
 *
 * <p><b>Threads.</b> Every method may be called from any thread. {@code reload} reads files and so must not be called on an
 * event loop.
 */
public final class ReloadableIdentity {
    private static final Log LOG = Log.of(ReloadableIdentity.class);

    /** Reads the files. */
    @FunctionalInterface
    private interface Loader {
        TlsIdentity load(Clock clock) throws TlsConfigurationException;
    }

    private final List<Path> files;
    private final Loader loader;
    private final Clock clock;

    private volatile TlsIdentity current;

    // Guarded by this.
    private byte[] loadedContent;
    private @Nullable String complaint; // of what was logged last; null if nothing since all was well

    private ReloadableIdentity(List<Path> files, Loader loader, Clock clock) throws TlsConfigurationException {
        this.files = files;
        this.loader = loader;
        this.clock = clock;
        loadedContent = digest();
        current = loader.load(clock);
    }

    /**
     * From PEM files, which are read now: {@link TlsIdentity#fromPem(Path, Path)}.
     *
     * @throws TlsConfigurationException if they can't be used
     */
    public static ReloadableIdentity fromPem(Path chain, Path key) throws TlsConfigurationException {
        return fromPem(chain, key, Clock.systemUTC());
    }

    static ReloadableIdentity fromPem(Path chain, Path key, Clock clock) throws TlsConfigurationException {
        return new ReloadableIdentity(List.of(chain, key), now -> TlsIdentity.fromPem(chain, key, now), clock);
    }

    /**
     * From a key store file with one key, which is read now: {@link TlsIdentity#fromKeyStore(Path, char[])}.
     *
     * @param password kept as long as this object
     * @throws TlsConfigurationException if it can't be used
     */
    public static ReloadableIdentity fromKeyStore(Path file, char[] password) throws TlsConfigurationException {
        char[] copy = password.clone();
        return new ReloadableIdentity(
                List.of(file), now -> TlsIdentity.fromKeyStore(file, copy, null, now), Clock.systemUTC());
    }

    /** As {@link #fromKeyStore(Path, char[])}, with the key under an alias. */
    public static ReloadableIdentity fromKeyStore(Path file, char[] password, String alias)
            throws TlsConfigurationException {
        char[] copy = password.clone();
        return new ReloadableIdentity(
                List.of(file), now -> TlsIdentity.fromKeyStore(file, copy, alias, now), Clock.systemUTC());
    }

    /** What was good when it was read last. */
    public TlsIdentity current() {
        return current;
    }

    /**
     * Reads the files, and takes what is in them if it is new and good. What is not good, as while the files are being
     * replaced, leaves {@link #current} as it is and is tried again by the next call; one warning is logged that says what is
     * wrong, and another one only when it is something else. A warning is logged too once the current certificate has expired.
     *
     * @return whether {@link #current} has changed
     */
    public synchronized boolean reload() {
        try {
            byte[] content = digest();
            if (Arrays.equals(content, loadedContent)) {
                complain(
                        clock.instant().isAfter(current.validUntil())
                                ? "the TLS certificate in " + files.get(0) + " has expired: " + current
                                : null);
                return false;
            }
            TlsIdentity loaded = loader.load(clock);
            if (!Arrays.equals(content, digest())) {
                return false; // they are being written; next time
            }
            current = loaded;
            loadedContent = content;
            complaint = null;
            return true;
        } catch (TlsConfigurationException e) {
            complain("TLS goes on with the certificate that it has, as " + e.getMessage());
            return false;
        }
    }

    private void complain(@Nullable String sentence) {
        if (sentence != null && !sentence.equals(complaint)) {
            LOG.log(Level.WARNING, sentence);
        }
        complaint = sentence;
    }

    /** Of the content, as times and sizes of files may stay the same when what a link points to is replaced. */
    private byte[] digest() throws TlsConfigurationException {
        try {
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                all.update(MessageDigest.getInstance("SHA-256").digest(PemFile.readBytes(file)));
            }
            return all.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
