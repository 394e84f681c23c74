package dev.bowline.session.simulation;

import dev.bowline.session.engine.SessionStore.Kept;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the world around the code under test: by default nothing. A mutant overrides one of these, and the checker must
 * notice.
 */
class Defect {
    static final Defect NONE = new Defect();

    /** What comes of a message from the server. */
    List<Payload> down(Payload message) {
        return List.of(message);
    }

    /** What comes of a message from a client. */
    List<Payload> up(Payload message) {
        return List.of(message);
    }

    /** What comes of a part of a log that was read. */
    Slice read(Slice slice, long after) {
        return slice;
    }

    /** How often a message is appended. */
    int appends() {
        return 1;
    }

    /** Whether a node is not told that a topic has grown. */
    boolean losesGrowth() {
        return false;
    }

    /** Whether a session goes to the next node though the one that has it keeps it. */
    boolean leavesOwner() {
        return false;
    }

    /** Whether a node is not told that a user's rights are withdrawn. */
    boolean losesRevocations() {
        return false;
    }

    /** What the engine is told that a user has received of the mailbox. */
    Cursor received(Cursor cursor) {
        return cursor;
    }

    /** Whether a message to a session is said twice. */
    boolean repeatsToSession() {
        return false;
    }

    /** What is kept of what has become of a session. */
    Map<String, byte @Nullable []> kept(Map<String, byte @Nullable []> changes) {
        return changes;
    }

    /** Whether {@link #kept} is what is wrong. */
    boolean changesKept() {
        return false;
    }

    /** Whether a node is told that something is kept before it is. */
    boolean promises(Map<String, byte @Nullable []> changes) {
        return false;
    }

    /** What a node is told of what was to be kept. */
    Kept answer(Kept kept) {
        return kept;
    }

    /** Whether a node that goes on with a session is told only of what comes to its patterns from then on. */
    boolean forgetsPatterns() {
        return false;
    }

    /** Whether a node is not told what it asked of the sessions' store. */
    boolean losesResult() {
        return false;
    }
}
