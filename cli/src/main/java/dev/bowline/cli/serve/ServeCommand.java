package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.StopSignal;
import dev.bowline.cli.Version;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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

/** {@code bowline serve}: the demo server and its page, until the program is told to stop. */
@Command(
        name = "serve",
        description = {
            "Serves a demo: a WebSocket endpoint at every path, plain and with sessions (subprotocol bowline.v1), and two"
                    + " pages to try it: / and /sessions.",
            "",
            "The plain endpoint greets, and sends back every message as it was. ?user=NAME in the address names the user of a"
                    + " connection; the text \"@NAME words\" goes to all connections of that user. ?heartbeat=text makes"
                    + " the server answer \"ping\" by \"pong\", for pages that cannot see Ping frames.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "One line on stdout says that it is ready; SIGTERM or Ctrl-C stops it.",
            "Exit code: 0 stopped, 1 it could not listen or not use the certificate, 2 it was called wrongly."
        })
public final class ServeCommand implements Callable<Integer> {
    /** Leaves time, within the 5 s that a stop may take, to cut who does not answer and to end the event loops. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(2);

    /** How long clients may take to move to other nodes, where there may be some. */
    private static final Duration DRAIN = Duration.ofSeconds(20);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            converter = HostConverter.class,
            description =
                    "Name or address of the interface to listen on: ${DEFAULT-VALUE} is this machine only, 0.0.0.0 or"
                            + " :: is every interface. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Host host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "3000",
            converter = PortConverter.class,
            description = "Port, 0 to 65535; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--greeting",
            paramLabel = "TEXT",
            defaultValue = "message",
            description = "What the server says when a connection opens; empty for nothing. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String greeting;

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
            defaultValue = Engines.MEMORY,
            converter = Engines.Converter.class,
            description = {
                "Where sessions, topics and mailboxes are kept: memory, for this program alone; or the URI of a Redis, 6.2 or"
                        + " later, which all nodes with the same one share: redis://[user:password@]host[:port][/database],"
                        + " rediss://… over TLS, redis-sentinel://host[:port],…#master, or"
                        + " redis-cluster://[user:password@]host[:port],… Default: ${DEFAULT-VALUE}."
            })
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Engines.Choice engine;

    @Option(
            names = "--quiet",
            description = "Do not log connections that open and close, nor sessions. Warnings are still logged.")
    private boolean quiet;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        ServerOptions.Builder options = access.applyTo(ServerOptions.builder(), host);
        if (quiet) {
            Demo.quiet();
        }
        if (tlsKey != null && tlsCertificate == null) {
            throw new ParameterException(
                    spec.commandLine(), "--tls-key is given without --tls-cert, the certificate that it belongs to");
        }
        StopSignal stop = StopSignal.listen();
        if (tlsCertificate == null) {
            serve(options.build(), stop, server -> {});
        } else {
            try (ServeTls tls = ServeTls.load(tlsCertificate, tlsKey)) {
                serve(options.tls(tls.options()).build(), stop, tls::keepReloaded);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    /** @param started is told of the server before anybody else is */
    private void serve(ServerOptions options, StopSignal stop, Consumer<WebSocketServer> started)
            throws CommandFailure, InterruptedException {
        Demo demo = start(options);
        WebSocketServer server = demo.server();
        started.accept(server);
        PrintWriter out = spec.commandLine().getOut();
        String s = options.tls() == null ? "" : "s";
        String authority = host.inUrl() + ":" + server.port();
        out.println("Bowline ready on ws" + s + "://" + authority + "/ and http" + s + "://" + authority + "/");
        out.flush();
        stop.await();
        demo.stop(STOP_GRACE, DRAIN);
    }

    private Demo start(ServerOptions options) throws CommandFailure {
        Engines.Opened opened = engine.open();
        try {
            return Demo.start(host.name(), port, greeting, options, opened);
        } catch (IOException e) {
            throw new CommandFailure(ListenFailure.explain(host, port, e));
        }
    }

    /** The host as it was given, without brackets. */
    record Host(String name) {
        /** An IPv6 address stands in brackets there, and its zone behind an encoded percent sign (RFC 6874 §2). */
        String inUrl() {
            return name.contains(":") ? "[" + name.replace("%", "%25") + "]" : name;
        }
    }

    static final class HostConverter implements ITypeConverter<Host> {
        @Override
        public Host convert(String value) {
            String name = value.startsWith("[") && value.endsWith("]") ? value.substring(1, value.length() - 1) : value;
            if (name.isBlank()) {
                throw new TypeConversionException("the host is empty, but must be a host name or an IP address");
            }
            return new Host(name);
        }
    }

    static final class PortConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // Told below, with the numbers out of range.
            }
            throw new TypeConversionException("the port is \"" + value + "\", but must be a number from 0 to 65535");
        }
    }
}
