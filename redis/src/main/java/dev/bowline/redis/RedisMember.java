package dev.bowline.redis;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.engine.SessionStore;
import java.util.concurrent.CompletionStage;

/** A node's access to the engine. What comes back goes into the node's queue; once the node has left, nothing does. */
final class RedisMember implements Membership, Follower, Watcher {
    private final RedisEngine engine;
    private final NodePort port;
    private final int index;
    private final RedisSessions sessions;
    private final RedisBus bus;
    private final MemberLog log;
    private final Presence presence;
    private volatile boolean left; // set once

    /**
     * @param index which no other member of this process has, or had
     */
    RedisMember(RedisEngine engine, NodePort port, int index) {
        this.engine = engine;
        this.port = port;
        this.index = index;
        this.sessions = new RedisSessions(engine, this);
        this.bus = new RedisBus(engine, this);
        this.log = new MemberLog(engine, this);
        this.presence = engine.presence().member(index, this);
    }

    int index() {
        return index;
    }

    NodePort port() {
        return port;
    }

    boolean hasLeft() {
        return left;
    }

    // ---- The node's queue; from any thread ----

    @Override
    public void execute(Runnable task) {
        if (!left) {
            port.execute(task);
        }
    }

    /** Tells the node how something went; the stage is the one that was given. */
    <T> CompletionStage<T> answer(CompletionStage<T> stage, Callback<? super T> done) {
        return stage.whenComplete((value, failure) -> {
            if (failure == null) {
                execute(() -> done.done(value));
            } else {
                execute(() -> done.failed(Failures.of(failure)));
            }
        });
    }

    @Override
    public void onGrown(String topic, String name, String epoch, long before) {
        execute(() -> port.onGrown(topic, name, epoch, before));
    }

    @Override
    public void onUnlogged(String topic, Entry entry) {
        execute(() -> port.onUnlogged(topic, entry));
    }

    @Override
    public void onPresence(String topic, String user, boolean present) {
        port.onPresence(topic, user, present);
    }

    // ---- What it has; on the node's thread ----

    @Override
    public Log log() {
        return log;
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public Presence presence() {
        return presence;
    }

    @Override
    public Bus bus() {
        return bus;
    }

    /** What was published may have been missed. From any thread. */
    void lookAgain(long sinceMillis) {
        bus.lookAgain(sinceMillis);
    }

    @Override
    public String process() {
        return engine.site().processes().id();
    }

    @Override
    public boolean isAlive(String process) {
        return engine.isAlive(process);
    }

    @Override
    public void leave() {
        if (!left) {
            left = true;
            engine.left(this);
        }
    }
}
