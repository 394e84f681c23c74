package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.websocket.WebSocketServer;
import dev.bowline.websocket.tls.ReloadableIdentity;
import dev.bowline.websocket.tls.ServerTls;
import dev.bowline.websocket.tls.TlsConfigurationException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The certificate and key of {@code serve}: read before it listens, and again whenever their files change. */
final class ServeTls implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServeTls.class.getName());

    /** Two small files a second cost nothing, and work where the operating system tells nobody of changes. */
    private static final long LOOK_MILLIS = 1_000;

    private final Path certificate;
    private final ReloadableIdentity identity;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bowline-tls-reload");
        thread.setDaemon(true);
        return thread;
    });

    private ServeTls(Path certificate, ReloadableIdentity identity) {
        this.certificate = certificate;
        this.identity = identity;
    }

    /** @param key null where it is in the file of the certificate */
    static ServeTls load(Path certificate, @Nullable Path key) throws CommandFailure {
        try {
            return new ServeTls(certificate, ReloadableIdentity.fromPem(certificate, key == null ? certificate : key));
        } catch (TlsConfigurationException e) {
            String what = String.valueOf(e.getMessage());
            boolean keyIsElsewhere = key == null && what.contains("holds no private key");
            throw new CommandFailure(what + (keyIsElsewhere ? "; name the key's own file with --tls-key." : "."));
        }
    }

    ServerTls options() {
        return ServerTls.of(identity.current());
    }

    /** Looks at the files from now on, until closed. */
    void keepReloaded(WebSocketServer server) {
        ScheduledFuture<?> unused =
                watch.scheduleWithFixedDelay(() -> reload(server), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void reload(WebSocketServer server) {
        try {
            if (identity.reload()) {
                server.tls(options());
                LOG.log(
                        Level.INFO,
                        () -> "reloaded the TLS certificate from " + certificate + ": " + identity.current());
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "could not reload the TLS certificate from " + certificate, e); // and goes on
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
