package dev.bowline.cli.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.cli.Version;
import dev.bowline.session.server.SessionStatistics;
import dev.bowline.websocket.ServerStatistics;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The numbers of this node as JSON, with its name: {@code Node} of the OpenAPI document. Counts are since it began. */
final class NodeNumbers {
    private final String id =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final String host = host();
    private final String version = Version.number();
    private final long startedNanos = System.nanoTime();

    /** As other machines are to know this one; containers have it in their environment. */
    private static String host() {
        String given = System.getenv("HOSTNAME");
        if (given != null && !given.isBlank()) {
            return given;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) { // a machine without a name of its own
            return "localhost";
        }
    }

    /** Tells one start of a node from all others. */
    String id() {
        return id;
    }

    /** @param port of the server, which tells nodes of one machine apart */
    ObjectNode toJson(int port, ServerStatistics server, SessionStatistics sessions) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id);
        json.put("name", host + ":" + port);
        json.put("version", version);
        json.put("java", System.getProperty("java.version"));
        json.put("uptimeMillis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
        connections(json.putObject("connections"), server);
        sessions(json.putObject("sessions"), sessions);
        messages(json.putObject("messages"), sessions);
        ObjectNode delivery = json.putObject("delivery");
        delivery.put("count", sessions.deliveries().count());
        delivery.put("maxNanos", sessions.deliveries().maxNanos());
        ArrayNode buckets = delivery.putArray("buckets");
        sessions.deliveries().buckets().forEach(bucket -> buckets.addObject()
                .put("upToNanos", bucket.upToNanos())
                .put("count", bucket.count()));
        ArrayNode loops = json.putArray("loops");
        server.loops().forEach(loop -> loops.addObject()
                .put("name", loop.name())
                .put("connections", loop.connections())
                .put("busyNanos", loop.turns().sumNanos())
                .put("turnNanos", loop.turnNanos())
                .put("maxLagNanos", loop.lag().maxNanos()));
        Runtime runtime = Runtime.getRuntime();
        ObjectNode memory = json.putObject("memory");
        memory.put("usedBytes", runtime.totalMemory() - runtime.freeMemory());
        memory.put("maxBytes", runtime.maxMemory());
        return json;
    }

    private static void connections(ObjectNode json, ServerStatistics server) {
        json.put("open", server.connections());
        json.put("opened", server.opened());
        counts(json.putObject("closed"), server.closes());
        counts(json.putObject("handshakes"), server.handshakes());
        traffic(json.putObject("received"), server.received());
        traffic(json.putObject("sent"), server.sent());
        json.put("queuedBytes", server.queuedBytes());
        json.put("refusedSends", server.refusedSends());
    }

    private static void traffic(ObjectNode json, ServerStatistics.Traffic traffic) {
        json.put("messages", traffic.messages());
        json.put("bytes", traffic.bytes());
    }

    private static void sessions(ObjectNode json, SessionStatistics sessions) {
        json.put("connected", sessions.connected());
        json.put("away", sessions.sessions() - sessions.connected());
        json.put("started", sessions.started());
        json.put("moved", sessions.moved());
        counts(json.putObject("resumes"), sessions.resumes());
        counts(json.putObject("suspended"), sessions.suspended());
        counts(json.putObject("ended"), sessions.ended());
    }

    private static void messages(ObjectNode json, SessionStatistics sessions) {
        json.put("topic", sessions.topicMessages());
        json.put("direct", sessions.directMessages());
        counts(json.putObject("replayed"), sessions.replayed());
        counts(json.putObject("missed"), sessions.missed());
        json.put("resets", sessions.resets());
        json.put("unacknowledgedBytes", sessions.directBytes());
    }

    /** Those that were counted at all: there are many names, and nodes tell each other this every few seconds. */
    private static void counts(ObjectNode json, Map<String, Long> counts) {
        counts.forEach((name, count) -> {
            if (count > 0) {
                json.put(name, count);
            }
        });
    }
}
