package dev.bowline.examples;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.redis.RedisEngine;
import dev.bowline.redis.RedisOptions;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One of many nodes, to be started more than once with the same Redis, behind a balancer. Clients come to any of them, and back to any
 * other; when it is told to stop, they move to the others, a few at a time, and notice nothing.
 *
 * <ul>
 *   <li>topic {@code news.*}: anyone publishes
 *   <li>request {@code where}: the port of the node that has the session
 * </ul>
 */
public final class ManyNodes {
    private ManyNodes() {}

    // snippet:node
    public static void main(String[] args) throws IOException {
        int port = Integer.getInteger("port", 3000);
        RedisEngine engine = new RedisEngine(RedisOptions.of(System.getProperty("redis", "redis://127.0.0.1")));
        Hub hub = Hub.builder()
                .engine(engine)
                .topic(TopicPolicy.of("news.*")
                        .retain(1_000, 1 << 20, Duration.ofHours(1))
                        .anyonePublishes())
                .build();
        hub.onRequest("where", request -> CompletableFuture.completedFuture(Payload.text(Integer.toString(port))));
        WebSocketServer server =
                WebSocketServer.builder().port(port).endpoint(hub.endpoint("/")).start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stopAccepting(); // so that the balancer sends nobody here any more
            hub.drain()
                    .toCompletableFuture()
                    .completeOnTimeout(null, 20, TimeUnit.SECONDS)
                    .join();
            hub.close();
            server.close();
            engine.close();
        }));
    }
    // end:node
}
