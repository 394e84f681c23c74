package dev.bowline.examples;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.WebSocketClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server among the examples, run as a program, a proxy before it that fails on demand, and clients directly or through the proxy. */
abstract class SessionExampleTestBase {
    /** So that a stall is felt soon. With much less, Linux drops segments and sends them again after a while: they are larger. */
    private static final int SMALL_BUFFER_BYTES = 256 << 10;

    private final Class<?> program;
    private final WebSocketClient webSockets =
            WebSocketClient.builder().eventLoops(1).build();
    private final List<SessionClient> clients = new ArrayList<>();
    private @Nullable Program server;
    private @Nullable FaultProxy proxy;

    SessionExampleTestBase(Class<?> program) {
        this.program = program;
    }

    @BeforeEach
    void start() {
        server = Program.server(program);
        proxy = FaultProxy.to("127.0.0.1", server.port(), SMALL_BUFFER_BYTES);
    }

    @AfterEach
    void stop() throws Exception {
        clients.forEach(client -> get(client.bye()));
        webSockets.close();
        proxy().close();
        server().close();
    }

    final Program server() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    final FaultProxy proxy() {
        if (proxy == null) {
            throw new IllegalStateException("not started");
        }
        return proxy;
    }

    /** A client with its own line; its token is the user's name. */
    final SessionClient client(@Nullable String user) {
        return client(server().port(), user, new SessionListener() {});
    }

    /** A client through the proxy, which comes back without a wait. */
    final SessionClient clientThroughProxy(@Nullable String user) {
        return client(proxy().port(), user, new SessionListener() {});
    }

    final SessionClient client(int port, @Nullable String user, SessionListener listener) {
        SessionClientOptions.Builder options =
                SessionClientOptions.builder().webSocketClient(webSockets).random(() -> 0L);
        if (user != null) {
            options.token(user);
        }
        SessionClient client = Bowline.connect(URI.create("ws://127.0.0.1:" + port), options.build(), listener);
        clients.add(client);
        return client;
    }

    /** Records messages as {@code TOPIC: TEXT}, and whatever else a subscription is told. */
    static TopicListener recording(Recorder<String> events) {
        return new TopicListener() {
            @Override
            public void onMessage(String topic, long offset, Payload payload) {
                events.record(topic + ": " + payload.asText());
            }

            @Override
            public void onGap(String topic, long from, long to, String code) {
                events.record("gap " + topic + " " + from + "-" + to + " " + code);
            }

            @Override
            public void onReset(String topic, String code) {
                events.record("reset " + topic + " " + code);
            }

            @Override
            public void onPresent(String topic, List<String> users) {
                events.record("present " + users);
            }

            @Override
            public void onJoined(String topic, String user) {
                events.record("joined " + user);
            }

            @Override
            public void onLeft(String topic, String user) {
                events.record("left " + user);
            }

            @Override
            public void onEnded(String pattern, String code) {
                events.record("ended " + pattern + " " + code);
            }
        };
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
