package dev.bowline.verification.hub;

import dev.bowline.realtime.Hub;
import dev.bowline.redis.RedisEngine;
import dev.bowline.session.server.Identity;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node that has gone has known of a client, the next one knows from Redis: the client comes without a token. */
@Tag("once")
class KeptAttributesTest {
    @RegisterExtension
    static final RedisForTests REDIS = new RedisForTests();

    private final WebSocketClient webSockets =
            WebSocketClient.builder().eventLoops(1).build();
    private final Recorder<String> received = new Recorder<>();

    /** A server, which answers requests {@code who} with what it knows of the client. */
    private record Server(RedisEngine engine, Hub hub, WebSocketServer server) implements AutoCloseable {
        static Server start(RedisEngine engine) {
            Hub hub = Hub.builder()
                    .engine(engine)
                    .authenticator(token -> CompletableFuture.completedFuture(
                            new Identity(token, Long.MAX_VALUE, Map.of("a key", "é\nof " + token))))
                    .build();
            hub.onRequest(
                    "who",
                    request -> CompletableFuture.completedFuture(Payload.text(
                            request.session().user() + " " + request.session().attributes())));
            try {
                return new Server(
                        engine,
                        hub,
                        WebSocketServer.builder().endpoint(hub.endpoint("/")).start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            hub.close();
            server.close();
            engine.close();
        }
    }

    private WebSocket connect(Server to) throws Exception {
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onText(WebSocket socket, String text) {
                received.record(text);
            }
        };
        ClientOptions options =
                ClientOptions.builder().subprotocols(Hub.SUBPROTOCOL).build();
        return webSockets
                .connect(URI.create("ws://127.0.0.1:" + to.server.port()), listener, options)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        webSockets.close();
        REDIS.closeEngines();
    }

    @Test
    void comeFromRedis() throws Exception {
        String prefix = REDIS.newPrefix();
        String resume;
        try (Server first = Server.start(REDIS.engine(prefix))) {
            connect(first).send("hello\nauth ada");
            String welcome = received.expect(text -> text.startsWith("welcome\n"), "a welcome");
            resume = welcome.lines().skip(1).findFirst().orElseThrow().replace("session ", "resume ") + " 0 1";
        }
        received.expect("retry 0");
        try (Server second = Server.start(REDIS.engine(prefix))) {
            WebSocket socket = connect(second);
            socket.send("hello\n" + resume);
            received.expect(text -> text.contains("\nresumed 0\n"), "it goes on");
            socket.send("req 1 who\n");
            received.expect("res 1 1\nada {a key=é\nof ada}");
        }
    }
}
