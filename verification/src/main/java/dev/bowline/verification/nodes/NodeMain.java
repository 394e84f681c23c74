package dev.bowline.verification.nodes;

import dev.bowline.realtime.Hub;
import dev.bowline.redis.RedisEngine;
import dev.bowline.redis.RedisOptions;
import dev.bowline.session.engine.Engine;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One node as a program: a hub on Redis with {@link NodeApplication}. It says lines: {@code ready PORT}, and then what the application
 * says. SIGTERM drains it.
 */
public final class NodeMain {
    /** How long a session waits for its client: longer than any fault lasts. */
    static final Duration WINDOW = Duration.ofSeconds(60);

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final int LOOPS = 2;

    private NodeMain() {}

    /**
     * Runs until it is told to end.
     *
     * @param arguments the URI of Redis; the lease in milliseconds; the name of a {@link Spoil}
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true);
        RedisEngine redis = new RedisEngine(RedisOptions.of(arguments[0])
                .withLease(Duration.ofMillis(Long.parseLong(arguments[1])))
                .withTimeout(REDIS_TIMEOUT)
                .withWindow(WINDOW));
        Engine engine = Spoil.valueOf(arguments[2]).apply(redis);
        Hub hub = NodeApplication.hub(engine, WINDOW, HEARTBEAT, out::println);
        WebSocketServer server = WebSocketServer.builder()
                .options(ServerOptions.builder().eventLoops(LOOPS).build())
                .endpoint(hub.endpoint("/"))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(server, hub, redis), "leave"));
        out.println("ready " + server.port());
    }

    private static void leave(WebSocketServer server, Hub hub, RedisEngine redis) {
        server.stopAccepting();
        try {
            hub.drain().toCompletableFuture().get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.err.println("not all clients have moved; the rest goes now");
        } catch (ExecutionException e) {
            throw new IllegalStateException("draining does not fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hub.close();
        server.close();
        redis.close();
    }
}
