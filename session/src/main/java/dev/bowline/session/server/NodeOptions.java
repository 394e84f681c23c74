package dev.bowline.session.server;

import dev.bowline.session.wire.ServerMessage;

/**
 * What a node allows, and how long it waits. Times are in milliseconds. Immutable.
 *
 * @param terms what clients are told
 * @param maxHelloBytes the largest {@code hello}
 * @param helloMillis how long a connection may take for its {@code hello}
 * @param maxDirectBytes how much of its direct log a session may leave unacknowledged
 * @param maxNodeDirectBytes how much of their direct logs all sessions of the node may leave unacknowledged together; when it is more, those
 *     end whose clients are away, the longest away first
 * @param maxSubscriptions how many topics and patterns a session may be subscribed to
 * @param maxTopics how many topics a session may have in all, counting those that its patterns have brought messages of; when there would
 *     be more, the pattern ends that brought the most, with {@code too-large}
 * @param maxSessions how many sessions there may be on the node
 * @param returnsPerSecond how many of the clients that the node dismisses are to come back in a second
 * @param hellosPerSecond how many clients may come to the node in a second; more are told when to come again
 * @param handlerMillis how long the application may take for a request, and for a decision
 * @param slowMillis how long a subscriber may be too slow before its connection is closed
 * @param expiryNoticeMillis how long before the end of an authentication the client is told
 */
public record NodeOptions(
        ServerMessage.Terms terms,
        long maxHelloBytes,
        long helloMillis,
        long maxDirectBytes,
        long maxNodeDirectBytes,
        int maxSubscriptions,
        int maxTopics,
        int maxSessions,
        int returnsPerSecond,
        int hellosPerSecond,
        long handlerMillis,
        long slowMillis,
        long expiryNoticeMillis) {
    /** The defaults of {@code bowline-v1.md}, and those that it leaves to a server. */
    public static final NodeOptions DEFAULT = new NodeOptions(
            new ServerMessage.Terms(120_000, 20_000, 10_000, 1_048_576, 256, 1_048_576),
            65_536,
            10_000,
            1_048_576,
            268_435_456,
            1_000,
            10_000,
            1_000_000,
            1_000,
            5_000,
            30_000,
            30_000,
            60_000);

    public NodeOptions {
        require("maxHelloBytes", maxHelloBytes);
        require("helloMillis", helloMillis);
        require("maxDirectBytes", maxDirectBytes);
        require("maxNodeDirectBytes", maxNodeDirectBytes);
        require("maxSubscriptions", maxSubscriptions);
        require("maxTopics", maxTopics);
        require("maxSessions", maxSessions);
        require("returnsPerSecond", returnsPerSecond);
        require("hellosPerSecond", hellosPerSecond);
        require("handlerMillis", handlerMillis);
        require("slowMillis", slowMillis);
        require("expiryNoticeMillis", expiryNoticeMillis);
    }

    private static void require(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + ", must be at least 1");
        }
    }
}
