package dev.bowline.session.server;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionStore;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine's answers, with the time that they take: passes everything on, and measures what is answered. Touched on the node's thread
 * alone, as callbacks come there.
 */
final class MeasuredMembership implements Membership {
    private static final String APPEND = "append";
    private static final String READ = "read";
    private static final String CREATE = "create";
    private static final String CLAIM = "claim";
    private static final String REMOVE = "remove";
    private static final String KEEP = "keep";
    private static final String USERS = "users";
    private static final String IS_CONNECTED = "is-connected";
    private static final String MARK_READ = "mark-read";
    private static final String SESSIONS_OF = "sessions-of";
    private static final String ONCE = "once";
    private static final String ENTER = "enter";
    private static final String LIST = "list";
    private static final String FOLLOW = "follow";
    private static final String SAY = "say";

    private static final List<String> OPERATIONS = List.of(
            APPEND,
            READ,
            CREATE,
            CLAIM,
            REMOVE,
            KEEP,
            USERS,
            IS_CONNECTED,
            MARK_READ,
            SESSIONS_OF,
            ONCE,
            ENTER,
            LIST,
            FOLLOW,
            SAY);

    private final Membership engine;
    private final LongSupplier nanoTime;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Log log;
    private final SessionStore sessions;
    private final Presence presence;
    private final Bus bus;

    MeasuredMembership(Membership engine, LongSupplier nanoTime) {
        this.engine = engine;
        this.nanoTime = nanoTime;
        OPERATIONS.forEach(name -> operations.put(name, new Operation()));
        this.log = new MeasuredLog(engine.log());
        this.sessions = new MeasuredSessions(engine.sessions());
        this.presence = new MeasuredPresence(engine.presence());
        this.bus = new MeasuredBus(engine.bus());
    }

    /** What was measured so far, by operation. */
    Map<String, SessionStatistics.Operation> read() {
        Map<String, SessionStatistics.Operation> read = new LinkedHashMap<>();
        operations.forEach(
                (name, one) -> read.put(name, new SessionStatistics.Operation(one.latency.read(), one.failures)));
        return read;
    }

    /** What is measured before anything was. */
    static Map<String, SessionStatistics.Operation> nothing() {
        Map<String, SessionStatistics.Operation> nothing = new LinkedHashMap<>();
        OPERATIONS.forEach(name -> nothing.put(name, new SessionStatistics.Operation(new DurationCounter().read(), 0)));
        return nothing;
    }

    private Operation operation(String name) {
        Operation found = operations.get(name);
        if (found == null) {
            throw new IllegalStateException("there is no operation " + name);
        }
        return found;
    }

    /** One operation of the engine. */
    private final class Operation {
        private final DurationCounter latency = new DurationCounter();
        private long failures;

        /** Begins now, and ends with the callback. */
        <T> Callback<T> begin(Callback<T> done) {
            long beganNanos = nanoTime.getAsLong();
            return new Callback<>() {
                @Override
                public void done(T value) {
                    end(beganNanos);
                    done.done(value);
                }

                @Override
                public void failed(Failure failure) {
                    failures++;
                    end(beganNanos);
                    done.failed(failure);
                }
            };
        }

        void end(long beganNanos) {
            latency.record(nanoTime.getAsLong() - beganNanos);
        }
    }

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

    @Override
    public String process() {
        return engine.process();
    }

    @Override
    public boolean isAlive(String process) {
        return engine.isAlive(process);
    }

    @Override
    public void leave() {
        engine.leave();
    }

    private final class MeasuredLog implements Log {
        private final Log log;
        private final Operation append = operation(APPEND);
        private final Operation read = operation(READ);

        MeasuredLog(Log log) {
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
            log.append(topic, name, retention, payload, key, origin, nowMillis, append.begin(done));
        }

        @Override
        public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
            log.read(topic, after, maxBytes, nowMillis, read.begin(done));
        }
    }

    private final class MeasuredSessions implements SessionStore {
        private final SessionStore sessions;
        private final Operation create = operation(CREATE);
        private final Operation claim = operation(CLAIM);
        private final Operation remove = operation(REMOVE);
        private final Operation keep = operation(KEEP);
        private final Operation users = operation(USERS);
        private final Operation isConnected = operation(IS_CONNECTED);
        private final Operation markRead = operation(MARK_READ);
        private final Operation sessionsOf = operation(SESSIONS_OF);
        private final Operation once = operation(ONCE);

        MeasuredSessions(SessionStore sessions) {
            this.sessions = sessions;
        }

        @Override
        public void create(@Nullable String user, Callback<Credentials> done) {
            sessions.create(user, create.begin(done));
        }

        @Override
        public void claim(Claimant claimant, Callback<Claim> done) {
            sessions.claim(claimant, claim.begin(done));
        }

        @Override
        public void connected(String id, boolean connected) {
            sessions.connected(id, connected);
        }

        @Override
        public void remove(String id, Consumer<Boolean> done) {
            long beganNanos = nanoTime.getAsLong();
            sessions.remove(id, over -> {
                remove.end(beganNanos);
                done.accept(over);
            });
        }

        @Override
        public boolean keeps() {
            return sessions.keeps();
        }

        @Override
        public void keep(
                String id, long attempt, boolean whole, Map<String, byte @Nullable []> changes, Callback<Kept> done) {
            sessions.keep(id, attempt, whole, changes, keep.begin(done));
        }

        @Override
        public void users(Callback<List<String>> done) {
            sessions.users(users.begin(done));
        }

        @Override
        public void isConnected(String user, Callback<Boolean> done) {
            sessions.isConnected(user, isConnected.begin(done));
        }

        @Override
        public void read(String user, long offset, Callback<Long> done) {
            sessions.read(user, offset, markRead.begin(done));
        }

        @Override
        public void received(String user, Cursor cursor) {
            sessions.received(user, cursor);
        }

        @Override
        public void whenReceived(String user, Cursor cursor, Runnable action) {
            sessions.whenReceived(user, cursor, action);
        }

        @Override
        public void sessionsOf(String user, Callback<List<String>> done) {
            sessions.sessionsOf(user, sessionsOf.begin(done));
        }

        @Override
        public void once(String key, long ttlMillis, long nowMillis, Callback<Boolean> done) {
            sessions.once(key, ttlMillis, nowMillis, once.begin(done));
        }
    }

    private final class MeasuredPresence implements Presence {
        private final Presence presence;
        private final Operation enter = operation(ENTER);
        private final Operation list = operation(LIST);

        MeasuredPresence(Presence presence) {
            this.presence = presence;
        }

        @Override
        public void enter(String topic, String user, String session, Runnable done) {
            long beganNanos = nanoTime.getAsLong();
            presence.enter(topic, user, session, () -> {
                enter.end(beganNanos);
                done.run();
            });
        }

        @Override
        public void leave(String topic, String user, String session) {
            presence.leave(topic, user, session);
        }

        @Override
        public void watch(String topic, Callback<List<String>> done) {
            presence.watch(topic, list.begin(done));
        }

        @Override
        public void unwatch(String topic) {
            presence.unwatch(topic);
        }

        @Override
        public void list(String topic, Callback<List<String>> done) {
            presence.list(topic, list.begin(done));
        }
    }

    private final class MeasuredBus implements Bus {
        private final Bus bus;
        private final Operation follow = operation(FOLLOW);
        private final Operation say = operation(SAY);

        MeasuredBus(Bus bus) {
            this.bus = bus;
        }

        @Override
        public void follow(String topic) {
            bus.follow(topic);
        }

        @Override
        public void unfollow(String topic) {
            bus.unfollow(topic);
        }

        @Override
        public void followAll(TopicPattern pattern, long sinceMillis, Callback<Long> done) {
            bus.followAll(pattern, sinceMillis, follow.begin(done));
        }

        @Override
        public void unfollowAll(TopicPattern pattern) {
            bus.unfollowAll(pattern);
        }

        @Override
        public void whenTold(String topic, Callback<String> done) {
            bus.whenTold(topic, follow.begin(done));
        }

        @Override
        public void publish(String topic, Entry unlogged) {
            bus.publish(topic, unlogged);
        }

        @Override
        public void toSession(String id, SessionMessage message, Callback<Boolean> taken) {
            bus.toSession(id, message, say.begin(taken));
        }

        @Override
        public void toUser(String user, UserMessage message) {
            bus.toUser(user, message);
        }

        @Override
        public void toHandler(String process, HandlerSignal signal) {
            bus.toHandler(process, signal);
        }

        @Override
        public Receipt addressed(String session, Receipt receipt) {
            return bus.addressed(session, receipt);
        }

        @Override
        public Receipt receipt(String address) {
            return bus.receipt(address);
        }
    }
}
