package dev.bowline.redis;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.UserMessage;

/** What one process says to another. Each comes once, or not at all. */
sealed interface NodeMessage {
    /** Asks for a session, which the other process has. */
    record Ask(long call, Claimant claimant) implements NodeMessage {}

    /** Says something to a session, which the other process has. */
    record Say(long call, String session, SessionMessage message) implements NodeMessage {}

    /** The answer to a call. */
    record Reply(long call, Answer answer) implements NodeMessage {}

    /** Says something to all sessions of a user that the other process has. */
    record Tell(String user, long number, UserMessage message) implements NodeMessage {}

    /** A session, up to this generation, is not the other process's any more. */
    record Taken(String session, long generation) implements NodeMessage {}

    /** A receipt of the other process's is settled. */
    record Receipted(long number, boolean received) implements NodeMessage {}

    /** For a handler in the other process. */
    record Signal(HandlerSignal signal) implements NodeMessage {}

    /** A user has received more of the mailbox. */
    record Received(String user) implements NodeMessage {}

    /** For nobody: what was on the way before it has arrived. */
    record Marker(long number) implements NodeMessage {}

    /** What becomes of a call. */
    sealed interface Answer {
        /** The session is nobody's now; this is its generation. */
        record Given(long generation) implements Answer {}

        /** The session stays where it is. */
        record Kept(Claim claim) implements Answer {}

        /** The session is over. */
        record Over() implements Answer {}

        /** The session is not there. */
        record NotHere() implements Answer {}

        /** The session was told, and took it or not. */
        record Told(boolean taken) implements Answer {}

        /** It is not known what becomes of it, or nothing does. */
        record Failed(Failure failure) implements Answer {}
    }
}
