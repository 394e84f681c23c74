package dev.bowline.cli.serve;

import dev.bowline.cli.serve.ServeCommand.Host;
import dev.bowline.websocket.ServerOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code serve} that say which pages may open WebSockets, and by which names the server goes. */
final class AccessOptions {
    /** What a machine calls itself. A page that found another name for it (DNS rebinding) uses none of these. */
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description = "Let pages of this origin open WebSockets, such as https://example.com, beside those of the"
                    + " server's own. Repeatable. Default: on a loopback address every page may, as the demo holds"
                    + " nothing worth stealing; on any other address this option or the next one must be given.")
    private List<String> origins = List.of();

    @Option(names = "--allow-any-origin", description = "Let every page open WebSockets, those from a file too.")
    private boolean anyOrigin;

    @Option(
            names = "--allow-host",
            paramLabel = "HOST",
            converter = HostNameConverter.class,
            description = "Answer requests for this host name or address. Repeatable. Default: on a loopback address"
                    + " localhost, 127.0.0.1, [::1] and HOST of --host, and what is given here is added to them; on any"
                    + " other address every host, or only those given here.")
    private List<String> hosts = List.of();

    /**
     * Adds what they say.
     *
     * @param host where the server listens
     * @throws ParameterException where they contradict each other, or do not say enough
     */
    ServerOptions.Builder applyTo(ServerOptions.Builder options, Host host) {
        boolean loopback = isLoopback(host);
        if (anyOrigin && !origins.isEmpty()) {
            throw mistake("--allow-any-origin leaves nothing for --allow-origin to allow: give one of them");
        }
        if (!loopback && !anyOrigin && origins.isEmpty()) {
            throw mistake("the host " + host.name() + " can be reached from other machines, so say which pages may open"
                    + " WebSockets beside the server's own: --allow-origin ORIGIN, such as https://example.com, or"
                    + " --allow-any-origin");
        }
        List<String> names = new ArrayList<>(hosts);
        if (loopback) {
            names.addAll(LOOPBACK);
            names.add(host.name().replaceFirst("%.*", "")); // without a zone, which no browser sends
        }
        options.allowedHosts(names.toArray(String[]::new));
        return anyOrigin || origins.isEmpty()
                ? options.anyOrigin()
                : options.allowedOrigins(origins.toArray(String[]::new));
    }

    private ParameterException mistake(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** A name that is unknown counts as one: that it can't be listened on is told later, and better. */
    private static boolean isLoopback(Host host) {
        try {
            return InetAddress.getByName(host.name()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }

    static final class OriginConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return valid(value, () -> ServerOptions.builder().allowedOrigins(value));
        }
    }

    static final class HostNameConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return valid(value, () -> ServerOptions.builder().allowedHosts(value));
        }
    }

    private static String valid(String value, Runnable validation) {
        try {
            validation.run();
            return value;
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "the " + String.valueOf(e.getMessage()).replace("anyOrigin()", "--allow-any-origin"));
        }
    }
}
