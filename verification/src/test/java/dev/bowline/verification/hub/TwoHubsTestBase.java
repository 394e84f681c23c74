package dev.bowline.verification.hub;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.TcpBalancer;
import dev.bowline.websocket.WebSocketClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two hubs on two servers, each with an engine of its own on one Redis; clients of either, and clients that come by a balancer, which knows
 * the first alone until {@link #move}.
 */
@Tag("once")
abstract class TwoHubsTestBase {
    @RegisterExtension
    static final RedisForTests REDIS = new RedisForTests();

    private final String prefix = REDIS.newPrefix();
    final HubNode a = new HubNode("a", REDIS.engine(prefix));
    final HubNode b = new HubNode("b", REDIS.engine(prefix));
    final TcpBalancer balancer = TcpBalancer.start();
    private final WebSocketClient webSockets =
            WebSocketClient.builder().eventLoops(1).build();
    private final List<SessionClient> clients = new ArrayList<>();
    private HubNode at = a; // where the balancer leads

    TwoHubsTestBase() {
        balancer.add(a.server.port());
    }

    /** A client of one hub. */
    SessionClient client(HubNode node, @Nullable String user, Recorder<String> events) {
        return connect(node.uri(), user, events);
    }

    SessionClient client(HubNode node, @Nullable String user) {
        return client(node, user, new Recorder<>());
    }

    /** A client that comes by the balancer. */
    SessionClient roaming(@Nullable String user, Recorder<String> events) {
        return connect(URI.create("ws://127.0.0.1:" + balancer.port()), user, events);
    }

    private SessionClient connect(URI uri, @Nullable String user, Recorder<String> events) {
        SessionClientOptions.Builder options =
                SessionClientOptions.builder().webSocketClient(webSockets).random(() -> 0L);
        if (user != null) {
            options.token(user);
        }
        SessionClient client = Bowline.connect(uri, options.build(), new Listener(events));
        clients.add(client);
        return client;
    }

    /** Who comes by the balancer comes to the other hub from now on; those that are connected are cut off, if wanted. */
    void move(boolean cut) {
        HubNode from = at;
        at = from == a ? b : a;
        balancer.add(at.server.port());
        balancer.remove(from.server.port());
        if (cut) {
            balancer.resetAll();
        }
    }

    static String where(SessionClient client) {
        return get(client.request("where", "")).asText();
    }

    static String id(SessionClient client) {
        Await.until("it is open", () -> client.id().isPresent());
        return client.id().orElseThrow();
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @AfterEach
    final void stop() {
        clients.forEach(client -> get(client.bye()));
        webSockets.close();
        balancer.close();
        a.close();
        b.close();
        REDIS.closeEngines();
    }

    private record Listener(Recorder<String> events) implements SessionListener {
        @Override
        public void onOpen(SessionClient client, boolean resumed, @Nullable String reason) {
            events.record("open " + (resumed ? "resumed" : "new"));
        }

        @Override
        public void onMessage(SessionClient client, String name, Payload payload) {
            events.record("message " + name + " " + payload.asText());
        }

        @Override
        public void onEnded(SessionClient client, int code, String reason) {
            events.record("ended " + code + " " + reason);
        }
    }
}
