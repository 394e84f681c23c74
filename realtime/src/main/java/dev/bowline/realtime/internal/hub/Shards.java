package dev.bowline.realtime.internal.hub;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.server.Application;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.server.TopicRules;
import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a hub: one for each event loop that has connections of its, and one of its own for what the application wants from other
 * threads. From any thread.
 */
final class Shards {
    private final Engine engine;
    private final NodeOptions options;
    private final TopicRules rules;
    private final Application application;
    private final Map<EventLoop, Shard> shards = new ConcurrentHashMap<>();
    private final EventLoop homeLoop;
    private final Shard home;
    private volatile boolean closed;

    Shards(Engine engine, NodeOptions options, TopicRules rules, Application application) {
        this.engine = engine;
        this.options = options;
        this.rules = rules;
        this.application = application;
        this.homeLoop = EventLoop.start("bowline-hub", true, TransportKind.NIO);
        CompletableFuture<Shard> begun = new CompletableFuture<>();
        homeLoop.execute(() -> begun.complete(of(homeLoop)));
        this.home = begun.join();
    }

    /** The node of an event loop; on that loop. */
    Shard of(EventLoop loop) {
        if (closed) {
            throw new IllegalStateException("the hub is closed");
        }
        Shard known = shards.get(loop); // not by computeIfAbsent: it must not be made under the map's lock
        if (known == null) {
            known = new Shard(loop, engine, options, rules, application);
            shards.put(loop, known);
        }
        return known;
    }

    /** Uses a node: this thread's where it has one, else the hub's own. What one thread wants is done in the order in which it wanted it. */
    void use(Shard.NodeUse use) {
        if (closed) {
            throw new IllegalStateException("the hub is closed");
        }
        Shard here = ofThisThread();
        (here == null ? home : here).submit(use);
    }

    private @Nullable Shard ofThisThread() {
        for (Shard shard : shards.values()) {
            if (shard.loop().isInLoop()) {
                return shard;
            }
        }
        return null;
    }

    /** The shard of the event loop that this is called on. */
    Shard here() {
        Shard here = ofThisThread();
        if (here == null) {
            throw new IllegalStateException("not on an event loop of the hub's");
        }
        return here;
    }

    /** Says something to a session, wherever it is. */
    void toSession(String session, SessionMessage message, Callback<Boolean> taken) {
        if (closed) {
            taken.failed(new Failure(Failure.UNAVAILABLE, "the hub is closed"));
        } else {
            use((node, now) -> node.toSession(session, message, now, taken));
        }
    }

    /** Each node, on its own thread. */
    void forEach(Shard.NodeUse use) {
        shards.values().forEach(shard -> shard.submit(use));
    }

    /** The nodes, for those who ask each of them. */
    List<Shard> all() {
        return new ArrayList<>(shards.values());
    }

    /** Ends all nodes, and waits until they have ended; those whose event loop has ended before are left as they are. */
    void close() throws InterruptedException {
        closed = true;
        List<Shard> all = all();
        CountDownLatch ended = new CountDownLatch(all.size());
        all.forEach(shard -> {
            shard.submit((node, now) -> {
                node.stop(now);
                ended.countDown();
            });
            if (shard.loop().hasEnded()) {
                ended.countDown();
            }
        });
        if (!homeLoop.isInLoop() && !ended.await(5, TimeUnit.SECONDS)) {
            System.getLogger(Shards.class.getName())
                    .log(System.Logger.Level.WARNING, "An event loop is blocked: its sessions end when it goes on");
        }
        EventLoop.end(List.of(homeLoop));
    }
}
