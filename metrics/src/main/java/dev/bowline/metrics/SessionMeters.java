package dev.bowline.metrics;

import dev.bowline.session.server.SessionStatistics;
import dev.bowline.session.server.SessionStatistics.Operation;
import java.util.Map;
import java.util.function.Function;

/** The meters of a hub. */
final class SessionMeters {
    /** Before the hub has answered. */
    static final SessionStatistics NONE = SessionStatistics.NONE;

    private static final String BYTES = "bytes";

    private final Meters<SessionStatistics> meters;

    private SessionMeters(Meters<SessionStatistics> meters) {
        this.meters = meters;
    }

    static void bind(Meters<SessionStatistics> meters) {
        SessionMeters sessions = new SessionMeters(meters);
        sessions.lives();
        sessions.commands();
        sessions.messages();
        NONE.engine().keySet().forEach(sessions::engine);
    }

    private void counters(
            String name, String description, String tag, Function<SessionStatistics, Map<String, Long>> of) {
        meters.counters(name, description, tag, of.apply(NONE).keySet(), of);
    }

    private void lives() {
        meters.gauge("bowline.sessions", "Sessions", null, SessionStatistics::connected, "state", "connected");
        meters.gauge(
                "bowline.sessions",
                "Sessions",
                null,
                statistics -> statistics.sessions() - statistics.connected(),
                "state",
                "away");
        meters.counter("bowline.sessions.started", "Sessions that were new", null, SessionStatistics::started);
        meters.counter(
                "bowline.sessions.moved", "Sessions that came from another node", null, SessionStatistics::moved);
        counters(
                "bowline.sessions.resumes",
                "Clients that wanted to go on with a session, by what became of that",
                "outcome",
                SessionStatistics::resumes);
        counters(
                "bowline.sessions.refused",
                "Connections that never got to speak for a session, by the reason",
                "reason",
                SessionStatistics::refusedHellos);
        counters(
                "bowline.sessions.suspended",
                "Sessions that lost their connection, by close code",
                "code",
                SessionStatistics::suspended);
        counters("bowline.sessions.ended", "Sessions that are over, by the reason", "reason", SessionStatistics::ended);
        meters.durations(
                "bowline.heartbeat",
                "Round trips of heartbeats",
                Durations.of(NONE.roundTrips()),
                statistics -> Durations.of(statistics.roundTrips()),
                "protocol",
                "session");
    }

    private void commands() {
        counters("bowline.commands", "What clients asked for, by the verb", "verb", SessionStatistics::commands);
        counters("bowline.results", "How that ended, by the code", "code", SessionStatistics::results);
        counters("bowline.refusals", "What found no room", "what", SessionStatistics::refused);
    }

    private void messages() {
        meters.gauge("bowline.topics", "Topics that are read, by each event loop", null, SessionStatistics::topics);
        meters.counter(
                "bowline.topic.messages",
                "Messages of topics, each once for each connection that was handed it",
                null,
                SessionStatistics::topicMessages);
        meters.counter(
                "bowline.direct.messages",
                "Direct messages and results that were told to sessions",
                null,
                SessionStatistics::directMessages);
        meters.gauge(
                "bowline.direct.unacknowledged",
                "What is not acknowledged of them",
                BYTES,
                SessionStatistics::directBytes);
        counters(
                "bowline.replayed",
                "Messages that were handed over again, or late, as sessions were resumed",
                "kind",
                SessionStatistics::replayed);
        counters("bowline.gaps", "Gaps that clients were told of, by the cause", "cause", SessionStatistics::gaps);
        counters("bowline.missed", "The messages in these gaps", "cause", SessionStatistics::missed);
        meters.counter(
                "bowline.resets", "Topics in which a client has lost its place", null, SessionStatistics::resets);
        meters.durations(
                "bowline.delivery",
                "From the word that a topic has grown to the last subscriber's connection",
                Durations.of(NONE.deliveries()),
                statistics -> Durations.of(statistics.deliveries()));
    }

    private void engine(String operation) {
        Operation none = new Operation(NONE.deliveries(), 0);
        Function<SessionStatistics, Operation> of =
                statistics -> statistics.engine().getOrDefault(operation, none);
        meters.durations(
                "bowline.engine",
                "Operations of the engine",
                Durations.of(none.latency()),
                statistics -> Durations.of(of.apply(statistics).latency()),
                "operation",
                operation);
        meters.counter(
                "bowline.engine.failures",
                "Operations of the engine that failed",
                null,
                statistics -> of.apply(statistics).failures(),
                "operation",
                operation);
    }
}
