package dev.bowline.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.Shown;
import dev.bowline.cli.UserConverter;
import dev.bowline.cli.Version;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bowline sessions}: looks at sessions and ends them, by the HTTP API. */
@Command(
        name = "sessions",
        description = {
            "Lists the sessions of a node, of clients that are connected or expected back; or the ids of a user's, on all nodes.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Exit code: 0 done, 1 not done, and why, 2 called wrongly."})
public final class SessionsCommand implements Callable<Integer> {
    private static final int PAGE = 1_000;
    private static final String ROW = "%-32s %-9s %5s %6s %8s  %s%n";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            converter = UserConverter.class,
            description = "The sessions of this user, on all nodes: their ids.")
    private @Nullable String user;

    @Option(names = "--end", paramLabel = "ID", description = "End this session for good, on whatever node it is.")
    private @Nullable String end;

    @Option(
            names = "--json",
            description = "As the API tells it, in JSON: a line for each session, or one line for a user.")
    private boolean json;

    @Mixin
    private final ApiAccess access = new ApiAccess();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if (end != null && (user != null || json)) {
            throw new ParameterException(
                    spec.commandLine(), "--end lists nothing, so it goes with neither --user nor --json");
        }
        ApiClient api = access.client();
        PrintWriter out = spec.commandLine().getOut();
        if (end != null) {
            api.delete("/v1/sessions/" + ApiClient.segment(end));
            out.println("Ended " + end);
        } else if (user != null) {
            listUser(api.get("/v1/users/" + ApiClient.segment(user)), out);
        } else {
            list(api, out);
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private void listUser(JsonNode answer, PrintWriter out) {
        if (json) {
            out.println(answer);
        } else {
            answer.path("sessions").forEach(id -> out.println(id.asText()));
        }
    }

    private void list(ApiClient api, PrintWriter out) throws CommandFailure, InterruptedException {
        if (!json) {
            out.printf(ROW, "SESSION", "STATE", "FOR", "TOPICS", "UNACKED", "USER, AGENT");
        }
        String after = "";
        do {
            JsonNode page = api.get("/v1/sessions?limit=" + PAGE + (after.isEmpty() ? "" : "&after=" + after));
            page.path("sessions").forEach(session -> {
                if (json) {
                    out.println(session);
                } else {
                    row(session, out);
                }
            });
            out.flush();
            after = page.path("next").asText("");
        } while (!after.isEmpty());
    }

    private static void row(JsonNode session, PrintWriter out) {
        String agent = session.path("agent").asText("");
        out.printf(
                ROW,
                session.path("id").asText(),
                session.path("connected").asBoolean() ? "connected" : "away",
                shortly(Duration.ofMillis(session.path("forMillis").asLong())),
                session.path("subscriptions").asLong(),
                session.path("unacknowledged").asLong(),
                session.path("user").asText("–") + (agent.isEmpty() ? "" : ", " + Shown.harmless(agent)));
    }

    /** In the largest unit of which it has a whole one. */
    static String shortly(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + "d";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m" : time.toSeconds() + "s";
    }
}
