package dev.bowline.cli.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.cli.Shown;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.server.CloseCodes;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What {@code subscribe} writes: messages to stdout, all else to stderr; in UTF-8, whatever the locale. Callbacks come from one thread at a
 * time, which they may block.
 */
final class Subscriber implements SessionListener {
    private final List<TopicPattern> patterns;
    private final boolean json;
    private final PrintStream out;
    private final PrintStream err;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private long left; // of the callbacks

    /** @param count of the messages that are wanted */
    Subscriber(List<String> patterns, boolean json, long count, PrintStream out, PrintStream err) {
        this.patterns = patterns.stream().map(TopicPattern::new).toList();
        this.json = json;
        this.left = count;
        this.out = out;
        this.err = err;
    }

    static Subscriber ofProcess(List<String> patterns, boolean json, long count) {
        return new Subscriber(patterns, json, count, stream(FileDescriptor.out), stream(FileDescriptor.err));
    }

    private static PrintStream stream(FileDescriptor file) {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(file)), false, StandardCharsets.UTF_8);
    }

    // ---- How it ends ----

    /** Completed when there is nothing more to do: with nothing, or with what went wrong, in a sentence. */
    CompletableFuture<String> end() {
        return end;
    }

    /** Nobody wants more. From any thread. */
    void stop() {
        end.complete("");
    }

    private void fail(String sentence) {
        end.complete(sentence);
    }

    // ---- The session ----

    private void tell(String line) {
        err.println(line);
        err.flush();
    }

    private static String shown(String reason) {
        return reason.isEmpty() ? "" : " " + Shown.quoted(reason);
    }

    @Override
    public void onOpen(SessionClient client, boolean resumed, @Nullable String reason) {
        String who = client.user().map(user -> " as " + user).orElse("");
        tell(
                resumed
                        ? "resumed" + who
                        : "a new session" + who + (reason == null ? "" : ", as the one before is gone: " + reason));
    }

    @Override
    public void onConnectFailed(SessionClient client, IOException cause) {
        tell("not connected: " + (cause.getMessage() == null ? cause.toString() : Shown.harmless(cause.getMessage())));
    }

    @Override
    public void onDisconnect(SessionClient client, int code, String reason) {
        if (!end.isDone()) {
            tell("connection lost: " + code + shown(reason));
        }
    }

    @Override
    public void onEnded(SessionClient client, int code, String reason) {
        fail(
                code == CloseCodes.NOT_AUTHENTICATED
                        ? "the server lets nobody in with such a token; bowline token makes one, and --token-file or"
                                + " BOWLINE_TOKEN takes it."
                        : "the session has ended: " + code + shown(reason) + ".");
    }

    // ---- The topics ----

    /** Of one of the patterns; each topic is shown by the first that covers it. */
    TopicListener listener(int index) {
        return new TopicListener() {
            private boolean isOthers(String topic) {
                return patterns.subList(0, index).stream().anyMatch(pattern -> pattern.matches(topic));
            }

            @Override
            public void onMessage(String topic, long offset, Payload payload) {
                if (!isOthers(topic)) {
                    show(topic, offset, payload);
                }
            }

            @Override
            public void onGap(String topic, long from, long to, String code) {
                if (!isOthers(topic)) {
                    tell("gap: of " + topic + " " + from + " to " + to + " will not come (" + code + ")");
                }
            }

            @Override
            public void onReset(String topic, String code) {
                if (!isOthers(topic)) {
                    tell("reset: " + topic + " begins anew (" + code + ")");
                }
            }

            @Override
            public void onEnded(String pattern, String code) {
                fail("the server does not let it subscribe to " + pattern + ": " + code + ".");
            }
        };
    }

    private void show(String topic, long offset, Payload payload) {
        if (end.isDone()) {
            return;
        }
        out.println(json ? json(topic, offset, payload) : topic + " " + offset + " " + text(payload));
        left--;
        if (out.checkError() || left == 0) { // it flushes too; whoever read it may have gone
            stop();
        }
    }

    /** In one line. */
    private static String text(Payload payload) {
        String text = payload.isText() ? Shown.harmless(payload.asText()) : Shown.binary(payload.bytes());
        return text.replace('\n', '␊');
    }

    private static ObjectNode json(String topic, long offset, Payload payload) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("topic", topic).put("offset", offset);
        if (payload.isText()) {
            return json.put("text", payload.asText());
        }
        ByteBuffer bytes = payload.bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return json.put("data", Base64.getEncoder().encodeToString(copy));
    }
}
