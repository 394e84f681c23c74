package dev.bowline.cli;

import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.TlsConfigurationException;
import dev.bowline.websocket.tls.TlsTrust;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whom a command that connects trusts on {@code wss://}. */
public final class ClientTlsOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "PEM file with the certificates to trust on wss://, instead of those that Java trusts.")
    private @Nullable Path authorities;

    @Option(
            names = "--insecure",
            description = "On wss:// trust every server, whatever its certificate: for trying things out alone.")
    private boolean insecure;

    /** The options for connecting there. */
    public ClientTls tls(URI url) throws CommandFailure {
        if (authorities == null && !insecure) {
            return ClientTls.DEFAULT;
        }
        if (authorities != null && insecure) {
            throw calledWrongly("--tls-ca and --insecure exclude each other: trust these or trust anyone");
        }
        if (!"wss".equals(url.getScheme())) {
            throw calledWrongly(
                    (insecure ? "--insecure" : "--tls-ca") + " is for wss:// addresses, but the URL is " + url);
        }
        if (authorities == null) {
            return ClientTls.insecureTrustAnyone();
        }
        try {
            return ClientTls.DEFAULT.trust(TlsTrust.fromPem(authorities));
        } catch (TlsConfigurationException e) {
            throw new CommandFailure(e.getMessage() + ".");
        }
    }

    private ParameterException calledWrongly(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
