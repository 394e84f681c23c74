package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Leaks;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.WebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that does as the test bids, clients with one loop of their own, and what their listeners were told. */
abstract class SessionTestBase {
    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    final ScriptedServer server = new ScriptedServer();
    final WebSocketClient webSockets = WebSocketClient.builder().eventLoops(1).build();

    @AfterEach
    void close() {
        webSockets.close();
        server.close();
        Leaks.assertNoThreads("bowline-client-");
        // Closing the clients ends their sessions, but nothing else happens.
        assertThat(events.drain()).allMatch(event -> event.equals("ENDED") || event.equals("ended 1000 bye"));
    }

    /** Options without waits between attempts. */
    SessionClientOptions.Builder options() {
        return SessionClientOptions.builder().webSocketClient(webSockets).random(() -> 0L);
    }

    SessionClient connect() {
        return connect(options());
    }

    SessionClient connect(SessionClientOptions.Builder options) {
        return connect(server.uri(), options);
    }

    SessionClient connect(URI uri, SessionClientOptions.Builder options) {
        return Bowline.connect(uri, options.build(), new Listener(events));
    }

    /** Takes the events of a session's first opening. */
    void expectOpened() {
        expect("CONNECTING", "OPEN", "open new");
    }

    /** Takes the events of a connection that was lost and is replaced, up to its opening. */
    void expectReopened(String open) {
        expect("WAITING", "CONNECTING", "OPEN", open);
    }

    void expect(String... expected) {
        for (String event : expected) {
            events.expect(event);
        }
    }

    /** Notes how a stage ends. */
    void note(String name, CompletionStage<?> stage) {
        stage.whenComplete((value, error) -> events.record(name + " " + outcome(value, error)));
    }

    private static String outcome(@Nullable Object value, @Nullable Throwable error) {
        if (error instanceof CommandException e) {
            return e.outcome() + " " + e.getMessage();
        }
        if (error != null) {
            return error.toString();
        }
        return value instanceof Payload payload ? text(payload) : "done";
    }

    static String text(Payload payload) {
        return payload.isText() ? payload.asText() : "binary " + payload.size();
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    TopicListener noting(String name) {
        return new NotingTopicListener(name, events);
    }

    /** Records what happens to a session as texts. */
    static class Listener implements SessionListener {
        final Recorder<String> events;

        Listener(Recorder<String> events) {
            this.events = events;
        }

        @Override
        public void onState(SessionClient client, SessionState state) {
            events.record(state.toString());
        }

        @Override
        public void onOpen(SessionClient client, boolean resumed, @Nullable String reason) {
            events.record("open " + (resumed ? "resumed" : "new") + (reason == null ? "" : " " + reason));
        }

        @Override
        public void onConnectFailed(SessionClient client, IOException cause) {
            events.record("failed " + cause.getMessage());
        }

        @Override
        public void onDisconnect(SessionClient client, int code, String reason) {
            // In which words the network failed depends on when it did.
            events.record("disconnect " + code + (reason.isEmpty() || code == 1006 ? "" : " " + reason));
        }

        @Override
        public void onMessage(SessionClient client, String name, Payload payload) {
            events.record("message " + name + " " + text(payload));
        }

        @Override
        public void onExpiring(SessionClient client, Duration left) {
            events.record("expiring " + left.toMillis());
        }

        @Override
        public void onEnded(SessionClient client, int code, String reason) {
            events.record("ended " + code + (reason.isEmpty() ? "" : " " + reason));
        }
    }

    private record NotingTopicListener(String name, Recorder<String> events) implements TopicListener {
        @Override
        public void onMessage(String topic, long offset, Payload payload) {
            events.record(name + " " + topic + " " + offset + " " + text(payload));
        }

        @Override
        public void onGap(String topic, long from, long to, String code) {
            events.record(name + " gap " + topic + " " + from + "-" + to + " " + code);
        }

        @Override
        public void onReset(String topic, String code) {
            events.record(name + " reset " + topic + " " + code);
        }

        @Override
        public void onPresent(String topic, List<String> users) {
            events.record(name + " present " + topic + " " + users);
        }

        @Override
        public void onJoined(String topic, String user) {
            events.record(name + " joined " + topic + " " + user);
        }

        @Override
        public void onLeft(String topic, String user) {
            events.record(name + " left " + topic + " " + user);
        }

        @Override
        public void onEnded(String pattern, String code) {
            events.record(name + " ended " + pattern + " " + code);
        }
    }
}
