package dev.bowline.cli.token;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.PatternConverter;
import dev.bowline.cli.Shown;
import dev.bowline.cli.UserConverter;
import dev.bowline.cli.Version;
import dev.bowline.cli.config.Types;
import dev.bowline.session.server.Action;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bowline token}: makes a token, as an application's server would. */
@Command(
        name = "token",
        description = {
            "Makes a token that lets a client in as a user, and writes it to stdout: for development, where no application is"
                    + " there yet to give out tokens. Whoever has the token is that user until it expires.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "PATTERN is the name of a topic, request or message; * stands for one segment of it, > for one or more at the end.",
            "Exit code: 0 there it is, 1 the key can't be used, 2 called wrongly."
        })
public final class TokenCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            required = true,
            converter = UserConverter.class,
            description = "Whose it is: 1 to 255 visible ASCII characters, others percent-encoded.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String user;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = TimeConverter.class,
            description = "How long it is valid, such as 30s, 5m, 1h or 7d. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Duration ttl;

    @Option(
            names = "--subscribe",
            paramLabel = "PATTERN",
            converter = PatternConverter.class,
            description = "Give the right to subscribe to these topics. Repeatable, as those that follow.")
    private List<String> subscribe = List.of();

    @Option(
            names = "--publish",
            paramLabel = "PATTERN",
            converter = PatternConverter.class,
            description = "Give the right to publish to these topics.")
    private List<String> publish = List.of();

    @Option(
            names = "--presence",
            paramLabel = "PATTERN",
            converter = PatternConverter.class,
            description = "Give the right to see who is in these topics.")
    private List<String> presence = List.of();

    @Option(
            names = "--request",
            paramLabel = "PATTERN",
            converter = PatternConverter.class,
            description = "Give the right to make requests of these names.")
    private List<String> request = List.of();

    @Option(
            names = "--send",
            paramLabel = "PATTERN",
            converter = PatternConverter.class,
            description = "Give the right to send messages of these names.")
    private List<String> send = List.of();

    @Option(
            names = "--audience",
            paramLabel = "NAME",
            description =
                    "Whom it is for (aud), as the server expects it. Repeatable. Default: the first that --config expects, or none.")
    private List<String> audiences = List.of();

    @Option(
            names = "--issuer",
            paramLabel = "NAME",
            description =
                    "Whose it claims to be (iss), as the server expects it. Default: what --config expects, or none.")
    private @Nullable String issuer;

    @Mixin
    private final SigningKeyOptions signing = new SigningKeyOptions();

    @Override
    public Integer call() throws CommandFailure {
        Rights rights = Rights.of(Map.of(
                Action.SUBSCRIBE, subscribe,
                Action.PUBLISH, publish,
                Action.SEE_PRESENCE, presence,
                Action.REQUEST, request,
                Action.SEND, send));
        SigningKeyOptions.Signing with = signing.signing();
        String token = new TokenIssuer(with.key(), InstantSource.system())
                .issue(
                        user,
                        ttl,
                        rights,
                        audiences.isEmpty() ? with.audiences() : audiences,
                        issuer == null ? with.issuer() : issuer);
        PrintWriter out = spec.commandLine().getOut();
        out.println(token);
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /** At least a second. */
    static final class TimeConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            try {
                Duration time = Types.TIME.read(value);
                if (time.toMillis() >= 1_000) {
                    return time;
                }
            } catch (IllegalArgumentException e) {
                // Told below, with the others.
            }
            throw new TypeConversionException(
                    "the time is \"" + Shown.harmless(value) + "\", but must be like 30s, 5m, 1h or 7d");
        }
    }
}
