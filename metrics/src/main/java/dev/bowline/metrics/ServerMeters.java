package dev.bowline.metrics;

import dev.bowline.websocket.ServerStatistics;
import java.util.function.Function;

/** The meters of a server. */
final class ServerMeters {
    private static final String BYTES = "bytes";

    private ServerMeters() {}

    /**
     * @param first whose names and loops are those of all
     */
    static void bind(Meters<ServerStatistics> meters, ServerStatistics first) {
        meters.gauge("bowline.connections", "WebSockets that are open", null, ServerStatistics::connections);
        meters.counter("bowline.connections.opened", "WebSockets that were opened", null, ServerStatistics::opened);
        meters.counter(
                "bowline.connections.accepted", "TCP connections that were accepted", null, ServerStatistics::accepted);
        meters.counters(
                "bowline.connections.closed",
                "WebSockets that have closed, by close code",
                "code",
                first.closes().keySet(),
                ServerStatistics::closes);
        meters.counters(
                "bowline.handshakes",
                "Opening handshakes, by outcome",
                "outcome",
                first.handshakes().keySet(),
                ServerStatistics::handshakes);
        traffic(meters, "received", ServerStatistics::received);
        traffic(meters, "sent", ServerStatistics::sent);
        meters.counter(
                "bowline.sends.refused",
                "Messages that found no room in a connection's queue",
                null,
                ServerStatistics::refusedSends);
        meters.gauge("bowline.queued", "What waits to be sent", BYTES, ServerStatistics::queuedBytes);
        meters.durations(
                "bowline.heartbeat",
                "Round trips of heartbeats",
                Durations.of(first.roundTrips()),
                statistics -> Durations.of(statistics.roundTrips()),
                "protocol",
                "websocket");
        for (int i = 0; i < first.loops().size(); i++) {
            loop(meters, first, i);
        }
    }

    private static void traffic(
            Meters<ServerStatistics> meters,
            String direction,
            Function<ServerStatistics, ServerStatistics.Traffic> of) {
        meters.counter(
                "bowline.messages",
                "Messages on WebSockets",
                null,
                statistics -> of.apply(statistics).messages(),
                "direction",
                direction);
        meters.counter(
                "bowline.traffic",
                "Frames on WebSockets",
                BYTES,
                statistics -> of.apply(statistics).bytes(),
                "direction",
                direction);
    }

    private static void loop(Meters<ServerStatistics> meters, ServerStatistics first, int index) {
        Function<ServerStatistics, ServerStatistics.Loop> loop =
                statistics -> statistics.loops().get(index);
        String[] tag = {"loop", Integer.toString(index)};
        meters.gauge(
                "bowline.loop.connections",
                "WebSockets that are open on an event loop",
                null,
                statistics -> loop.apply(statistics).connections(),
                tag);
        meters.durations(
                "bowline.loop.turn",
                "Turns of an event loop: the time for which it was busy",
                Durations.of(loop.apply(first).turns()),
                statistics -> Durations.of(loop.apply(statistics).turns()),
                tag);
        meters.nanosGauge(
                "bowline.loop.turn.current",
                "How long an event loop's present turn has taken",
                statistics -> loop.apply(statistics).turnNanos(),
                tag);
        meters.durations(
                "bowline.loop.lag",
                "How late an event loop was for its timers",
                Durations.of(loop.apply(first).lag()),
                statistics -> Durations.of(loop.apply(statistics).lag()),
                tag);
        meters.nanosGauge(
                "bowline.loop.lag.longest",
                "The latest that an event loop ever was for a timer",
                statistics -> loop.apply(statistics).lag().maxNanos(),
                tag);
    }
}
