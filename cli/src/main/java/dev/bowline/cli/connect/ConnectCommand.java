package dev.bowline.cli.connect;

import dev.bowline.cli.ClientTlsOptions;
import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.UrlConverter;
import dev.bowline.cli.Version;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.ReconnectOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
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

/** {@code bowline connect}: a client for a person at a terminal, and for pipes. */
@Command(
        name = "connect",
        description = {
            "Connects to a WebSocket server, sends each line as a message, and shows what comes.",
            "",
            "At a terminal the line can be edited, the arrow keys bring back former lines, and Ctrl-D closes. From a pipe"
                    + " it sends line after line and closes when the last answer has come. Messages go to stdout, all"
                    + " else (open, ping, close code and reason) to stderr.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Exit code: 0 closed cleanly and without an error code, 1 not connected, not closed so, or not all was sent,"
                    + " 2 called wrongly."
        })
public final class ConnectCommand implements Callable<Integer> {
    /** How long a shutdown waits for the closing handshake. */
    private static final Duration HANG_UP_GRACE = Duration.ofSeconds(1);

    /** Takes more than servers send by default, and callbacks may block: on a pipe that is read slowly, they do. */
    private static final ConnectionOptions CONNECTION = ConnectionOptions.builder()
            .maxMessageBytes(PipedInput.MAX_LINE_BYTES)
            .maxFrameBytes(PipedInput.MAX_LINE_BYTES)
            .maxQueuedBytes(2L * PipedInput.MAX_LINE_BYTES)
            .callbackExecutor(Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "bowline-output");
                thread.setDaemon(true);
                return thread;
            }))
            .build();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            converter = UrlConverter.class,
            description = "Where to connect, such as ws://127.0.0.1:3000/chat or wss://example.com/.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private URI url;

    @Option(
            names = "--header",
            paramLabel = "NAME:VALUE",
            converter = HeaderConverter.class,
            description = "A header field to send with the request, such as \"Authorization: Bearer abc\". Repeatable.")
    private List<Header> headers = List.of();

    @Option(
            names = "--subprotocol",
            paramLabel = "NAME",
            description = "A subprotocol to offer, the most wanted first. Repeatable.")
    private List<String> subprotocols = List.of();

    @Option(
            names = "--reconnect",
            description =
                    "Connect again when the connection fails or is lost, until it is closed for good. What is sent"
                            + " meanwhile waits.")
    private boolean reconnect;

    @Mixin
    private ClientTlsOptions tls = new ClientTlsOptions();

    @Option(names = "--binary", description = "Send each line as a binary message.")
    private boolean binary;

    @Option(
            names = "--wait",
            paramLabel = "MS",
            defaultValue = "1000",
            converter = WaitConverter.class,
            description =
                    "From a pipe: how many milliseconds must pass after the last line and the last message until it"
                            + " closes. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Duration quiet;

    @Override
    public Integer call() throws CommandFailure, InterruptedException, IOException {
        ClientOptions options = options();
        try (TerminalPrompt prompt = TerminalPrompt.ofProcess()) {
            if (prompt == null) {
                return converseByPipe(options);
            }
            Conversation conversation = open(prompt, options);
            prompt.run(conversation, binary);
            conversation.bye();
            conversation.awaitEnd();
            return exitCode(conversation);
        }
    }

    private int converseByPipe(ClientOptions options) throws CommandFailure, InterruptedException {
        Screen screen = PlainScreen.ofProcess();
        Conversation conversation = open(screen, options);
        // Apart, as a read from a pipe can't be interrupted when the conversation ends.
        Thread input = new Thread(new PipedInput(System.in, conversation, screen, binary, quiet), "bowline-input");
        input.setDaemon(true);
        input.start();
        conversation.awaitEnd();
        return exitCode(conversation);
    }

    private static int exitCode(Conversation conversation) {
        return conversation.endedWell() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private Conversation open(Screen screen, ClientOptions options) throws CommandFailure, InterruptedException {
        Conversation conversation = reconnect ? keepConnected(screen, options) : connect(screen, options);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> hangUp(conversation), "bowline-hang-up"));
        return conversation;
    }

    private Conversation connect(Screen screen, ClientOptions options) throws CommandFailure, InterruptedException {
        Conversation conversation = new Conversation(screen);
        try {
            WebSocket socket = WebSocketClient.shared()
                    .connect(url, conversation, options)
                    .toCompletableFuture()
                    .get();
            conversation.begin(socket);
            return conversation;
        } catch (IllegalArgumentException e) {
            throw calledWrongly(e);
        } catch (ExecutionException e) {
            throw new CommandFailure(ConnectFailure.explain(e.getCause() == null ? e : e.getCause()));
        }
    }

    private Conversation keepConnected(Screen screen, ClientOptions options) {
        ReconnectingConversation conversation = new ReconnectingConversation(screen);
        ReconnectOptions reconnecting = ReconnectOptions.builder()
                .client(options)
                .maxQueuedBytes(options.connection().maxQueuedBytes())
                .build();
        try {
            conversation.begin(WebSocketClient.shared().keepConnected(url, conversation, reconnecting));
            return conversation;
        } catch (IllegalArgumentException e) {
            throw calledWrongly(e);
        }
    }

    private ParameterException calledWrongly(IllegalArgumentException e) {
        return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }

    /** Ctrl-C and SIGTERM: the peer is told, and the exit code is the usual one. */
    private static void hangUp(Conversation conversation) {
        try {
            conversation.hangUp();
            conversation.awaitEnd(HANG_UP_GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ClientOptions options() throws CommandFailure {
        try {
            ClientOptions.Builder options = ClientOptions.builder()
                    .subprotocols(subprotocols.toArray(String[]::new))
                    .tls(tls.tls(url))
                    .connection(CONNECTION);
            headers.forEach(header -> options.header(header.name(), header.value()));
            return options.build();
        } catch (IllegalArgumentException e) {
            throw calledWrongly(e);
        }
    }

    record Header(String name, String value) {}

    static final class HeaderConverter implements ITypeConverter<Header> {
        @Override
        public Header convert(String value) {
            int colon = value.indexOf(':');
            if (colon < 1) {
                throw new TypeConversionException(
                        "the header is \"" + value + "\", but must be a name, a colon and a value");
            }
            return new Header(
                    value.substring(0, colon).strip(),
                    value.substring(colon + 1).strip());
        }
    }

    static final class WaitConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            try {
                int millis = Integer.parseInt(value);
                if (millis >= 0) {
                    return Duration.ofMillis(millis);
                }
            } catch (NumberFormatException e) {
                // Told below, with the numbers out of range.
            }
            throw new TypeConversionException(
                    "the wait is \"" + value + "\", but must be a number of milliseconds, 0 to " + Integer.MAX_VALUE);
        }
    }
}
