package dev.bowline.session.server;

/**
 * A session at a moment, for those who look after the server.
 *
 * @param connected whether its client is; else it is expected back
 * @param forMillis for how long that has been so, in milliseconds, as far as its process knows
 * @param subscriptions how many topics and patterns it is subscribed to
 * @param unacknowledged how many direct messages and results its client has not acknowledged
 * @param unacknowledgedBytes what they take of its direct log
 */
public record SessionView(
        SessionInfo session,
        boolean connected,
        long forMillis,
        int subscriptions,
        int unacknowledged,
        long unacknowledgedBytes) {}
