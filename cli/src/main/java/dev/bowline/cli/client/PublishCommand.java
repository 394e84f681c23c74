package dev.bowline.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.InputLines;
import dev.bowline.cli.Shown;
import dev.bowline.cli.UserConverter;
import dev.bowline.cli.Version;
import dev.bowline.session.wire.Grammar;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bowline publish}: publishes to a topic or sends to a user, by the HTTP API. */
@Command(
        name = "publish",
        description = {
            "Publishes a message to a topic, or sends it to a user, on every device, now or when it comes back. Without TEXT each"
                    + " line of stdin is a message.",
            "",
            "For each it writes a line to stdout: the topic or user, and the offset of the message in its log; 0 where the topic"
                    + " keeps none.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Exit code: 0 all is published, 1 not all, and why, 2 called wrongly."})
public final class PublishCommand implements Callable<Integer> {
    /** More than any server takes by default, which says so itself. */
    private static final int MAX_LINE_BYTES = 16 << 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TOPIC",
            description = "Where to publish; left out with --user.")
    private @Nullable String first;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "What to publish.")
    private @Nullable String second;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            converter = UserConverter.class,
            description = "Send to this user instead, into the mailbox.")
    private @Nullable String user;

    @Option(names = "--binary", description = "Send bytes, which need not be text.")
    private boolean binary;

    @Mixin
    private final ApiAccess access = new ApiAccess();

    @Override
    public Integer call() throws CommandFailure, InterruptedException, IOException {
        String text = user == null ? second : first;
        String path = user == null ? topicPath() : userPath(user);
        ApiClient api = access.client();
        if (text != null) {
            publish(api, path, text.getBytes(StandardCharsets.UTF_8));
            return CommandLine.ExitCode.OK;
        }
        InputLines lines = new InputLines(System.in, MAX_LINE_BYTES);
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            try {
                publish(api, path, line);
            } catch (CommandFailure e) {
                throw new CommandFailure(
                        "line " + lines.count() + " failed, and nothing behind it was sent: " + e.getMessage());
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private String topicPath() {
        if (first == null) {
            throw calledWrongly("there is neither a TOPIC nor a --user");
        }
        if (!Grammar.isTopic(first)) {
            throw calledWrongly("the topic is \"" + Shown.harmless(first)
                    + "\", but must be segments of letters, digits and -_~:@%$ between dots");
        }
        return "/v1/topics/" + ApiClient.segment(first) + "/messages";
    }

    private String userPath(String name) {
        if (second != null) {
            throw calledWrongly(
                    "the argument \"" + Shown.harmless(second) + "\" is one too many: --user takes the place of TOPIC");
        }
        return "/v1/users/" + ApiClient.segment(name) + "/messages";
    }

    private ParameterException calledWrongly(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private void publish(ApiClient api, String path, byte[] message) throws CommandFailure, InterruptedException {
        JsonNode answer = api.post(path, binary ? "application/octet-stream" : "text/plain", message);
        PrintWriter out = spec.commandLine().getOut();
        out.println((user == null ? first : user) + " " + answer.path("offset").asLong());
        out.flush();
    }
}
