package dev.bowline.session.engine;

/** What can be said to all sessions of a user. Immutable. */
public sealed interface UserMessage {
    /** The user's rights are withdrawn: their sessions end. */
    record Revoke(String reason) implements UserMessage {}

    /** A subscription ends, of each session that has it. */
    record Unsubscribe(SessionMessage.Unsubscribe message) implements UserMessage {}

    /** The mailbox was read up to here. */
    record ReadMark(long offset) implements UserMessage {}
}
