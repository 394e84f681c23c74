package dev.bowline.cli.client;

import dev.bowline.cli.ClientTlsOptions;
import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.PatternConverter;
import dev.bowline.cli.SecretFile;
import dev.bowline.cli.StopSignal;
import dev.bowline.cli.UrlConverter;
import dev.bowline.cli.Version;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.session.wire.Grammar;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.ConnectionOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bowline subscribe}: a client with a session, which shows what is published. */
@Command(
        name = "subscribe",
        description = {
            "Subscribes to topics, and writes each message to stdout, in one line: topic, offset and text. When the connection is"
                    + " lost it comes back, and goes on behind the last message.",
            "",
            "What else happens is told on stderr: connections that come and go, messages that will not come (gap), a topic that"
                    + " begins anew (reset).",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Ctrl-C or SIGTERM ends it.",
            "Exit code: 0 ended so, or all of --count came, 1 the server refused, or ended the session, 2 called wrongly."
        })
public final class SubscribeCommand implements Callable<Integer> {
    private static final String VARIABLE = "BOWLINE_TOKEN";

    /** How long the end waits for the goodbye. */
    private static final long GOODBYE_SECONDS = 1;

    /** More than servers send by default. */
    private static final ConnectionOptions CONNECTION = ConnectionOptions.builder()
            .maxMessageBytes(16 << 20)
            .maxFrameBytes(16 << 20)
            .build();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PATTERN",
            arity = "1..*",
            converter = PatternConverter.class,
            description =
                    "A topic; or many, where * stands for one segment, and > for one or more at the end. $mailbox is what is"
                            + " sent to the user.")
    private List<String> patterns = List.of();

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "ws://127.0.0.1:3000/",
            converter = UrlConverter.class,
            description = "Where the server is. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "Who you are; bowline token makes one. Others on this machine can see it in the list of processes: better is the"
                            + " environment variable " + VARIABLE + ".")
    private @Nullable String token;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token, read again for each connection, so that it can be replaced.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--last",
            paramLabel = "N",
            description =
                    "Begin with so many of the last messages of each topic; not for patterns. Default: with what comes next.")
    private @Nullable Integer last;

    @Option(names = "--count", paramLabel = "N", description = "End when so many messages have come.")
    private @Nullable Long count;

    @Option(
            names = "--json",
            description = "Each line a JSON object with topic, offset, and text, or data in Base64 where it is none.")
    private boolean json;

    @Mixin
    private final ClientTlsOptions tls = new ClientTlsOptions();

    @Override
    public Integer call() throws CommandFailure {
        List<String> wanted = List.copyOf(new LinkedHashSet<>(patterns));
        SubscribeOptions how = howToSubscribe(wanted);
        Subscriber subscriber = Subscriber.ofProcess(wanted, json, count == null ? Long.MAX_VALUE : count);
        SessionClient client = connect(subscriber);
        for (int i = 0; i < wanted.size(); i++) {
            client.subscribe(wanted.get(i), how, subscriber.listener(i));
        }
        CompletionStage<Void> unused = StopSignal.listen().received().thenRun(subscriber::stop);
        String wrong = subscriber.end().join();
        client.bye()
                .toCompletableFuture()
                .completeOnTimeout(null, GOODBYE_SECONDS, TimeUnit.SECONDS)
                .join();
        if (!wrong.isEmpty()) {
            throw new CommandFailure(wrong);
        }
        return CommandLine.ExitCode.OK;
    }

    private SubscribeOptions howToSubscribe(List<String> wanted) {
        if (count != null && count < 1) {
            throw calledWrongly("the count is " + count + ", but must be 1 or more");
        }
        if (last == null) {
            return SubscribeOptions.DEFAULT;
        }
        if (last < 1) {
            throw calledWrongly("--last is " + last + ", but must be 1 or more");
        }
        for (String pattern : wanted) {
            if (Grammar.hasWildcard(pattern)) {
                throw calledWrongly("--last is for topics, and " + pattern
                        + " is a pattern of many: that begins with what comes next");
            }
        }
        return SubscribeOptions.DEFAULT.last(last);
    }

    private SessionClient connect(Subscriber subscriber) throws CommandFailure {
        SessionClientOptions.Builder options = SessionClientOptions.builder()
                .agent("bowline-subscribe")
                .client(ClientOptions.builder()
                        .tls(tls.tls(url))
                        .connection(CONNECTION)
                        .build())
                .callbackExecutor(Executors.newSingleThreadExecutor(
                        task -> { // on a pipe that is read slowly, they block
                            Thread thread = new Thread(task, "bowline-output");
                            thread.setDaemon(true);
                            return thread;
                        }));
        String variable = System.getenv(VARIABLE);
        if (token != null && tokenFile != null) {
            throw calledWrongly("--token and --token-file exclude each other");
        }
        if (tokenFile != null) {
            Path file = tokenFile;
            readToken(file); // for a mistake to be told now
            options.tokens(() -> fetch(file));
        } else if (token != null) {
            options.token(token);
        } else if (variable != null && !variable.isEmpty()) {
            options.token(variable);
        }
        try {
            return Bowline.connect(url, options.build(), subscriber);
        } catch (IllegalArgumentException e) {
            throw calledWrongly(String.valueOf(e.getMessage()));
        }
    }

    private static String readToken(Path file) throws CommandFailure {
        return new String(SecretFile.read("token", file), StandardCharsets.UTF_8).strip();
    }

    private static CompletionStage<String> fetch(Path file) {
        try {
            return CompletableFuture.completedFuture(Files.readString(file).strip());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ParameterException calledWrongly(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
