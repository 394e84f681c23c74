package dev.bowline.session.server;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What the direct logs of all sessions of a node have together. When they are full, sessions end whose client is away: the one that is away
 * for the longest time first. Touched on the node's thread alone.
 */
final class DirectBudget {
    private final long maxBytes;
    private final Set<Session> away = new LinkedHashSet<>();
    private long bytes;

    DirectBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    long bytes() {
        return bytes;
    }

    /** A log has so much more, or less. */
    void add(long difference) {
        bytes += difference;
    }

    /** A session has no connection any more. */
    void away(Session session) {
        away.add(session);
    }

    /** A session has one again, or is not the node's any more. */
    void notAway(Session session) {
        away.remove(session);
    }

    /** Makes room for what a session was told; false if there is no other one that could end for it, and others have a part in it. */
    boolean makeRoomFor(Session session) {
        while (bytes > maxBytes) {
            Session longest = null;
            for (Session one : away) {
                if (one != session && one.directBytes() > 0) {
                    longest = one;
                    break;
                }
            }
            if (longest == null) {
                return bytes == session.directBytes(); // what is all its own is bounded by its own log
            }
            longest.end(CloseCodes.DIRECT_LOG_FULL, "the direct logs of all sessions are full");
        }
        return true;
    }
}
