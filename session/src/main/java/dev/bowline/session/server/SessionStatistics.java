package dev.bowline.session.server;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * What has become of the sessions of a node, or of several nodes together, since it began; and what it has now. Immutable. Where counts stand
 * under names, all names are there that are ever counted.
 *
 * @param sessions those that it has now, be their clients connected or expected back
 * @param connected those whose clients are connected now
 * @param topics the topics that are read now, each once for each node that reads it
 * @param directBytes how many bytes of direct messages and results are not acknowledged now
 * @param started sessions that were new
 * @param moved sessions that came from another node, as their clients came here
 * @param resumes what became of clients that wanted to go on with a session: "resumed"; or a new one, as the old one was
 *     {@code expired} or {@code lost}, or {@code token} or {@code user} were not its own ({@code bowline-v1.md}, section 3.2)
 * @param refusedHellos connections that never got to speak for a session: {@code no-hello} in time, {@code not-authenticated}, {@code
 *     no-room} for it, engine or authenticator {@code unavailable}, {@code violation}, {@code superseded} by a later connection, the node
 *     was {@code leaving}, or the client had {@code gone}
 * @param suspended sessions that lost their connection, by its close code, and {@code other}
 * @param ended sessions that are over: {@code bye}, {@code expired}, {@code direct-log-full}, {@code violation}, {@code
 *     not-authenticated}, {@code revoked}, {@code forgotten} by their clients, {@code leaving} with their node, or by the {@code
 *     application}
 * @param commands what clients asked for, by the verb
 * @param results how that ended: {@code ok}, or a code of {@code bowline-v1.md}, section 10.1; {@code application} for one of its own
 * @param refused what found no room: {@code hellos} (too many at a time), {@code sessions}, {@code pending} commands of a client, {@code
 *     subscriptions} of a session, its {@code topics}, its {@code direct-log}, or the {@code direct-logs} of all
 * @param directMessages direct messages and results that were told to sessions
 * @param topicMessages messages of topics that were handed to connections, each once for each of them
 * @param replayed what of both was handed over again, or late, as a session was resumed: "direct" and "topic"
 * @param gaps gaps that clients were told of: {@code trimmed}, {@code dropped}, {@code conflated}, {@code other}
 * @param missed the messages in them
 * @param resets topics of which a client was told that it has lost its place
 * @param deliveries from when a node learns that a topic has grown to when the last of its subscribers that are up to date has been handed
 *     what came. What the way to the node took, and the way to the client, is not known to it
 * @param roundTrips between a {@code ping} and its {@code pong}
 * @param engine the operations of the engine
 */
public record SessionStatistics(
        int sessions,
        int connected,
        int topics,
        long directBytes,
        long started,
        long moved,
        Map<String, Long> resumes,
        Map<String, Long> refusedHellos,
        Map<String, Long> suspended,
        Map<String, Long> ended,
        Map<String, Long> commands,
        Map<String, Long> results,
        Map<String, Long> refused,
        long directMessages,
        long topicMessages,
        Map<String, Long> replayed,
        Map<String, Long> gaps,
        Map<String, Long> missed,
        long resets,
        Histogram deliveries,
        Histogram roundTrips,
        Map<String, Operation> engine) {

    /** Those of no node: nothing yet, under every name. */
    public static final SessionStatistics NONE = new NodeCounters().read(0, 0, 0, MeasuredMembership.nothing());

    /**
     * An operation of the engine.
     *
     * @param latency from when a node asks to when it has the answer, be it good or not
     * @param failures how often there was no good one
     */
    public record Operation(Histogram latency, long failures) {
        Operation plus(Operation other) {
            return new Operation(latency.plus(other.latency), failures + other.failures);
        }
    }

    public SessionStatistics {
        resumes = copy(resumes);
        refusedHellos = copy(refusedHellos);
        suspended = copy(suspended);
        ended = copy(ended);
        commands = copy(commands);
        results = copy(results);
        refused = copy(refused);
        replayed = copy(replayed);
        gaps = copy(gaps);
        missed = copy(missed);
        engine = copy(engine);
    }

    /** In an order that people can read. */
    private static <T> Map<String, T> copy(Map<String, T> counts) {
        return Collections.unmodifiableMap(new TreeMap<>(counts));
    }

    private static <T> Map<String, T> both(Map<String, T> one, Map<String, T> two, BinaryOperator<T> sum) {
        Map<String, T> both = new HashMap<>(one);
        two.forEach((name, count) -> both.merge(name, count, sum));
        return both;
    }

    private static Map<String, Long> both(Map<String, Long> one, Map<String, Long> two) {
        return both(one, two, Long::sum);
    }

    /** Those of two nodes taken together. */
    public SessionStatistics plus(SessionStatistics other) {
        return new SessionStatistics(
                sessions + other.sessions,
                connected + other.connected,
                topics + other.topics,
                directBytes + other.directBytes,
                started + other.started,
                moved + other.moved,
                both(resumes, other.resumes),
                both(refusedHellos, other.refusedHellos),
                both(suspended, other.suspended),
                both(ended, other.ended),
                both(commands, other.commands),
                both(results, other.results),
                both(refused, other.refused),
                directMessages + other.directMessages,
                topicMessages + other.topicMessages,
                both(replayed, other.replayed),
                both(gaps, other.gaps),
                both(missed, other.missed),
                resets + other.resets,
                deliveries.plus(other.deliveries),
                roundTrips.plus(other.roundTrips),
                both(engine, other.engine, Operation::plus));
    }
}
