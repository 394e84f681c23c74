package dev.bowline.cli.bench;

import dev.bowline.cli.ClientTlsOptions;
import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.UrlConverter;
import dev.bowline.cli.Version;
import dev.bowline.cli.bench.LoadOptions.Mode;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.ConnectionOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bowline bench}: loads any WebSocket server, checks what comes back, and reports. */
@Command(
        name = "bench",
        description = {
            "Loads a WebSocket server that echoes, checks every answer, and reports throughput and latency.",
            "",
            "Any server will do that sends back what it gets or, with --broadcast, sends it to all. It stops by itself.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Exit code: 0 no errors, 1 not connected, or anything went wrong with the answers, 2 called wrongly."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int MOST_SIZE = 64 * 1024 * 1024;

    /** How long a shutdown waits for the report. */
    private static final Duration REPORT_GRACE = Duration.ofSeconds(4);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            arity = "1..*",
            converter = UrlConverter.class,
            description =
                    "Where to connect, such as ws://127.0.0.1:3000/. With several, connections are spread over them: to"
                            + " one address, one machine opens some 28,000 at most.")
    private List<URI> urls = List.of();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many connections. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "20",
            converter = SizeConverter.class,
            description = "The size of a message; 16k is 16 KiB, 1m is 1 MiB. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(names = "--text", description = "Send text messages; the default is binary.")
    private boolean text;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How many messages each connection sends before it waits for answers; with --broadcast, how many"
                            + " are sent in one go. Default: ${DEFAULT-VALUE}.")
    private int inFlight;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Messages per second over all connections. The latency counts from when a message was due, not from"
                            + " when it could be sent. Default: as fast as answers come.")
    private long rate;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "2",
            converter = SecondsConverter.class,
            description = "How long to load before measuring. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Duration warmUp;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "5",
            converter = SecondsConverter.class,
            description = "How long to measure. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Duration duration;

    @Option(
            names = "--broadcast",
            description = "One connection sends; every connection must get it: for servers that send to all.")
    private boolean broadcast;

    @Option(names = "--handshakes", description = "Each connection opens, closes, and opens again.")
    private boolean handshakes;

    @Option(names = "--idle", description = "Only open the connections and hold them.")
    private boolean idle;

    @Option(names = "--deflate", description = "Offer permessage-deflate, and send JSON of the given size.")
    private boolean deflate;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many event loops make the load. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description =
                    "The server's process, where it runs on this machine: the report then tells its processor time, user"
                            + " and system.")
    private @Nullable Long pid;

    @Option(names = "--json", description = "Write one JSON object a line instead; the last one is the report.")
    private boolean json;

    @Mixin
    private ClientTlsOptions tls = new ClientTlsOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        LoadOptions options = options();
        PrintWriter out = spec.commandLine().getOut();
        TextReport text = new TextReport(out, spec.commandLine().getErr(), !json && isTerminal());
        JsonLines lines = new JsonLines(out);
        LoadRun run = new LoadRun(options, json ? lines : text);
        CountDownLatch reported = new CountDownLatch(1);
        Thread hook = new Thread(() -> endEarly(run, reported), "bowline-end-early");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            Report report = run.run();
            if (json) {
                lines.report(report);
            } else {
                text.report(report);
            }
            return report.errors().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (IOException e) {
            throw new CommandFailure("the server's processor time can't be read: " + e.getMessage() + ".");
        } finally {
            reported.countDown();
            forget(hook);
        }
    }

    /** A run that is over holds no memory, where many runs are made in one JVM. */
    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook has run or runs.
        }
    }

    /** Ctrl-C and SIGTERM: what was measured until then is reported. */
    private static void endEarly(LoadRun run, CountDownLatch reported) {
        run.cancel();
        try {
            if (!reported.await(REPORT_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("bowline bench: the connections did not end in time; no report.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether stderr is a terminal, which Java does not tell but Linux does; elsewhere the progress comes in lines. */
    private static boolean isTerminal() {
        try {
            String where = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return where.startsWith("/dev/pts/") || where.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private LoadOptions options() throws CommandFailure {
        atLeastOne("--connections", connections);
        atLeastOne("--in-flight", inFlight);
        atLeastOne("--threads", threads);
        if (rate < 0) {
            throw calledWrongly("--rate is " + rate + ", but must not be negative");
        }
        Mode mode = mode();
        if (rate > 0 && mode != Mode.ECHO) {
            throw calledWrongly("--rate is for echoes, not for --" + mode.name().toLowerCase(Locale.ROOT));
        }
        if (pid != null) {
            requireProcess(pid);
        }
        return new LoadOptions(
                urls,
                mode,
                connections,
                deflate ? Content.json(size, text) : Content.random(size, text),
                inFlight,
                rate,
                warmUp,
                duration,
                threads,
                pid == null ? OptionalLong.empty() : OptionalLong.of(pid),
                deflate,
                client());
    }

    private void requireProcess(long process) {
        try {
            new ProcessTime(process).seconds();
        } catch (IOException e) {
            throw calledWrongly("--pid: " + e.getMessage());
        }
    }

    private Mode mode() {
        if ((broadcast ? 1 : 0) + (handshakes ? 1 : 0) + (idle ? 1 : 0) > 1) {
            throw calledWrongly("--broadcast, --handshakes and --idle exclude each other");
        }
        return broadcast ? Mode.BROADCAST : handshakes ? Mode.HANDSHAKE : idle ? Mode.IDLE : Mode.ECHO;
    }

    private ClientOptions client() throws CommandFailure {
        int frame = size + size / 8 + 1024; // what does not compress grows
        ConnectionOptions connection = ConnectionOptions.builder()
                .maxMessageBytes(Math.max(1024 * 1024, frame))
                .maxFrameBytes(Math.max(1024 * 1024, frame))
                .maxQueuedBytes(Math.max(16L * 1024 * 1024, (long) inFlight * (size + 14)))
                .extensions(deflate ? List.of(PermessageDeflate.DEFAULT) : List.of())
                .build();
        return ClientOptions.builder()
                .tls(tls.tls(urls.get(0)))
                .connection(connection)
                .build();
    }

    private void atLeastOne(String option, int value) {
        if (value < 1) {
            throw calledWrongly(option + " is " + value + ", but must be at least 1");
        }
    }

    private ParameterException calledWrongly(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    static final class SizeConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            String number = value.toLowerCase(Locale.ROOT);
            int unit = number.endsWith("k") ? 1024 : number.endsWith("m") ? 1024 * 1024 : 1;
            try {
                long bytes = Long.parseLong(unit == 1 ? number : number.substring(0, number.length() - 1)) * unit;
                if (bytes >= 1 && bytes <= MOST_SIZE) {
                    return (int) bytes;
                }
            } catch (NumberFormatException e) {
                // Told below, with the numbers out of range.
            }
            throw new TypeConversionException(
                    "the size is \"" + value + "\", but must be 1 to 64m, such as 20, 16k or 1m");
        }
    }

    static final class SecondsConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            try {
                double seconds = Double.parseDouble(value);
                if (seconds >= 0 && seconds <= 86_400) {
                    return Duration.ofNanos((long) (seconds * 1e9));
                }
            } catch (NumberFormatException e) {
                // Told below, with the numbers out of range.
            }
            throw new TypeConversionException(
                    "the time is \"" + value + "\", but must be a number of seconds, 0 to 86400");
        }
    }
}
