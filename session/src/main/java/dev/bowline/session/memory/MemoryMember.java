package dev.bowline.session.memory;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's access to the engine. Takes the engine's lock for each change, and calls nobody while it holds it: what is to be told
 * another node goes into that node's queue.
 */
final class MemoryMember implements Membership, Log, SessionStore, Presence, Bus {
    private final MemoryEngine engine;
    private final NodePort port;

    // Under the engine's lock.
    private final Deque<Map<String, Growth>> grown = new ArrayDeque<>(1); // of which the node is still to be told
    private boolean open; // what grows now is told with the last of them: nothing else was given to the node since
    private boolean left;

    /** Something that a member says to a session. */
    record Said(MemoryMember from, SessionMessage message, Callback<Boolean> taken) {
        /** To the member that has the session; under the lock. */
        void to(MemoryMember owner, String id) {
            owner.execute(() -> owner.port.onMessage(
                    id,
                    message,
                    Callback.of(
                            found -> from.locked(() -> from.execute(() -> taken.done(found))),
                            failure -> from.locked(() -> from.execute(() -> taken.failed(failure))))));
        }

        /** To nobody, as the session is over; under the lock. */
        void toNobody() {
            from.execute(() -> taken.done(false));
        }
    }

    private record Growth(String name, String epoch, long before) {}

    MemoryMember(MemoryEngine engine, NodePort port) {
        this.engine = engine;
        this.port = port;
    }

    NodePort port() {
        return port;
    }

    /** Whether its node has gone; under the lock. */
    boolean hasLeft() {
        return left;
    }

    void locked(Runnable change) {
        synchronized (engine) {
            change.run();
        }
    }

    <T> T locked(Supplier<T> change) {
        synchronized (engine) {
            return change.get();
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

    /** All nodes are of one. */
    @Override
    public String process() {
        return "here";
    }

    @Override
    public boolean isAlive(String process) {
        return true;
    }

    @Override
    public void leave() {
        locked(() -> {
            left = true;
            engine.left(this);
        });
    }

    // ---- What others have for the node; under the lock ----

    void execute(Runnable task) {
        open = false;
        if (!left) {
            port.execute(task);
        }
    }

    void grown(String topic, String name, String epoch, long before) {
        if (!open) {
            execute(this::tellGrown);
            grown.addLast(new LinkedHashMap<>());
            open = true;
        }
        grown.getLast().putIfAbsent(topic, new Growth(name, epoch, before));
    }

    private void tellGrown() {
        Map<String, Growth> told = locked(() -> {
            open = open && grown.size() > 1;
            return grown.removeFirst();
        });
        told.forEach((topic, growth) -> port.onGrown(topic, growth.name, growth.epoch, growth.before));
    }

    /**
     * A session goes from this member to another one. What has come to its patterns and this node was not told of, the other one is: nothing
     * falls between the two.
     */
    void passOn(SessionState state, MemoryMember other) {
        Map<String, Growth> untold =
                new LinkedHashMap<>(); // a copy: the other one may be this one, which then is told twice
        grown.forEach(batch -> batch.forEach(untold::putIfAbsent));
        state.patterns().forEach(pattern -> {
            engine.topics().followAll(pattern, other);
            untold.forEach((topic, growth) -> {
                if (pattern.matches(topic)) {
                    other.grown(topic, growth.name, growth.epoch, growth.before);
                }
            });
        });
    }

    void present(String topic, String user, boolean present, Object watch) {
        execute(() -> {
            if (locked(() -> engine.presence().isWatching(topic, this, watch))) {
                port.onPresence(topic, user, present);
            }
        });
    }

    // ---- Log ----

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
        done.done(locked(() -> {
            // of a session's command nothing is kept: it is one object wherever it goes, and knows itself what it has
            // handled
            Origin known = origin != null && origin.isKey() ? origin : null;
            return engine.topics().append(topic, name, retention, payload, key, known, nowMillis);
        }));
    }

    @Override
    public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
        done.done(locked(() -> engine.topics().read(topic, after, maxBytes, nowMillis)));
    }

    // ---- Sessions ----

    @Override
    public void create(@Nullable String user, Callback<Credentials> done) {
        done.done(locked(() -> engine.sessions().create(user, this)));
    }

    @Override
    public void claim(Claimant claimant, Callback<Claim> done) {
        locked(() -> engine.sessions().claim(claimant, this, done));
    }

    @Override
    public void connected(String id, boolean connected) {
        locked(() -> engine.sessions().connected(id, this, connected));
    }

    @Override
    public void remove(String id, Consumer<Boolean> done) {
        locked(() -> engine.sessions().remove(id, this));
        done.accept(true); // no node has lost one without knowing it
    }

    /** They end with the process, as all does that is here. */
    @Override
    public boolean keeps() {
        return false;
    }

    @Override
    public void keep(
            String id, long attempt, boolean whole, Map<String, byte @Nullable []> changes, Callback<Kept> done) {
        throw new IllegalStateException("this engine keeps no sessions");
    }

    @Override
    public void users(Callback<List<String>> done) {
        done.done(locked(() -> engine.sessions().users()));
    }

    @Override
    public void sessionsOf(String user, Callback<List<String>> done) {
        done.done(locked(() -> engine.sessions().sessionsOf(user)));
    }

    @Override
    public void isConnected(String user, Callback<Boolean> done) {
        done.done(locked(() -> engine.sessions().isConnected(user)));
    }

    @Override
    public void read(String user, long offset, Callback<Long> done) {
        done.done(locked(() -> engine.sessions().read(user, offset)));
    }

    @Override
    public void received(String user, Cursor cursor) {
        locked(() -> engine.sessions().received(user, cursor));
    }

    @Override
    public void whenReceived(String user, Cursor cursor, Runnable action) {
        locked(() -> engine.sessions().whenReceived(user, cursor, this, action));
    }

    @Override
    public void once(String key, long ttlMillis, long nowMillis, Callback<Boolean> done) {
        switch (locked(() -> engine.once().take(key, ttlMillis, nowMillis))) {
            case FREE -> done.done(true);
            case TAKEN -> done.done(false);
            case FULL -> done.failed(new Failure(Failure.UNAVAILABLE, "too many keys are taken"));
        }
    }

    // ---- Presence ----

    @Override
    public void enter(String topic, String user, String session, Runnable done) {
        locked(() -> engine.presence().enter(topic, user, this, session));
        done.run();
    }

    @Override
    public void leave(String topic, String user, String session) {
        locked(() -> engine.presence().leave(topic, user, this, session));
    }

    @Override
    public void watch(String topic, Callback<List<String>> done) {
        done.done(locked(() -> engine.presence().watch(topic, this)));
    }

    @Override
    public void unwatch(String topic) {
        locked(() -> engine.presence().unwatch(topic, this));
    }

    @Override
    public void list(String topic, Callback<List<String>> done) {
        done.done(locked(() -> engine.presence().list(topic)));
    }

    // ---- The bus ----

    @Override
    public void follow(String topic) {
        locked(() -> engine.topics().follow(topic, this));
    }

    @Override
    public void unfollow(String topic) {
        locked(() -> engine.topics().unfollow(topic, this));
    }

    @Override
    public void followAll(TopicPattern pattern, long sinceMillis, Callback<Long> done) {
        locked(() -> engine.topics().followAll(pattern, this)); // what has come since, a session brings along (passOn)
        done.done(0L);
    }

    @Override
    public void unfollowAll(TopicPattern pattern) {
        locked(() -> engine.topics().unfollowAll(pattern, this));
    }

    @Override
    public void whenTold(String topic, Callback<String> done) {
        locked(() -> execute(() -> done.done(topic)));
    }

    @Override
    public void publish(String topic, Entry unlogged) {
        locked(() -> engine.topics()
                .followersOf(topic)
                .forEach(follower -> follower.execute(() -> follower.port.onUnlogged(topic, unlogged))));
    }

    @Override
    public void toSession(String id, SessionMessage message, Callback<Boolean> taken) {
        locked(() -> engine.sessions().say(id, new Said(this, message, taken)));
    }

    @Override
    public void toUser(String user, UserMessage message) {
        locked(() -> engine.sessions().toUser(user, message));
    }

    @Override
    public void toHandler(String process, HandlerSignal signal) {
        throw new IllegalStateException("all handlers run in one process");
    }

    @Override
    public Receipt addressed(String session, Receipt receipt) {
        return receipt; // it is here, wherever its session goes
    }

    @Override
    public Receipt receipt(String address) {
        throw new IllegalStateException("receipts have no addresses here");
    }
}
