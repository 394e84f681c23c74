package dev.bowline.verification.nodes;

import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Seeded;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocketClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * All clients: most are {@link Actor}s, the last ones are in JavaScript. Each acts about once in a period, by itself. Safe from any thread
 * once it has begun.
 */
final class Crowd implements AutoCloseable {
    private static final long TICK_MILLIS = 50;
    private static final Duration CONNECT = Duration.ofSeconds(3); // a node that stands still takes connections
    private static final int LOOPS = 2;

    /** So many come at a time: a site that has just begun is slow, and this is not about that. */
    private static final int AT_A_TIME = 100;

    private static final Duration READY = Duration.ofSeconds(60);

    private final ProofOptions options;
    private final List<Part> parts;
    private final List<String> users;
    private final List<View> views = new ArrayList<>(); // that of client 1 first
    private final List<Actor> actors = new ArrayList<>();
    private final WebSocketClient sockets;
    private final JavaScriptClients scripts;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "crowd"));
    private final Seeded random; // by the clock's thread
    private double due; // how many are to act; by the clock's thread

    /** Connects all of them, and subscribes. */
    Crowd(ProofOptions options, Ledger ledger, int port, Path logs) {
        this.options = options;
        random = Seeded.of(options.seed());
        parts = Part.all(options.clients());
        users = List.copyOf(Part.users(parts));
        parts.forEach(part -> views.add(new View(part.client(), part.user(), ledger)));
        sockets = WebSocketClient.builder().eventLoops(LOOPS).build();
        URI uri = URI.create("ws://127.0.0.1:" + port + "/");
        List<Part> inJava = parts.subList(0, parts.size() - options.javaScript());
        for (Part part : inJava) {
            actors.add(new Actor(
                    part,
                    views.get(part.client() - 1),
                    ledger,
                    this,
                    uri,
                    sessionOptions(),
                    Seeded.of(options.seed() + part.client())));
            if (actors.size() % AT_A_TIME == 0) {
                Await.until("the clients so far are subscribed", READY, () -> actors.stream()
                        .allMatch(Actor::isReady));
            }
        }
        scripts = JavaScriptClients.start(options, uri, users, views, ledger, logs);
        for (Part part : parts.subList(inJava.size(), parts.size())) {
            scripts.add(part);
            if (part.client() % AT_A_TIME == 0) {
                Await.until("the clients so far are subscribed", READY, scripts::isReady);
            }
        }
    }

    /** Of a client in Java. */
    SessionClientOptions.Builder sessionOptions() {
        return SessionClientOptions.builder()
                .webSocketClient(sockets)
                .client(ClientOptions.builder()
                        .connectTimeout(CONNECT)
                        .handshakeTimeout(CONNECT)
                        .build())
                .random(new Impatient(options.patience()));
    }

    /** Waits a part of what it would. */
    private record Impatient(double patience) implements RandomGenerator {
        @Override
        public long nextLong() {
            return java.util.concurrent.ThreadLocalRandom.current().nextLong();
        }

        @Override
        public long nextLong(long bound) {
            return (long) (java.util.concurrent.ThreadLocalRandom.current().nextLong(bound) * patience);
        }
    }

    int size() {
        return parts.size();
    }

    List<Part> parts() {
        return parts;
    }

    List<String> users() {
        return users;
    }

    View view(int client) {
        return views.get(client - 1);
    }

    List<View> views() {
        return views;
    }

    boolean isReady() {
        return actors.stream().allMatch(Actor::isReady) && scripts.isReady();
    }

    /** How many have no connection. */
    int away() {
        return (int) views.stream().filter(view -> !view.isOpen()).count();
    }

    /** From now on all act. */
    void begin() {
        scripts.begin();
        var unused = clock.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        due += actors.size() * (double) TICK_MILLIS / options.period().toMillis();
        for (; due >= 1; due--) {
            random.oneOf(actors).act();
        }
    }

    /** Nobody begins anything new from now on. */
    void quiet() throws InterruptedException {
        scripts.quiet();
        clock.shutdown();
        if (!clock.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("clients go on to act");
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        scripts.close();
        actors.forEach(actor -> actor.client().close());
        sockets.close();
    }
}
