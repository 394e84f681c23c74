package dev.bowline.session.server;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Has all sessions of a node kept again, some at a time: a store that has just come back would be flooded by all of them, and would answer
 * none in time. Touched on the node's thread alone.
 */
final class KeepingAgain extends Timed {
    private static final int AT_A_TIME = 100;
    private static final long PAUSE_MILLIS = 100;

    private final Deque<Session> left = new ArrayDeque<>();
    private long atMillis;

    KeepingAgain(Iterable<Session> sessions, long nowMillis) {
        sessions.forEach(left::addLast);
        this.atMillis = nowMillis;
    }

    @Override
    long deadlineMillis() {
        return left.isEmpty() ? NEVER : atMillis;
    }

    @Override
    void onTime(long nowMillis) {
        for (int i = 0; i < AT_A_TIME && !left.isEmpty(); i++) {
            left.removeFirst().keeper.keepAll(); // without effect on one that has gone since
        }
        atMillis = nowMillis + PAUSE_MILLIS;
    }
}
