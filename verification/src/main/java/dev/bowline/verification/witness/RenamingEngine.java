package dev.bowline.verification.witness;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionRecord;
import dev.bowline.session.engine.SessionStore;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose logs go on in other epochs whenever somebody wants it, with all that they had, as those of a database do after a
 * restart: the epoch {@code e} becomes {@code e_1}, {@code e_2} … Safe from any thread.
 */
public final class RenamingEngine implements Engine {
    private final Engine engine;
    private final AtomicInteger renamed = new AtomicInteger(); // how often

    public RenamingEngine(Engine engine) {
        this.engine = engine;
    }

    /** Gives all logs other epochs. Nodes notice when they read the next time. */
    public void rename() {
        renamed.incrementAndGet();
    }

    /** What an epoch was at first. */
    public static String origin(String epoch) {
        int end = epoch.indexOf('_');
        return end < 0 ? epoch : epoch.substring(0, end);
    }

    private static String named(String epoch, int times) {
        return times == 0 ? epoch : epoch + "_" + times;
    }

    private Slice named(Slice slice) {
        int times = renamed.get();
        List<Cursor> former = new ArrayList<>(times);
        for (int before = times - 1; before >= 0; before--) { // each had a part of what there is now, and nothing else
            former.add(new Cursor(named(slice.epoch(), before), slice.end()));
        }
        return new Slice(named(slice.epoch(), times), slice.begin(), slice.end(), slice.entries(), former);
    }

    @Override
    public Membership join(NodePort node) {
        Membership member = engine.join(new Port(node));
        return new MembershipWithLog(member, new NamedLog(member.log()));
    }

    private final class NamedLog implements Log {
        private final Log log;

        NamedLog(Log log) {
            this.log = log;
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
            Callback<Cursor> told = Callback.of(
                    place -> done.done(new Cursor(named(place.epoch(), renamed.get()), place.offset())), done::failed);
            log.append(topic, name, retention, payload, key, origin, nowMillis, told);
        }

        @Override
        public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
            log.read(topic, after, maxBytes, nowMillis, Callback.of(slice -> done.done(named(slice)), done::failed));
        }
    }

    private final class Port implements NodePort {
        private final NodePort node;

        Port(NodePort node) {
            this.node = node;
        }

        @Override
        public void execute(Runnable task) {
            node.execute(task);
        }

        @Override
        public void onGrown(String topic, String name, String epoch, long before) {
            node.onGrown(topic, name, named(epoch, renamed.get()), before);
        }

        @Override
        public void onUnlogged(String topic, Entry entry) {
            node.onUnlogged(topic, entry);
        }

        @Override
        public void onPresence(String topic, String user, boolean present) {
            node.onPresence(topic, user, present);
        }

        @Override
        public void onMessage(String session, SessionMessage message, Callback<Boolean> taken) {
            node.onMessage(session, message, taken);
        }

        @Override
        public void onUserMessage(String user, UserMessage message) {
            node.onUserMessage(user, message);
        }

        @Override
        public void onSignal(HandlerSignal signal) {
            node.onSignal(signal);
        }

        @Override
        public void onGone(String process) {
            node.onGone(process);
        }

        @Override
        public void onTaken(String session) {
            node.onTaken(session);
        }

        @Override
        public void onStoreChanged() {
            node.onStoreChanged();
        }

        @Override
        public void onOver(SessionRecord session) {
            node.onOver(session);
        }

        @Override
        public void release(SessionStore.Claimant claimant, Consumer<Release> done) {
            node.release(claimant, done);
        }
    }
}
