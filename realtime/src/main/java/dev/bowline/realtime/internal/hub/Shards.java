package dev.bowline.realtime.internal.hub;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.server.Application;
import dev.bowline.session.server.Node;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.server.TopicRules;
import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a hub: one for each event loop that has connections of its, and one of its own for what the application wants from other
 * threads. A node whose loop ends, as its server does, goes on on the hub's own loop for as long as it has sessions. From any thread.
 */
final class Shards {
    private final Engine engine;
    private final NodeOptions options;
    private final TopicRules rules;
    private final Application application;
    private final Map<EventLoop, Shard> byLoop = new ConcurrentHashMap<>(); // where connections come to
    private final Set<Shard> shards = ConcurrentHashMap.newKeySet();
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
        Shard known = byLoop.get(loop); // not by computeIfAbsent: it must not be made under the map's lock
        if (known == null) {
            Shard made = new Shard(loop, engine, options, rules, application);
            known = made;
            byLoop.put(loop, made);
            shards.add(made);
            loop.atEnd(() -> loopEnded(loop, made));
            if (closed) { // since it was asked above: who closed the hub may not have seen this one
                stop(made);
                throw new IllegalStateException("the hub is closed");
            }
        }
        return known;
    }

    private void loopEnded(EventLoop loop, Shard shard) {
        byLoop.remove(loop);
        if (shards.contains(shard) && loop != homeLoop) {
            shard.moveTo(homeLoop, this::stop);
        }
    }

    /** Stops a node, once; on its thread. */
    private void stop(Shard shard) {
        if (shards.remove(shard)) {
            shard.use((node, now) -> node.stop(now));
        }
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
        Shard idle = null;
        for (Shard shard : shards) {
            if (shard.isUsedHere()) {
                return shard;
            }
            if (shard.loop().isInLoop() && (idle == null || shard == home)) {
                idle = shard;
            }
        }
        return idle;
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

    /** As {@link #toSession}, of what counts once however often it is said ({@link Node#assure}). */
    void assure(String session, SessionMessage message, Callback<Boolean> taken) {
        if (closed) {
            taken.failed(new Failure(Failure.UNAVAILABLE, "the hub is closed"));
        } else {
            use((node, now) -> node.assure(session, message, now, taken));
        }
    }

    /** Each node, on its own thread. */
    void forEach(Shard.NodeUse use) {
        shards.forEach(shard -> shard.submit(use));
    }

    /** The nodes, for those who ask each of them. */
    List<Shard> all() {
        return new ArrayList<>(shards);
    }

    /** Ends all nodes, and waits until they have ended. */
    void close() throws InterruptedException {
        closed = true;
        List<Shard> all = all();
        CountDownLatch ended = new CountDownLatch(all.size());
        all.forEach(shard -> {
            shard.submit((node, now) -> {
                stop(shard);
                ended.countDown();
            });
        });
        if (!homeLoop.isInLoop() && !ended.await(5, TimeUnit.SECONDS)) {
            System.getLogger(Shards.class.getName())
                    .log(System.Logger.Level.WARNING, "An event loop is blocked: its sessions end when it goes on");
        }
        EventLoop.end(List.of(homeLoop));
    }
}
