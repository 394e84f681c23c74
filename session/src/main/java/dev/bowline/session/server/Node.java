package dev.bowline.session.server;

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
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of sessions, for the connections of one thread. Nodes that share an engine are one server: a client may come back to
 * any of them, whether they are threads of one process or machines.
 *
 * <p><b>Threads.</b> A node is used on one thread, its own; only {@link #execute} may be called from any. It has no clock:
 * {@code nowMillis} is the caller's, never goes back, and is the same for all nodes of a process. Whoever owns the node calls
 * {@link #onTime} at {@link #deadlineMillis}, which every other call may bring closer.
 */
public final class Node implements NodePort {
    private static final Callback<Boolean> NOBODY = Callback.of(taken -> {}, failure -> {});

    private static final long NANOS_OF_MILLI = 1_000_000;

    private final NodeOptions options;
    private final TopicRules rules;
    private final Application application;
    private final Consumer<Runnable> executor;
    private final MeasuredMembership engine;
    private final LongSupplier nanoTime;
    private final NodeCounters counters = new NodeCounters();
    private final Timers timers = new Timers();
    private final Decisions decisions = new Decisions(this);
    private final Commands commands = new Commands(this);
    private final Feeds feeds;
    private final Roster roster;
    private final DirectBudget directBudget;
    private final Admission admission;
    private final Set<ServerConnection> connections = new LinkedHashSet<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, List<Runnable>> claiming = new HashMap<>(); // by session: who waits for the outcome
    private final Map<String, Integer> saying = new HashMap<>(); // by session: how much is on its way to it by the bus
    private int ending; // sessions that the engine has yet to say are over
    private boolean stopped;
    private long nowMillis;

    /**
     * @param executor has a task run on the node's thread, by {@link #run}; from any thread, in the order given
     */
    public Node(
            Engine engine,
            NodeOptions options,
            TopicRules rules,
            Application application,
            Consumer<Runnable> executor,
            long nowMillis) {
        this(engine, options, rules, application, executor, nowMillis, null);
    }

    /**
     * @param executor has a task run on the node's thread, by {@link #run}; from any thread, in the order given
     * @param nanoTime what the node measures by how long things take, as {@link System#nanoTime}; null to measure by {@code nowMillis}
     */
    public Node(
            Engine engine,
            NodeOptions options,
            TopicRules rules,
            Application application,
            Consumer<Runnable> executor,
            long nowMillis,
            @Nullable LongSupplier nanoTime) {
        this.options = options;
        this.rules = rules;
        this.application = application;
        this.executor = executor;
        this.nowMillis = nowMillis;
        this.nanoTime = nanoTime == null ? () -> this.nowMillis * NANOS_OF_MILLI : nanoTime;
        this.engine = new MeasuredMembership(engine.join(this), this.nanoTime);
        this.feeds = new Feeds(this, this.engine.bus());
        this.directBudget = new DirectBudget(options.maxNodeDirectBytes());
        this.admission =
                new Admission(options.hellosPerSecond(), options.terms().windowMillis());
        this.roster = new Roster(this, this.engine.presence());
    }

    // ---- Connections and time ----

    /** A connection that agreed on the subprotocol is open. */
    public ServerConnection connect(Link link, long now) {
        enter(now);
        ServerConnection connection = new ServerConnection(this, link);
        connections.add(connection);
        timers.update(connection);
        return connection;
    }

    /** Runs a task of the node's. */
    public void run(Runnable task, long now) {
        enter(now);
        task.run();
    }

    /** When to call {@link #onTime}, at the latest; {@link Long#MAX_VALUE} for not at all. */
    public long deadlineMillis() {
        return timers.nextMillis();
    }

    /** Tells the time. */
    public void onTime(long now) {
        enter(now);
        timers.advance(nowMillis);
    }

    /** The sessions that it has. */
    public int sessionCount() {
        return sessions.size();
    }

    /** What it has done, and what it has. */
    public SessionStatistics statistics() {
        return counters.read(sessions.size(), feeds.count(), directBudget.bytes(), engine.read());
    }

    /** Its sessions, as they are now. */
    public List<SessionView> sessions(long now) {
        enter(now);
        return sessions.values().stream().map(Session::view).toList();
    }

    /** Those of its topics with the most traffic, so many at most, as they are now; in no order. */
    public List<TopicView> topics(int limit) {
        return feeds.busiest(limit);
    }

    /** Whether it has no sessions, and the application has been told of the end of each that it had. */
    public boolean isEmpty() {
        return sessions.isEmpty() && ending == 0;
    }

    /** How many of its sessions get a topic's messages. */
    public int subscriberCount(String topic) {
        Feed feed = feeds.get(topic);
        return feed == null ? 0 : feed.subscriberCount();
    }

    /** The topics that it reads. */
    public int topicCount() {
        return feeds.count();
    }

    /**
     * Has all clients come back later, to another node or to this one; spread over time, so that those who take them in can bear it
     * ({@link NodeOptions#returnsPerSecond}).
     *
     * @param retryMillis they wait at least that long
     */
    public void dismissAll(long retryMillis, long now) {
        enter(now);
        List<ServerConnection> dismissed = List.copyOf(connections);
        Spread spread = new Spread(
                retryMillis,
                dismissed.size(),
                options.returnsPerSecond(),
                options.terms().windowMillis());
        for (int i = 0; i < dismissed.size(); i++) {
            dismissed.get(i).dismiss(CloseCodes.LEAVING, "leaving", spread.adviceMillis(i));
        }
    }

    /**
     * Has all clients go to other nodes that share the engine, a few at a time ({@link NodeOptions#returnsPerSecond}): those whose turn has not
     * come notice nothing. To be called when no more connections come to this node.
     *
     * @param done called once, when none of them is left
     */
    public void drain(long now, Runnable done) {
        enter(now);
        timers.update(new Drain(connections, options.returnsPerSecond(), nowMillis, done));
    }

    /**
     * Ends for good. Its sessions end with it, where the engine does not keep them: the application is told at once, and their clients when
     * they come back.
     */
    public void stop(long now) {
        stopped = true;
        dismissAll(0, now);
        engine.leave();
        List<Session> left = List.copyOf(sessions.values());
        sessions.clear();
        left.forEach(session -> {
            session.lose();
            if (!engine.sessions().keeps()) {
                over(session.info(), CloseCodes.LEAVING, "leaving");
            }
        });
    }

    // ---- For the application ----

    /** Publishes to a topic; where it keeps no log there is no position to be told. */
    public void publish(String topic, Payload payload, long now, Callback<Optional<Cursor>> done) {
        publish(topic, payload, null, now, done);
    }

    /**
     * As {@link #publish(String, Payload, long, Callback)}, once however often it is called with the same origin.
     *
     * @param origin null for a message that is known by nothing; without effect where the topic keeps no log
     */
    public void publish(
            String topic, Payload payload, Log.@Nullable Origin origin, long now, Callback<Optional<Cursor>> done) {
        enter(now);
        requireOwn(topic);
        append(topic, topic, payload, origin, done);
    }

    /** Reads what is kept of a topic behind an offset, as {@link Log#read}. */
    public void read(String topic, long after, long maxBytes, long now, Callback<Slice> done) {
        enter(now);
        requireOwn(topic);
        engine.log().read(topic, after, maxBytes, nowMillis, done);
    }

    /** Puts a message into a user's mailbox. */
    public void sendToUser(String user, Payload payload, long now, Callback<Cursor> done) {
        sendToUser(user, payload, null, now, done);
    }

    /** As {@link #sendToUser(String, Payload, long, Callback)}, once however often it is called with the same origin; null for none. */
    public void sendToUser(String user, Payload payload, Log.@Nullable Origin origin, long now, Callback<Cursor> done) {
        enter(now);
        if (!Grammar.isUser(user)) {
            throw new IllegalArgumentException(
                    "user is \"" + user + "\", must be 1 to 255 visible ASCII characters, others percent-encoded");
        }
        append(
                TopicRules.mailboxOf(user),
                TopicRules.MAILBOX,
                payload,
                origin,
                Callback.of(
                        position -> position.ifPresent(cursor -> {
                            done.done(cursor);
                            tellIfOffline(user, cursor, payload);
                        }),
                        done::failed));
    }

    private void tellIfOffline(String user, Cursor cursor, Payload payload) {
        engine.sessions()
                .isConnected(
                        user,
                        Callback.of(
                                connected -> {
                                    if (!connected) {
                                        application.onStoredOffline(user, cursor, payload);
                                    }
                                },
                                failure ->
                                        application.onStoredOffline(user, cursor, payload))); // rather once too often
    }

    /** Says something to a session, wherever it is, in the order of the calls; tells whether it took it. */
    public void toSession(String id, SessionMessage message, long now, Callback<Boolean> taken) {
        enter(now);
        Session known = sessions.get(id);
        if (known != null && !saying.containsKey(id)) { // else what was said before it came here would be overtaken
            SaidToSession.say(known, message, taken);
            return;
        }
        saying.merge(id, 1, Integer::sum);
        engine.bus()
                .toSession(
                        id,
                        message,
                        Callback.of(
                                found -> {
                                    said(id);
                                    taken.done(found);
                                },
                                failure -> {
                                    said(id);
                                    taken.failed(failure);
                                }));
    }

    private void said(String id) {
        saying.computeIfPresent(id, (session, count) -> count == 1 ? null : count - 1);
    }

    /** The engine, for what needs no session; on the node's thread. */
    public Membership engine() {
        return engine;
    }

    private static void requireOwn(String topic) {
        if (!Grammar.isTopic(topic) || topic.startsWith("$")) {
            throw new IllegalArgumentException(
                    "topic is \"" + topic
                            + "\", must be segments of letters, digits and -_~:@%$ between dots, not beginning with a dollar sign");
        }
    }

    // ---- For the parts of the node ----

    void enter(long now) {
        nowMillis = Math.max(nowMillis, now);
    }

    long now() {
        return nowMillis;
    }

    /** For measuring, finer than {@link #now}; of no known beginning. */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    NodeCounters counters() {
        return counters;
    }

    NodeOptions options() {
        return options;
    }

    TopicRules rules() {
        return rules;
    }

    Application application() {
        return application;
    }

    Timers timers() {
        return timers;
    }

    Decisions decisions() {
        return decisions;
    }

    Commands commands() {
        return commands;
    }

    Feeds feeds() {
        return feeds;
    }

    Roster roster() {
        return roster;
    }

    DirectBudget directBudget() {
        return directBudget;
    }

    Admission admission() {
        return admission;
    }

    /** Appends to a log, or passes on what keeps none. */
    void append(
            String topic, String name, Payload payload, Log.@Nullable Origin origin, Callback<Optional<Cursor>> done) {
        TopicRule rule = rules.of(name);
        Retention retention = rule.retention();
        if (retention == null) {
            engine.bus().publish(topic, Entry.unlogged(name, payload));
            done.done(Optional.empty());
            return;
        }
        engine.log()
                .append(
                        topic,
                        name,
                        retention,
                        payload,
                        rule.key().apply(payload),
                        origin,
                        nowMillis,
                        Callback.of(cursor -> done.done(Optional.of(cursor)), done::failed));
    }

    /** What is known of a session's command now; the session may have gone to another node since. */
    void complete(Session session, SessionMessage message) {
        if (sessions.get(session.id()) != session) {
            new Assured(this, session.id(), message, NOBODY).say();
        } else if (session.keeper.isOn()) { // another node may have it before that is kept, and then waits for it still
            SaidToSession.say(session, message, assured(session.id(), message, NOBODY));
        } else {
            session.take(message);
        }
    }

    /**
     * As {@link #toSession}, of what counts once however often it is said: what becomes of a command. It is said again, for as long as a handler
     * may take, while it is not known whether it came.
     */
    public void assure(String id, SessionMessage message, long now, Callback<Boolean> taken) {
        toSession(id, message, now, assured(id, message, taken));
    }

    private Callback<Boolean> assured(String id, SessionMessage message, Callback<Boolean> taken) {
        return Callback.of(taken::done, failure -> new Assured(this, id, message, taken).failed(failure));
    }

    boolean isStopped() {
        return stopped;
    }

    // ---- Sessions ----

    /** A session of this node's; null of one that is about to go to another node, from where it is to be claimed. */
    @Nullable
    Session session(String id) {
        Session known = sessions.get(id);
        return known == null || known.isLeaving() ? null : known;
    }

    boolean isFull() {
        return sessions.size() >= options.maxSessions();
    }

    /**
     * Claims a session that another node may have.
     *
     * @param again called in place of {@code done}, where the node has claimed it already, when that is settled: no node takes a
     *     session from itself
     */
    void claim(Claimant claimant, Callback<Claim> done, Runnable again) {
        String id = claimant.session();
        List<Runnable> waiting = claiming.get(id);
        if (waiting != null) {
            waiting.add(again);
            return;
        }
        List<Runnable> next = new ArrayList<>(0);
        claiming.put(id, next);
        engine.sessions()
                .claim(
                        claimant,
                        Callback.of(
                                claim -> {
                                    claiming.remove(id);
                                    done.done(claim);
                                    next.forEach(Runnable::run);
                                },
                                failure -> {
                                    claiming.remove(id);
                                    done.failed(failure);
                                    next.forEach(Runnable::run);
                                }));
    }

    void add(Session session) {
        sessions.put(session.id(), session);
    }

    /** Takes a session over from another node; it is over if this one has stopped since it asked for it. */
    Session adopt(SessionState state) {
        Session session = (Session) state;
        sessions.put(session.id(), session);
        engine.sessions().connected(session.id(), false); // until it gets one here
        session.adopt(this);
        counters.moved();
        if (stopped) {
            session.end(CloseCodes.LEAVING, "leaving");
        }
        session.goOn();
        return session;
    }

    /** Goes on with a session that another node had, as far as that was kept; null if that is not enough, and it is over. */
    @Nullable
    Session restore(SessionRecord record, long attempt) {
        Session session = Session.restore(this, record, attempt);
        if (session == null) {
            engine.sessions().remove(record.id(), own -> {});
            return null;
        }
        Session before = sessions.get(session.id());
        if (before != null) {
            taken(before); // another node has had it since, while this one was to give it up and has not come to that
        }
        sessions.put(session.id(), session);
        engine.sessions().connected(session.id(), false); // until it gets one here
        counters.moved();
        session.begun();
        return session;
    }

    void started(Session session) {
        engine.sessions().connected(session.id(), true);
        counters.started();
        application.onSession(session.info(), SessionChange.STARTED);
        application.onEvent(new SessionEvent.Started(session.info()));
    }

    /**
     * @param awayMillis for how long it had no connection
     * @param replayed direct messages that went out again
     */
    void resumed(Session session, long awayMillis, long replayed) {
        engine.sessions().connected(session.id(), true);
        application.onSession(session.info(), SessionChange.RESUMED);
        application.onEvent(new SessionEvent.Resumed(session.info(), awayMillis, replayed));
    }

    /** Its client has gone for good, though it is not over yet. */
    void left(Session session) {
        engine.sessions().connected(session.id(), false);
    }

    void suspended(Session session, int code) {
        engine.sessions().connected(session.id(), false);
        counters.suspended(code);
        application.onSession(session.info(), SessionChange.SUSPENDED);
        application.onEvent(new SessionEvent.Suspended(session.info(), code));
    }

    void ended(Session session, int code, String reason) {
        sessions.remove(session.id(), session);
        ending++;
        engine.sessions().remove(session.id(), over -> {
            ending--;
            if (over) { // else another node goes on with it: this one was taken to have gone
                session.giveUp();
                over(session.info(), code, reason);
            }
        });
    }

    private void over(SessionInfo session, int code, String reason) {
        counters.ended(code, reason);
        application.onSession(session, SessionChange.ENDED);
        application.onEvent(new SessionEvent.Ended(session, code, reason));
    }

    void forget(ServerConnection connection) {
        connections.remove(connection);
        timers.remove(connection);
    }

    // ---- For the engine ----

    @Override
    public void execute(Runnable task) {
        executor.accept(task);
    }

    @Override
    public void onGrown(String topic, String name, String epoch, long before) {
        feeds.grown(topic, name, epoch, before);
    }

    @Override
    public void onUnlogged(String topic, Entry entry) {
        feeds.unlogged(topic, entry);
    }

    @Override
    public void onPresence(String topic, String user, boolean present) {
        roster.changed(topic, user, present);
    }

    @Override
    public void onMessage(String id, SessionMessage message, Callback<Boolean> taken) {
        Session known = sessions.get(id);
        if (known != null) {
            SaidToSession.say(known, message, taken);
        } else {
            engine.bus().toSession(id, message, taken); // it has gone on; or it is over, and the engine knows by then
        }
    }

    @Override
    public void onUserMessage(String user, UserMessage message) {
        for (Session session : new ArrayList<>(sessions.values())) {
            if (user.equals(session.info().user())) {
                if (message instanceof UserMessage.Revoke revoke) {
                    session.end(CloseCodes.REVOKED, revoke.reason());
                } else if (message instanceof UserMessage.Unsubscribe end) {
                    session.take(end.message());
                } else if (message instanceof UserMessage.ReadMark mark && session.subscriptions.hasMailbox()) {
                    session.take(Commands.readMark(mark.offset()));
                }
            }
        }
    }

    @Override
    public void onSignal(HandlerSignal signal) {
        switch (signal.kind()) {
            case READY -> application.onReady(signal.session(), signal.seq());
            case SENT -> application.onSent(signal.session(), signal.seq());
            case CANCELLED -> application.onCancelled(signal.session(), signal.seq());
        }
    }

    @Override
    public void onGone(String process) {
        List.copyOf(sessions.values()).forEach(session -> session.started.endThoseOf(process::equals));
    }

    @Override
    public void onTaken(String id) {
        Session session = sessions.get(id);
        if (session != null) {
            taken(session);
        }
    }

    /** Another node has a session of this one's. */
    void taken(Session session) {
        if (sessions.remove(session.id(), session)) {
            List<TopicPattern> patterns = session.patterns();
            session.taken();
            patterns.forEach(pattern -> feeds.unfollow(pattern, session));
        }
    }

    @Override
    public void onStoreChanged() {
        timers.update(new KeepingAgain(sessions.values(), nowMillis));
    }

    @Override
    public void onOver(SessionRecord record) {
        SessionParts.receipts(record.parts())
                .values()
                .forEach(address -> engine.bus().receipt(address).lost());
        over(SessionParts.info(record), CloseCodes.COME_BACK, Session.EXPIRED);
    }

    @Override
    public void release(Claimant claimant, Consumer<Release> done) {
        Session known = sessions.get(claimant.session());
        if (known == null) {
            boolean left = stopped && engine.sessions().keeps();
            done.accept(left ? new Release.Left() : new Release.Over());
            return;
        }
        Claim refusal = known.refusal(claimant);
        if (refusal != null) {
            done.accept(new Release.Kept(refusal));
            return;
        }
        known.fence();
        known.whenAtRest(() -> {
            if (known.isOver()) {
                done.accept(new Release.Over());
                return;
            }
            known.fence(); // a connection of this node may have come since
            sessions.remove(known.id(), known);
            known.abandon();
            List<TopicPattern> patterns = known.patterns();
            known.keeper.handOver(); // what another node goes on with is another object
            done.accept(new Release.Given(known));
            // Not before: what comes to them up to now is the engine's to pass on (SessionState.patterns).
            patterns.forEach(pattern -> feeds.unfollow(pattern, known));
        });
    }
}
