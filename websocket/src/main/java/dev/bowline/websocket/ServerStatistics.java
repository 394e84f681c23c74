package dev.bowline.websocket;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server has done since it was started, and what it holds now. Immutable. Taken while the server works: each number is right at some
 * moment of the taking, not all of them at the same one.
 *
 * @param connections WebSockets that are open now
 * @param opened WebSockets that were opened in all
 * @param accepted TCP connections that were accepted in all, those that never became a WebSocket too
 * @param handshakes opening handshakes by their outcome, with all outcomes that are counted: {@code accepted}; the HTTP status of a refusal,
 *     or {@code other} for one that the application made up; {@code tls}, where there was no TLS with the client; {@code silent}, where
 *     nothing came in time; {@code gone}, where the client left before it was answered, as a balancer does that looks whether the port
 *     is open; {@code dropped}, where there was no room to tell a client that there is no room. Requests that ask for no WebSocket are
 *     not counted
 * @param closes WebSockets that have closed, by {@linkplain dev.bowline.codec.CloseEvent#code() code}, with all that are counted: 1000 to
 *     1015 and the codes of {@code bowline.v1} each by itself, others as {@code 3000-3999}, {@code 4000-4499}, {@code 4500-4999} and
 *     {@code other}
 * @param received what came on WebSockets
 * @param sent what went out on WebSockets
 * @param refusedSends messages and pings that were answered with {@link SendResult#QUEUE_FULL}; a broadcast counts once for each
 *     connection that refused it
 * @param queuedBytes what waits to be sent now, in bytes, as the operating system did not take it: looked at when a connection has been
 *     written to
 * @param roundTrips between the pings of the {@link Heartbeat} and their pongs
 * @param loops the event loops
 */
public record ServerStatistics(
        int connections,
        long opened,
        long accepted,
        Map<String, Long> handshakes,
        Map<String, Long> closes,
        Traffic received,
        Traffic sent,
        long refusedSends,
        long queuedBytes,
        Histogram roundTrips,
        List<Loop> loops) {

    public ServerStatistics {
        handshakes = Collections.unmodifiableMap(new TreeMap<>(handshakes)); // in an order that people can read
        closes = Collections.unmodifiableMap(new TreeMap<>(closes));
        loops = List.copyOf(loops);
    }

    /**
     * Messages and bytes of one direction, in all.
     *
     * @param messages texts and binaries: received ones that were given to the listener, and sent ones that were queued. Text heartbeats
     *     ({@link TextHeartbeat}) do not count
     * @param bytes of frames, as they stand on the stream: compressed where they are, with their headers, those of control frames and text
     *     heartbeats too; inside of TLS, where there is, and without the opening handshake. Sent are those that the operating system took
     */
    public record Traffic(long messages, long bytes) {
        /** Both taken together. */
        public Traffic plus(Traffic other) {
            return new Traffic(messages + other.messages, bytes + other.bytes);
        }
    }

    /**
     * An event loop.
     *
     * @param connections WebSockets that are open on it now
     * @param turns how long its turns took: a stream, a timer or a task that becomes ready in one waits to its end. The sum is the time for
     *     which the loop was busy, in all
     * @param lag how late it was when a timer was due: as other work, or another process, had the processor. Up to a millisecond is how exactly the
     *     operating system wakes it
     * @param turnNanos how long the present turn has taken; 0 while it waits for something to do
     */
    public record Loop(String name, int connections, Histogram turns, Histogram lag, long turnNanos) {}
}
