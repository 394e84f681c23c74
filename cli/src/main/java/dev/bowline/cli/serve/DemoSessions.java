package dev.bowline.cli.serve;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.Request;
import dev.bowline.realtime.StreamSender;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.Identity;
import dev.bowline.session.server.SessionChange;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the demo does for sessions: topics {@code demo.…} for everybody, the last 1,000 messages of each kept; messages to a user; and
 * words in a stream, as a model gives them.
 *
 * <p>The token is the user's name: this is a demo, and authenticates nobody.
 */
final class DemoSessions {
    private static final System.Logger LOG = System.getLogger(DemoSessions.class.getName());

    private static final int MAX_USER_CHARACTERS = 64;
    private static final long WORD_MILLIS = 60;

    private static final List<String> TEXT = List.of(
            ("A bowline is the knot that holds and never jams. These words come one at a time, as a model thinks of them: each is a"
                            + " part of a stream, numbered and kept by the server until this page has it. Cut the line now, switch the"
                            + " network off, or stop reading for a while, and come back: the sentence goes on where it was, with no word"
                            + " missing and none said twice. Nothing was asked again, and nobody had to notice.")
                    .split(" "));

    private DemoSessions() {}

    static void addTo(Hub.Builder builder) {
        builder.topic(TopicPolicy.of("demo.typing").ephemeral().anyonePublishes())
                .topic(TopicPolicy.of("demo.>")
                        .retain(1_000, 1 << 20, Duration.ofHours(1))
                        .anyonePublishes())
                .authenticator(DemoSessions::authenticate);
    }

    static void addTo(Hub hub) {
        hub.onRequest("demo.echo", request -> CompletableFuture.completedFuture(request.payload()));
        hub.onRequest("demo.tell", request -> tell(hub, request));
        hub.onStream("demo.words", (request, stream) -> say(stream, 0));
    }

    static void log(SessionInfo session, SessionChange change) {
        LOG.log(Level.INFO, () -> "session " + change.name().toLowerCase(Locale.ROOT) + ": " + describe(session));
    }

    private static String describe(SessionInfo session) {
        return session.id() + (session.user() == null ? "" : " of " + session.user());
    }

    private static CompletionStage<Identity> authenticate(@Nullable String token) {
        if (token == null) {
            return CompletableFuture.completedFuture(Identity.ANONYMOUS);
        }
        if (token.length() > MAX_USER_CHARACTERS || !Grammar.isUser(token)) {
            return CompletableFuture.failedFuture(
                    new RefusedException("unauthorized", "a name has 1 to " + MAX_USER_CHARACTERS + " characters"));
        }
        return CompletableFuture.completedFuture(new Identity(token, Long.MAX_VALUE));
    }

    /** {@code NAME}, a line feed and the words: into the mailbox of NAME, with who says so in the first line. */
    private static CompletionStage<Payload> tell(Hub hub, Request request) {
        String text = request.text();
        int end = text.indexOf('\n');
        String to = end < 0 ? text : text.substring(0, end);
        if (end < 0 || !Grammar.isUser(to)) {
            throw new RefusedException("bad-request", "a line with the user's name, then the words");
        }
        String from = request.session().user() == null ? "-" : request.session().user();
        return hub.user(to)
                .send(from + text.substring(end))
                .stored()
                .thenApply(offset -> Payload.text(Long.toString(offset)));
    }

    private static void say(StreamSender stream, int next) {
        if (next == TEXT.size()) {
            stream.finish();
            return;
        }
        Executor later = CompletableFuture.delayedExecutor(WORD_MILLIS, TimeUnit.MILLISECONDS);
        stream.send((next == 0 ? "" : " ") + TEXT.get(next)).thenRunAsync(() -> say(stream, next + 1), later);
    }
}
