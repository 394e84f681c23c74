package dev.bowline.cli.serve;

import dev.bowline.cli.config.Options;
import dev.bowline.cli.config.Settings;
import dev.bowline.websocket.ServerOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code serve} that say which pages may open WebSockets, and by which names the server goes. */
final class AccessOptions {
    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description = "Let pages of this origin open WebSockets, such as https://example.com, beside those of the"
                    + " server's own. Repeatable. Default: on a loopback address every page may, where the demo is served, as it"
                    + " holds nothing worth stealing; on any other address this option or the next one must be given.")
    private List<String> origins = List.of();

    @Option(names = "--allow-any-origin", description = "Let every page open WebSockets, those from a file too.")
    private @Nullable Boolean anyOrigin;

    @Option(
            names = "--allow-host",
            paramLabel = "HOST",
            converter = HostNameConverter.class,
            description = "Answer requests for this host name or address. Repeatable. Default: on a loopback address"
                    + " localhost, 127.0.0.1, [::1] and HOST of --host, and what is given here is added to them; on any"
                    + " other address every host, or only those given here.")
    private List<String> hosts = List.of();

    void addTo(Options options) {
        options.set("--allow-origin", Settings.ORIGINS, origins)
                .set("--allow-any-origin", Settings.ANY_ORIGIN, anyOrigin)
                .set("--allow-host", Settings.HOSTS, hosts);
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
