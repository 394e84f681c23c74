package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.StopSignal;
import dev.bowline.cli.Version;
import dev.bowline.cli.config.ConfigurationException;
import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.EngineChoice;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.config.Problem;
import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Type;
import dev.bowline.cli.config.Types;
import dev.bowline.cli.config.Values;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bowline serve}: the server, until the program is told to stop. */
@Command(
        name = "serve",
        description = {
            "Serves WebSockets with sessions (subprotocol bowline.v1), and an HTTP API with a dashboard for whoever has its key. What"
                    + " it does is said in a configuration: bowline init writes one.",
            "",
            "Without one it serves a demo: at every path a WebSocket, plain and with sessions, and two pages to try it: / and"
                    + " /sessions. The plain endpoint greets, and sends back every message as it was. ?user=NAME in the address"
                    + " names the user of a connection; the text \"@NAME words\" goes to all connections of that user."
                    + " ?heartbeat=text makes the server answer \"ping\" by \"pong\", for pages that cannot see Ping frames.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "One line on stdout says that it is ready; SIGTERM or Ctrl-C stops it.",
            "Exit code: 0 stopped, 1 it could not listen, or not use the certificate or the configuration, 2 it was called wrongly."
        })
public final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:BOWLINE_CONFIG}",
            description =
                    "The configuration, a YAML file; BOWLINE_… variables of the environment stand above it, and options above"
                            + " those. Default: the variable BOWLINE_CONFIG, or none.")
    private @Nullable Path config;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            converter = HostConverter.class,
            description =
                    "Name or address of the interface to listen on: 127.0.0.1 is this machine only, 0.0.0.0 or :: is every"
                            + " interface. Default: 127.0.0.1.")
    private @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Port, 0 to 65535; 0 takes a free one. Default: 3000.")
    private @Nullable Integer port;

    @Option(
            names = "--greeting",
            paramLabel = "TEXT",
            description = "What the demo says when a plain connection opens; empty for nothing. Default: message.")
    private @Nullable String greeting;

    @Mixin
    private final AccessOptions access = new AccessOptions();

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description =
                    "Speaks TLS (wss:// and https://) with the certificate in this PEM file, which may be followed by"
                            + " those of its issuers. The file is read again whenever it changes.")
    private @Nullable Path tlsCertificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description =
                    "PEM file with the certificate's private key, not encrypted. Default: the file of --tls-cert.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = Engines.Converter.class,
            description = {
                "Where sessions, topics and mailboxes are kept: memory, for this program alone; or the URI of a Redis, 6.2 or"
                        + " later, which all nodes with the same one share: redis://[user:password@]host[:port][/database],"
                        + " rediss://… over TLS, redis-sentinel://host[:port],…#master, or"
                        + " redis-cluster://[user:password@]host[:port],… Default: memory."
            })
    private @Nullable EngineChoice engine;

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Port of the HTTP API and the dashboard, 0 to 65535; 0 takes a free one. Default: 3001.")
    private @Nullable Integer apiPort;

    @Option(names = "--no-api", description = "Serve no HTTP API, and no dashboard.")
    private boolean noApi;

    @Option(
            names = "--quiet",
            description = "Do not log connections that open and close, nor sessions. Warnings are still logged.")
    private boolean quiet;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        Values values = values();
        StopSignal stop = StopSignal.listen();
        Service service = Service.start(values);
        PrintWriter out = spec.commandLine().getOut();
        String s = values.isGiven(Settings.TLS_CERTIFICATE) ? "s" : "";
        String authority = inUrl(values.get(Settings.HOST)) + ":" + service.port();
        service.tellOfApi(spec.commandLine().getErr());
        out.println("Bowline ready on ws" + s + "://" + authority + "/ and http" + s + "://" + authority + "/");
        out.flush();
        stop.await();
        service.stop();
        return CommandLine.ExitCode.OK;
    }

    private Values values() throws CommandFailure {
        Options options = new Options()
                .set("--host", Settings.HOST, host)
                .set("--port", Settings.PORT, port)
                .set("--greeting", Settings.GREETING, greeting)
                .set("--tls-cert", Settings.TLS_CERTIFICATE, tlsCertificate)
                .set("--tls-key", Settings.TLS_KEY, tlsKey)
                .set("--engine", Settings.ENGINE, engine)
                .set("--api-port", Settings.API_PORT, apiPort)
                .set("--no-api", Settings.API_ENABLED, noApi ? false : null)
                .set("--quiet", Settings.LOG_CONNECTIONS, quiet ? false : null);
        access.addTo(options);
        try {
            return ConfigurationReader.read(config, System.getenv(), options);
        } catch (ConfigurationException e) {
            if (e.problems().stream().allMatch(problem -> problem.place().text().startsWith("--"))) {
                throw new ParameterException(
                        spec.commandLine(),
                        e.problems().stream().map(Problem::text).collect(Collectors.joining("; ")));
            }
            throw new CommandFailure("the configuration can't be served:" + System.lineSeparator() + e.getMessage());
        }
    }

    /** An IPv6 address stands in brackets there, and its zone behind an encoded percent sign (RFC 6874 §2). */
    static String inUrl(String host) {
        return host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host;
    }

    /** Reads an option as the setting that it stands for. */
    private static <T> T read(String what, Type<T> type, String value) {
        try {
            return type.read(value);
        } catch (IllegalArgumentException e) {
            String written = value.isBlank() ? " is empty" : " is \"" + value + "\"";
            throw new TypeConversionException("the " + what + written + ", but must be " + type.allowed());
        }
    }

    static final class HostConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return read("host", Types.HOST, value.equals("[]") ? "" : value);
        }
    }

    static final class PortConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return read("port", Types.PORT, value);
        }
    }
}
