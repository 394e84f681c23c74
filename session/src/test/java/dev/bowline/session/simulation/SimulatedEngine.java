package dev.bowline.session.simulation;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.ForwardingPort;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.KeepingEngine;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.engine.RestartingEngine;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionStore;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory engine at the other end of a wire, or beside the node: what a node asks for then takes a while, each way, and comes in the
 * order of asking. Tells the truth of what is in the logs, and can be out of reach.
 */
final class SimulatedEngine implements Engine {
    private static final int MOST_READS = 5_000;

    /** How long what a defect has promised is kept later. */
    private static final long PROMISE_MILLIS = 1_000;

    private final World world;
    private final MemoryEngine memory;
    private final RestartingEngine engine; // has the logs
    private final @Nullable KeepingEngine kept; // has the sessions, where they are kept
    private final Truth truth;
    private final Defect defect;
    private final boolean remote;
    private KeepingEngine.@Nullable Snapshot replica; // what has come to it
    private final Map<NodePort, NodePort> ports = new HashMap<>(); // by the nodes, as what lies behind this knows them
    private boolean reachable = true;
    private boolean gone;
    private long readMillis; // when the last read was
    private int reads; // how many were at that time

    SimulatedEngine(
            World world,
            Truth truth,
            Defect defect,
            boolean remote,
            boolean keeps,
            Supplier<String> secrets,
            long maxLogBytes,
            int maxTopics) {
        this.world = world;
        this.truth = truth;
        this.defect = defect;
        this.remote = remote;
        this.memory = new MemoryEngine(secrets, maxLogBytes, maxTopics);
        this.engine = new RestartingEngine(memory);
        this.kept = keeps ? new KeepingEngine(engine, secrets, world::now) : null;
        if (kept != null) {
            replicate();
            expireOrphans();
        }
    }

    // ---- Sessions that are kept ----

    private void replicate() {
        if (kept != null && !gone) {
            replica = kept.snapshot();
            world.in(world.random().oneOf(20, 200, 2_000), this::replicate);
        }
    }

    private void expireOrphans() {
        if (kept != null && !gone) {
            kept.expireOrphans(SimulatedServer.WINDOW_MILLIS);
            world.in(500, this::expireOrphans);
        }
    }

    private NodePort port(NodePort node) {
        return Objects.requireNonNull(ports.get(node));
    }

    boolean isKept(String session) {
        return kept == null || kept.kept(session) != null;
    }

    /** A node is taken for dead. */
    void giveUp(SimulatedNode node) {
        if (kept != null) {
            kept.giveUp(port(node.node()));
        }
    }

    /** It is alive, though. */
    void takeBack(SimulatedNode node) {
        if (kept != null) {
            kept.takeBack(port(node.node()));
        }
    }

    long logBytes() {
        return memory.logBytes();
    }

    /**
     * Its logs go on in other epochs.
     *
     * @param loses whether the last messages of some are lost
     */
    void restartLogs(boolean loses) {
        engine.restart(
                topic -> loses && world.random().nextBoolean() ? world.random().longBetween(1, 4) : 0,
                world.now(),
                truth::renamed);
        if (kept != null && replica != null) {
            kept.rollBack(loses ? replica : kept.snapshot());
        }
    }

    /** It ends, with all that it has. */
    void die() {
        gone = true;
    }

    void reachable(boolean now) {
        reachable = now;
    }

    /** The state of a log, at once. */
    Slice log(String topic) {
        return engine.log(topic, world.now());
    }

    @Override
    public Membership join(NodePort node) {
        return new Member(node);
    }

    /** Who reads again and again, while no time passes, never stops. */
    private void countRead() {
        reads = readMillis == world.now() ? reads + 1 : 1;
        readMillis = world.now();
        if (reads > MOST_READS) {
            throw Truth.wrong("the logs are read without an end");
        }
    }

    /** A node's end of the wire. */
    private final class Member implements Membership, Log, SessionStore, Presence, Bus {
        private final NodePort node;
        private final Membership inner;
        private long lastMillis; // when the last of what it asked for arrives
        private long lastToldMillis; // when the last arrives of what it is told unasked

        Member(NodePort node) {
            this.node = node;
            NodePort port = defect.equals(Defect.NONE) ? node : new FaultyPort(node, defect, kept != null);
            if (kept != null) {
                port = new LatePort(port);
            }
            ports.put(node, port);
            this.inner = (kept == null ? engine : kept).join(port);
        }

        /** The way of what a node is told unasked, in order: answers go another way, and may be there before it. */
        private void tell(Runnable told) {
            lastToldMillis =
                    Math.max(lastToldMillis, world.now() + world.random().oneOf(0, 0, 3, 30));
            world.at(lastToldMillis, () -> {
                if (!gone) {
                    node.execute(told);
                }
            });
        }

        private final class LatePort extends ForwardingPort {
            LatePort(NodePort port) {
                super(port);
            }

            @Override
            public void onGrown(String topic, String name, String epoch, long before) {
                tell(() -> super.onGrown(topic, name, epoch, before));
            }
        }

        /** For what is answered behind all that the node was told before. */
        private <T> Callback<T> behindTold(Callback<T> done) {
            return kept == null
                    ? done
                    : Callback.of(value -> tell(() -> done.done(value)), failure -> tell(() -> done.failed(failure)));
        }

        private void ask(Runnable request) {
            if (remote) {
                lastMillis = Math.max(lastMillis, world.now() + world.random().intBetween(0, 8));
                world.at(lastMillis, () -> {
                    if (!gone) {
                        request.run();
                    }
                });
            } else {
                request.run();
            }
        }

        /** Asks for something that is answered at once at the other end. */
        private <T> void ask(Callback<T> done, Consumer<Callback<T>> request) {
            ask(() -> {
                if (!reachable) {
                    answer(() -> done.failed(new Failure(Failure.UNAVAILABLE, "out of reach")));
                    return;
                }
                request.accept(Callback.of(
                        value -> answer(() -> done.done(value)), failure -> answer(() -> done.failed(failure))));
            });
        }

        private void answer(Runnable answer) {
            if (remote) {
                node.execute(answer);
            } else {
                answer.run();
            }
        }

        @Override
        public Log log() {
            return this;
        }

        @Override
        public SessionStore sessions() {
            return this;
        }

        @Override
        public Presence presence() {
            return this;
        }

        @Override
        public Bus bus() {
            return this;
        }

        @Override
        public String process() {
            return inner.process();
        }

        @Override
        public boolean isAlive(String process) {
            return inner.isAlive(process);
        }

        @Override
        public void leave() {
            if (kept != null) {
                kept.leaves(port(node));
            }
            ask(inner::leave);
        }

        @Override
        public void append(
                String topic,
                String name,
                Retention retention,
                Payload payload,
                @Nullable String key,
                @Nullable Origin origin,
                long nowMillis,
                Callback<Cursor> done) {
            this.<Cursor>ask(done, then -> {
                for (int i = 0; i < defect.appends(); i++) {
                    Callback<Cursor> last = i == 0 ? then : Callback.of(cursor -> {}, failure -> {});
                    inner.log()
                            .append(
                                    topic,
                                    name,
                                    retention,
                                    payload,
                                    key,
                                    origin,
                                    world.now(),
                                    Callback.of(
                                            cursor -> {
                                                world.trace("log", topic + " " + Truth.idOf(payload) + " " + cursor);
                                                truth.appended(topic, cursor, payload);
                                                last.done(cursor);
                                            },
                                            last::failed));
                }
            });
        }

        @Override
        public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
            countRead();
            this.<Slice>ask(done, then -> inner.log()
                    .read(
                            topic,
                            after,
                            maxBytes,
                            world.now(),
                            Callback.of(slice -> then.done(defect.read(slice, after)), then::failed)));
        }

        @Override
        public void create(@Nullable String user, Callback<Credentials> done) {
            this.<Credentials>ask(done, then -> inner.sessions().create(user, then));
        }

        @Override
        public void claim(Claimant claimant, Callback<Claim> done) {
            ask(() -> inner.sessions().claim(claimant, done));
        }

        @Override
        public void connected(String id, boolean connected) {
            ask(() -> inner.sessions().connected(id, connected));
        }

        @Override
        public void remove(String id, Consumer<Boolean> done) {
            ask(() -> inner.sessions().remove(id, own -> answer(() -> done.accept(own))));
        }

        @Override
        public boolean keeps() {
            return inner.sessions().keeps();
        }

        @Override
        public void keep(
                String id, long attempt, boolean whole, Map<String, byte @Nullable []> changes, Callback<Kept> done) {
            if (kept == null) {
                throw new IllegalStateException("this engine keeps no sessions");
            }
            Map<String, byte @Nullable []> these = defect.kept(changes);
            NodePort keeper = port(node);
            long generation = kept.generation(keeper, id); // when it asks, however late that comes
            Consumer<Callback<Kept>> keeping = then -> kept.keep(keeper, id, generation, attempt, whole, these, then);
            if (defect.promises(changes)) {
                answer(() -> done.done(Kept.DONE));
                world.in(PROMISE_MILLIS, () -> ask(() -> keeping.accept(Callback.of(told -> {}, failure -> {}))));
                return;
            }
            this.<Kept>ask(Callback.of(told -> done.done(defect.answer(told)), done::failed), keeping);
        }

        @Override
        public void users(Callback<List<String>> done) {
            this.<List<String>>ask(done, then -> inner.sessions().users(then));
        }

        @Override
        public void sessionsOf(String user, Callback<List<String>> done) {
            this.<List<String>>ask(done, then -> inner.sessions().sessionsOf(user, then));
        }

        @Override
        public void isConnected(String user, Callback<Boolean> done) {
            this.<Boolean>ask(done, then -> inner.sessions().isConnected(user, then));
        }

        @Override
        public void read(String user, long offset, Callback<Long> done) {
            this.<Long>ask(done, then -> {
                if (!defect.losesResult()) {
                    inner.sessions().read(user, offset, then);
                }
            });
        }

        @Override
        public void received(String user, Cursor cursor) {
            ask(() -> inner.sessions().received(user, defect.received(cursor)));
        }

        @Override
        public void whenReceived(String user, Cursor cursor, Runnable action) {
            ask(() -> inner.sessions().whenReceived(user, cursor, action));
        }

        @Override
        public void once(String key, long ttlMillis, long nowMillis, Callback<Boolean> done) {
            this.<Boolean>ask(done, then -> inner.sessions().once(key, ttlMillis, nowMillis, then));
        }

        @Override
        public void enter(String topic, String user, String session, Runnable done) {
            ask(() -> inner.presence().enter(topic, user, session, () -> answer(done)));
        }

        @Override
        public void leave(String topic, String user, String session) {
            ask(() -> inner.presence().leave(topic, user, session));
        }

        @Override
        public void watch(String topic, Callback<List<String>> done) {
            this.<List<String>>ask(done, then -> inner.presence().watch(topic, then));
        }

        @Override
        public void unwatch(String topic) {
            ask(() -> inner.presence().unwatch(topic));
        }

        @Override
        public void list(String topic, Callback<List<String>> done) {
            this.<List<String>>ask(done, then -> inner.presence().list(topic, then));
        }

        @Override
        public void follow(String topic) {
            ask(() -> inner.bus().follow(topic));
        }

        @Override
        public void unfollow(String topic) {
            ask(() -> inner.bus().unfollow(topic));
        }

        @Override
        public void followAll(TopicPattern pattern, long sinceMillis, Callback<Long> done) {
            long since = defect.forgetsPatterns() ? FROM_NOW : sinceMillis;
            this.<Long>ask(behindTold(done), then -> inner.bus().followAll(pattern, since, then));
        }

        @Override
        public void unfollowAll(TopicPattern pattern) {
            ask(() -> inner.bus().unfollowAll(pattern));
        }

        @Override
        public void whenTold(String topic, Callback<String> done) {
            this.<String>ask(behindTold(done), then -> inner.bus().whenTold(topic, then));
        }

        @Override
        public void publish(String topic, Entry unlogged) {
            String wire = unlogged.message().asText();
            truth.published(Payload.text(wire.substring(wire.indexOf('\n') + 1)));
            ask(() -> inner.bus().publish(topic, unlogged));
        }

        @Override
        public void toSession(String id, SessionMessage message, Callback<Boolean> taken) {
            ask(() -> {
                inner.bus().toSession(id, message, taken);
                if (defect.repeatsToSession()) {
                    inner.bus().toSession(id, message, Callback.of(again -> {}, failure -> {}));
                }
            });
        }

        @Override
        public void toUser(String user, UserMessage message) {
            ask(() -> inner.bus().toUser(user, message));
        }

        @Override
        public void toHandler(String process, HandlerSignal signal) {
            ask(() -> inner.bus().toHandler(process, signal));
        }

        @Override
        public Receipt addressed(String session, Receipt receipt) {
            return inner.bus().addressed(session, receipt);
        }

        @Override
        public Receipt receipt(String address) {
            return inner.bus().receipt(address);
        }
    }
}
