package dev.bowline.session.server;

/** What happens to a session, with what there is to tell of it: enough to follow one through cuts and returns. */
public sealed interface SessionEvent {
    SessionInfo session();

    /** It is new, and has a connection. */
    record Started(SessionInfo session) implements SessionEvent {}

    /**
     * It goes on with another connection. What of its topics is still to come is told by {@link CaughtUp}.
     *
     * @param awayMillis for how long it had none, in milliseconds; 0 where the new one took over from the old one, or another process
     *     had the session
     * @param replayed how many direct messages and results went out again
     */
    record Resumed(SessionInfo session, long awayMillis, long replayed) implements SessionEvent {}

    /**
     * After {@link Resumed}: its client has been sent everything that its topics have. Not told where the connection ends before that.
     *
     * @param afterMillis how long that took, in milliseconds
     * @param replayed how many messages of topics came
     * @param gaps how many gaps were told
     * @param missed how many messages are in them
     * @param resets how many topics have lost their place
     */
    record CaughtUp(SessionInfo session, long afterMillis, long replayed, long gaps, long missed, long resets)
            implements SessionEvent {}

    /**
     * It has no connection now.
     *
     * @param code with which that was closed, by whichever side; 1006 for one that was cut
     */
    record Suspended(SessionInfo session, int code) implements SessionEvent {}

    /**
     * It is over.
     *
     * @param code of the close, if its client was connected
     * @param reason for people
     */
    record Ended(SessionInfo session, int code, String reason) implements SessionEvent {}
}
