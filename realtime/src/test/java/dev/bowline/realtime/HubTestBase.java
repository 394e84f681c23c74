package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Engine;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.Identity;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.Leaks;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A real server with a hub, on two event loops so that sessions move between them, behind a proxy that fails on demand; and clients, whose
 * token is their name, and an attribute {@code token} too. The hub's engine is in memory, or what a subclass says.
 */
public abstract class HubTestBase {
    static final String ENDED_TOKEN = "ended";

    final WebSocketClient webSockets = WebSocketClient.builder().eventLoops(1).build();
    private final List<SessionClient> clients = new ArrayList<>();
    private @Nullable Hub hub;
    private @Nullable WebSocketServer server;
    private @Nullable FaultProxy proxy;

    /** A new engine, without a trace of those before. */
    protected Engine engine() {
        AtomicInteger secrets = new AtomicInteger(1_000_000);
        return new MemoryEngine(() -> "secret-of-a-test-" + secrets.incrementAndGet());
    }

    /** Whether sessions go on when their hub is closed, and another one begun on the same engine. */
    protected boolean outlivesHubs() {
        return false;
    }

    /** Ends all engines; their hubs are closed. */
    protected void closeEngines() {}

    /** Whom the test says that hub is, in addition to what all tests want. */
    Hub start(Hub.Builder builder) {
        return start(builder, engine());
    }

    Hub start(Hub.Builder builder, Engine engine) {
        Hub begun = builder.engine(engine)
                .authenticator(token -> authenticate(token))
                .build();
        hub = begun;
        server = serve(begun, 0);
        proxy = FaultProxy.to("127.0.0.1", server.port());
        return begun;
    }

    private static WebSocketServer serve(Hub hub, int port) {
        try {
            return WebSocketServer.builder()
                    .port(port)
                    .options(ServerOptions.builder().eventLoops(2).build())
                    .endpoint(hub.serve(Endpoint.of("/", new WebSocketListener() {
                        @Override
                        public void onText(WebSocket socket, String text) {
                            socket.send(text);
                        }
                    })))
                    .endpoint(hub.endpoint("/sessions"))
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Closes the server, and begins another one with the same hub, in the same place. */
    void restartServer() {
        if (hub == null) {
            throw new IllegalStateException("not started");
        }
        restartServer(hub);
    }

    /** Closes hub and server, and begins others in the same place. */
    Hub restart(Hub.Builder builder) {
        if (hub == null) {
            throw new IllegalStateException("not started");
        }
        hub.close();
        Hub next = builder.authenticator(token -> authenticate(token)).build();
        hub = next;
        restartServer(next);
        return next;
    }

    private void restartServer(Hub served) {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        int port = server.port();
        server.close();
        server = serve(served, port);
    }

    private static CompletionStage<Identity> authenticate(@Nullable String token) {
        if (token == null) {
            return CompletableFuture.completedFuture(Identity.ANONYMOUS);
        }
        return token.equals(ENDED_TOKEN)
                ? CompletableFuture.failedFuture(new RefusedException("unauthorized", "this token has ended"))
                : CompletableFuture.completedFuture(new Identity(token, Long.MAX_VALUE, Map.of("token", token)));
    }

    static Hub.Builder hub() {
        // What some tests publish at once is more than a topic keeps by default.
        return Hub.builder()
                .topic(TopicPolicy.of("open.>")
                        .retain(10_000, 8L << 20, Duration.ofHours(1))
                        .anyonePublishes());
    }

    static HubOptions.Builder quick() {
        return HubOptions.builder().handlerTimeout(Duration.ofMillis(300));
    }

    int port() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server.port();
    }

    FaultProxy proxy() {
        if (proxy == null) {
            throw new IllegalStateException("not started");
        }
        return proxy;
    }

    /** A client, through the proxy; its listener tells the recorder. */
    SessionClient client(@Nullable String user, Recorder<String> events) {
        SessionClientOptions.Builder options =
                SessionClientOptions.builder().webSocketClient(webSockets).random(() -> 0L);
        if (user != null) {
            options.token(user);
        }
        SessionClient client = Bowline.connect(
                URI.create("ws://127.0.0.1:" + proxy().port()), options.build(), new SessionTestBase.Listener(events));
        clients.add(client);
        return client;
    }

    SessionClient client(@Nullable String user) {
        return client(user, new Recorder<>());
    }

    static <T> T get(CompletionStage<T> stage) {
        return SessionTestBase.get(stage);
    }

    static String text(Payload payload) {
        return payload.asText();
    }

    @AfterEach
    void close() throws Exception {
        clients.forEach(client -> get(client.bye()));
        webSockets.close();
        if (hub != null) {
            assertThat(hub.sessionCount().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isNotNegative();
            hub.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        if (server != null) {
            server.close();
        }
        closeEngines();
        Leaks.assertNoThreads("bowline-hub");
    }
}
