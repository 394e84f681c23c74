package dev.bowline.session.server;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Command;
import java.util.Map;

/** What a node counts ({@link SessionStatistics}). Touched on its thread alone. */
final class NodeCounters {
    /** For {@link #refusedHello}: the client itself has gone. */
    static final int GONE = 0;

    // What finds no room.
    static final String HELLOS = "hellos";
    static final String SESSIONS = "sessions";
    static final String PENDING = "pending";
    static final String SUBSCRIPTIONS = "subscriptions";
    static final String TOPICS = "topics";
    static final String DIRECT_LOG = "direct-log";
    static final String DIRECT_LOGS = "direct-logs";

    /** A good result. */
    static final String OK = "ok";

    private static final String DIRECT = "direct";
    private static final String TOPIC = "topic";
    private static final String OTHER = "other";

    private final Tally resumes = new Tally("resumed", "expired", "token", "user", "lost");
    private final Tally refusedHellos = new Tally(
            "no-hello", "not-authenticated", "no-room", "unavailable", "violation", "superseded", "leaving", "gone");
    private final Tally suspended = new Tally(
            "1000", "1001", "1002", "1005", "1006", "1007", "1008", "1009", "1011", "4000", "4001", "4002", "4003",
            "4008", "4010", OTHER);
    private final Tally ended = new Tally(
            "bye",
            "expired",
            "forgotten",
            "direct-log-full",
            "violation",
            "not-authenticated",
            "revoked",
            "leaving",
            "application");
    private final Tally commands = new Tally("sub", "unsub", "pub", "req", "send", "read", "auth");
    private final Tally results = new Tally(
            OK,
            Failure.BAD_REQUEST,
            Failure.UNAUTHORIZED,
            Failure.FORBIDDEN,
            Failure.NOT_FOUND,
            "conflict",
            Failure.TOO_LARGE,
            "rate-limited",
            Failure.TIMEOUT,
            Failure.UNAVAILABLE,
            Failure.UNKNOWN,
            Failure.CANCELLED,
            Failure.USER,
            Failure.INTERNAL,
            "application");
    private final Tally refused = new Tally(HELLOS, SESSIONS, PENDING, SUBSCRIPTIONS, TOPICS, DIRECT_LOG, DIRECT_LOGS);
    private final Tally replayed = new Tally(DIRECT, TOPIC);
    private final Tally gaps = new Tally("trimmed", "dropped", "conflated", OTHER);
    private final Tally missed = new Tally("trimmed", "dropped", "conflated", OTHER);
    private final DurationCounter deliveries = new DurationCounter();
    private final DurationCounter roundTrips = new DurationCounter();
    private int connected;
    private long started;
    private long moved;
    private long directMessages;
    private long topicMessages;
    private long resets;

    // ---- Sessions ----

    /** So many more sessions have a connection, or fewer. */
    void connected(int difference) {
        connected += difference;
    }

    void started() {
        started++;
    }

    /** One came from another node. */
    void moved() {
        moved++;
    }

    /**
     * @param outcome what the client was told
     */
    void resume(String outcome) {
        resumes.add(outcome);
    }

    void suspended(int code) {
        suspended.add(Integer.toString(code));
    }

    void ended(int code, String reason) {
        ended.add(
                switch (code) {
                    case CloseCodes.BYE -> "bye";
                    case CloseCodes.COME_BACK -> reason.equals(Session.EXPIRED) ? "expired" : "forgotten";
                    case CloseCodes.DIRECT_LOG_FULL -> "direct-log-full";
                    case CloseCodes.VIOLATION -> "violation";
                    case CloseCodes.NOT_AUTHENTICATED -> "not-authenticated";
                    case CloseCodes.REVOKED -> "revoked";
                    case CloseCodes.LEAVING -> "leaving";
                    default -> "application";
                });
    }

    /**
     * A connection has ended that never spoke for a session.
     *
     * @param code with which it was closed, or {@link #GONE}
     */
    void refusedHello(int code) {
        refusedHellos.add(
                switch (code) {
                    case CloseCodes.NO_HELLO -> "no-hello";
                    case CloseCodes.NOT_AUTHENTICATED -> "not-authenticated";
                    case CloseCodes.NO_ROOM -> "no-room";
                    case CloseCodes.NO_ENGINE -> "unavailable";
                    case CloseCodes.VIOLATION -> "violation";
                    case CloseCodes.TAKEN_OVER -> "superseded";
                    case CloseCodes.LEAVING -> "leaving";
                    default -> "gone";
                });
    }

    /** Something found no room: one of the names above. */
    void refused(String what) {
        refused.add(what);
    }

    void roundTrip(long nanos) {
        roundTrips.record(nanos);
    }

    // ---- Commands and messages ----

    void command(Command command) {
        commands.add(verb(command));
    }

    private static String verb(Command command) {
        if (command instanceof ClientMessage.Publish) {
            return "pub";
        }
        if (command instanceof ClientMessage.Request) {
            return "req";
        }
        if (command instanceof ClientMessage.Send) {
            return "send";
        }
        if (command instanceof ClientMessage.Subscribe) {
            return "sub";
        }
        if (command instanceof ClientMessage.Unsubscribe) {
            return "unsub";
        }
        return command instanceof ClientMessage.Read ? "read" : "auth";
    }

    /** A command has its result: {@link #OK}, or the code of a failure. */
    void result(String outcome) {
        results.add(outcome);
    }

    void direct() {
        directMessages++;
    }

    void directAgain() {
        replayed.add(DIRECT);
    }

    /**
     * Messages of a topic were handed to connections.
     *
     * @param again as a session was resumed
     */
    void topic(long messages, boolean again) {
        topicMessages += messages;
        if (again) {
            replayed.add(TOPIC, messages);
        }
    }

    /** What came to a topic has been handed to all that are up to date. */
    void delivery(long nanos) {
        deliveries.record(nanos);
    }

    void gap(String code, long messages) {
        gaps.add(code);
        missed.add(code, messages);
    }

    void reset() {
        resets++;
    }

    // ---- Reading ----

    SessionStatistics read(
            int sessions, int topics, long directBytes, Map<String, SessionStatistics.Operation> engine) {
        return new SessionStatistics(
                sessions,
                connected,
                topics,
                directBytes,
                started,
                moved,
                resumes.read(),
                refusedHellos.read(),
                suspended.read(),
                ended.read(),
                commands.read(),
                results.read(),
                refused.read(),
                directMessages,
                topicMessages,
                replayed.read(),
                gaps.read(),
                missed.read(),
                resets,
                deliveries.read(),
                roundTrips.read(),
                engine);
    }
}
