package dev.bowline.session.simulation;

import static dev.bowline.session.simulation.Truth.wrong;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.server.Action;
import dev.bowline.session.server.Application;
import dev.bowline.session.server.Identity;
import dev.bowline.session.server.SessionChange;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An application that answers at once, late, or never, from any node, and notes what it was given. Names say what it does: a request
 * or a message of {@code late}, {@code never}, {@code stream} … is treated so.
 */
final class SimulatedApplication {
    /** What became of a direct message. */
    static final class Sent {
        final String id;
        final String session;
        final String node; // that said it

        @Nullable
        Boolean taken;

        boolean mayArrive; // be it late: what became of it is not known
        int receipts;
        boolean received;

        Sent(String id, String session, String node) {
            this.id = id;
            this.session = session;
            this.node = node;
        }
    }

    private final World world;
    private final SimulatedServer server;
    private final Truth truth;
    private final Map<String, Stream> streams = new HashMap<>();
    private final Map<String, Sent> sent = new LinkedHashMap<>();
    private final Map<String, Set<String>> received = new HashMap<>(); // direct messages, by session
    private final Map<String, SessionInfo> sessions = new LinkedHashMap<>();
    private final Map<String, String> revoked = new LinkedHashMap<>(); // sessions, and their users
    private final Set<String> revokedUsers = new LinkedHashSet<>();
    private final Map<String, Map<String, Long>> mailboxes =
            new HashMap<>(); // by user: how far any device is, by epoch
    private final Map<String, Long> lastReceived = new HashMap<>(); // by session and node that said it
    private long count;

    SimulatedApplication(World world, SimulatedServer server, Truth truth) {
        this.world = world;
        this.server = server;
        this.truth = truth;
    }

    Application onNode(SimulatedNode node) {
        return new OnNode(node);
    }

    /** The sessions that were not told to be over. */
    List<String> sessions() {
        return new ArrayList<>(sessions.keySet());
    }

    /** All of a server's sessions are gone with it. */
    void lostAll() {
        sessions.keySet().forEach(truth::over);
        sessions.clear();
        streams.clear();
    }

    String nextId() {
        return "app." + ++count;
    }

    // ---- Direct messages ----

    /** Sends a message to a session, from some node. */
    void sendTo(String session, int size) {
        SimulatedNode node = server.someNode();
        Sent one = new Sent(nextId(), session, node.name());
        sent.put(one.id, one);
        SessionMessage.Receipt receipt = new SessionMessage.Receipt() {
            @Override
            public void received() {
                one.receipts++;
                one.received = true;
                if (!received.getOrDefault(session, Set.of()).contains(one.id)) {
                    throw wrong(one.id + " has a receipt, and " + session + " has not received it");
                }
            }

            @Override
            public void lost() {
                one.receipts++;
            }
        };
        Payload payload = Payload.text(one.id + " " + "x".repeat(size));
        node.enter(() -> node.node()
                .toSession(
                        session,
                        new SessionMessage.Direct("note", payload, receipt),
                        world.now(),
                        Callback.of(taken -> one.taken = taken, failure -> one.mayArrive = mayHaveArrived(failure))));
    }

    /** Whether something that was said to a session failed though it may have come there, or may yet. */
    private static boolean mayHaveArrived(Failure failure) {
        return !failure.code().equals(Failure.UNAVAILABLE);
    }

    /** Ends a subscription of a session's, from some node. */
    void unsubscribe(String session, String pattern) {
        SimulatedNode node = server.someNode();
        world.trace(node.name(), "ends " + pattern + " of " + session);
        node.enter(() -> node.node()
                .toSession(
                        session,
                        new SessionMessage.Unsubscribe(pattern, "ended"),
                        world.now(),
                        Callback.of(taken -> {}, failure -> {})));
    }

    /** Ends a subscription of all of a user's sessions, from some node. */
    void unsubscribeUser(String user, String pattern) {
        SimulatedNode node = server.someNode();
        world.trace(node.name(), "ends " + pattern + " of " + user);
        node.enter(() -> node.node()
                .engine()
                .bus()
                .toUser(user, new UserMessage.Unsubscribe(new SessionMessage.Unsubscribe(pattern, "ended"))));
    }

    /** A client was told a direct message. */
    void received(String session, String id) {
        Sent one = sent.get(id);
        if (one == null || !one.session.equals(session)) {
            throw wrong(session + " was told " + id + ", which was for " + (one == null ? "nobody" : one.session));
        }
        if (!received.computeIfAbsent(session, some -> new LinkedHashSet<>()).add(id)) {
            throw wrong(session + " was told " + id + " twice");
        }
        long number = Long.parseLong(id.substring(id.indexOf('.') + 1));
        if (!one.mayArrive) {
            Long last = lastReceived.put(session + " " + one.node, number);
            if (last != null && last > number) {
                throw wrong(
                        session + " was told " + id + " behind app." + last + ", which " + one.node + " said later");
            }
        }
        if (Boolean.FALSE.equals(one.taken)) {
            throw wrong(session + " was told " + id + ", which it did not take");
        }
    }

    /** The rights of a user are withdrawn: the sessions that are there end, wherever they are. */
    void revoked(String user) {
        revokedUsers.add(user);
        sessions.values().stream()
                .filter(session -> user.equals(session.user()))
                .forEach(session -> revoked.put(session.id(), user));
    }

    /** Whether a user was; one who came at that time may still have been. */
    boolean wasRevoked(@Nullable String user) {
        return revokedUsers.contains(user);
    }

    // ---- The mailbox ----

    /** A device is at a position of its user's mailbox. */
    void mailboxAt(String user, Cursor cursor) {
        mailboxes.computeIfAbsent(user, some -> new HashMap<>()).merge(cursor.epoch(), cursor.offset(), Math::max);
    }

    /** Who sent to a mailbox is told that it was received. */
    void checkReceived(String user, Cursor cursor) {
        long reached = mailboxes.getOrDefault(user, Map.of()).getOrDefault(cursor.epoch(), 0L);
        if (reached < cursor.offset()) {
            throw wrong(user + " is said to have received " + cursor + ", and no device is behind " + reached);
        }
    }

    /** When nothing happens any more, and clients are still there: who was revoked is not. */
    void checkRevoked() {
        revoked.forEach((session, user) -> {
            if (!server.isOver(session)) {
                throw wrong(session + " goes on, though " + user + " was revoked");
            }
        });
    }

    /** When nothing happens any more, and clients are still there: who said what they have received knows it. */
    void checkReceipts() {
        for (Sent one : sent.values()) {
            boolean came = received.getOrDefault(one.session, Set.of()).contains(one.id);
            if (came && one.receipts == 0 && sessions.containsKey(one.session) && !server.hasGone(one.node)) {
                throw wrong(one.session + " has received " + one.id + ", and its sender was not told");
            }
        }
    }

    /** When nothing happens any more: each sender was told. */
    void checkComplete() {
        for (Sent one : sent.values()) {
            if (one.receipts > 1) {
                throw wrong(one.id + " has " + one.receipts + " receipts");
            }
            if (Boolean.FALSE.equals(one.taken) && one.receipts > 0 && one.received) {
                throw wrong(one.id + " was not taken, and has a receipt");
            }
            if (Boolean.TRUE.equals(one.taken)
                    && one.receipts == 0
                    && !server.wasRestarted()
                    && !server.hasGone(one.node)) {
                throw wrong(one.id + " to " + one.session + " has no receipt"
                        + (truth.isOver(one.session) ? ", and the session is over" : ""));
            }
        }
    }

    // ---- Streams ----

    static int partsOf(String id) {
        return Math.floorMod(id.hashCode(), 12);
    }

    static Payload part(String id, int index) {
        return Payload.text(id + " part " + index);
    }

    private final class Stream {
        final String session;
        final long seq;
        final String id;
        int next;
        boolean waiting; // for what became of the last
        boolean full;
        boolean over;

        Stream(String session, long seq, String id) {
            this.session = session;
            this.seq = seq;
            this.id = id;
        }

        void goOn() {
            if (waiting || over || full) {
                return;
            }
            waiting = true;
            boolean last = next == partsOf(id);
            SimulatedNode node = server.someNode();
            node.enter(() -> node.node()
                    .assure(
                            session,
                            last
                                    ? new SessionMessage.Finish(seq, next)
                                    : new SessionMessage.Part(seq, next + 1, part(id, next)),
                            world.now(),
                            Callback.of(
                                    taken -> {
                                        waiting = false;
                                        if (last) {
                                            over = true;
                                        } else if (taken) {
                                            next++;
                                            world.in(world.random().oneOf(0, 0, 5, 400), this::goOn);
                                        } else {
                                            full = true;
                                        }
                                    },
                                    failure -> {
                                        waiting = false;
                                        over = true; // as it is not known whether it came
                                    })));
        }
    }

    // ---- The application, as a node sees it ----

    private final class OnNode implements Application {
        private final SimulatedNode node;

        OnNode(SimulatedNode node) {
            this.node = node;
        }

        /** Answers at once, or some time later, or never; more often soon. */
        private void answer(Runnable answer) {
            int dice = world.random().intBetween(0, 99);
            if (!server.isSlow() || dice < 60) {
                answer.run();
            } else if (dice < 97) {
                node.later(world.random().oneOf(1, 10, 100, 2_000), answer);
            }
        }

        @Override
        public void authenticate(@Nullable String token, Callback<Identity> done) {
            answer(() -> {
                if (token == null) {
                    done.done(Identity.ANONYMOUS);
                    return;
                }
                int slash = token.indexOf('/');
                String who = token.substring(0, slash);
                if (who.equals("bad")) {
                    done.failed(new Failure(Failure.UNAUTHORIZED, "bad"));
                } else {
                    long valid = Long.parseLong(token.substring(slash + 1));
                    done.done(new Identity(who, valid == 0 ? Long.MAX_VALUE : valid));
                }
            });
        }

        @Override
        public void authorize(SessionInfo session, Action action, String name, Callback<Boolean> done) {
            answer(() -> done.done(!name.startsWith("secret.")));
        }

        @Override
        public void onRequest(SessionInfo session, long seq, String name, Payload payload, boolean stream) {
            String id = Truth.idOf(payload);
            truth.handled(id, "request");
            world.trace(node.name(), "request " + id + " of " + session.id() + " " + seq);
            switch (name) {
                case "now" -> respond(node, session.id(), seq, id);
                case "late" ->
                    world.in(
                            world.random().oneOf(1, 50, 1_000, 20_000),
                            () -> respond(server.someNode(), session.id(), seq, id));
                case "stream" -> {
                    Stream made = new Stream(session.id(), seq, id);
                    streams.put(session.id() + " " + seq, made);
                    world.in(world.random().oneOf(0, 10), made::goOn);
                }
                default -> {}
            }
        }

        private void respond(SimulatedNode from, String session, long seq, String id) {
            from.enter(() -> from.node()
                    .assure(
                            session,
                            new SessionMessage.Respond(seq, Payload.text("re " + id)),
                            world.now(),
                            Callback.of(taken -> {}, failure -> {})));
        }

        @Override
        public void onReady(String session, long seq) {
            Stream stream = streams.get(session + " " + seq);
            if (stream != null) {
                stream.full = false;
                world.in(0, stream::goOn);
            }
        }

        @Override
        public void onCancelled(String session, long seq) {
            Stream stream = streams.remove(session + " " + seq);
            if (stream != null) {
                stream.over = true;
            }
        }

        @Override
        public void onMessage(SessionInfo session, String name, Payload payload, Callback<Boolean> done) {
            truth.handled(Truth.idOf(payload), "message");
            world.trace(node.name(), "message " + Truth.idOf(payload) + " of " + session.id());
            switch (name) {
                case "now" -> done.done(true);
                case "late" -> node.later(world.random().oneOf(1, 50, 1_000, 20_000), () -> done.done(true));
                case "nobody" -> done.done(false);
                default -> {}
            }
        }

        @Override
        public void onSession(SessionInfo session, SessionChange change) {
            world.trace(node.name(), change + " " + session.id());
            if (change == SessionChange.ENDED) {
                sessions.remove(session.id());
                truth.over(session.id());
            } else {
                if (truth.isOver(session.id())) {
                    if (change == SessionChange.SUSPENDED && server.hasGone(node.name())) {
                        return; // another node had it since, which this one does not know yet
                    }
                    throw wrong(session.id() + " is over, and " + change);
                }
                sessions.put(session.id(), session);
            }
        }

        @Override
        public void onStoredOffline(String user, Cursor cursor, Payload payload) {
            world.trace(node.name(), "stored for " + user + " " + cursor);
        }
    }
}
