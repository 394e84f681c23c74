package dev.bowline.session.server;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Who is to be woken when. A deadline that moves to a later time, as those of connections do with every message, costs nothing: it is
 * noticed when the earlier time has come. Touched on the node's thread alone.
 */
final class Timers {
    private record Wake(long atMillis, long order, Timed whom) {}

    // What is woken at one time is so in the order in which it asked: runs of a simulation must be alike.
    private final PriorityQueue<Wake> queue =
            new PriorityQueue<>(Comparator.comparingLong(Wake::atMillis).thenComparingLong(Wake::order));
    private long count;

    /** To be called when a deadline may have come closer. */
    void update(Timed timed) {
        long deadline = timed.deadlineMillis();
        if (deadline < timed.scheduledMillis) {
            timed.scheduledMillis = deadline;
            queue.add(new Wake(deadline, count++, timed));
        }
    }

    /** When to call {@link #advance}, at the latest. */
    long nextMillis() {
        Wake first = queue.peek();
        return first == null ? Timed.NEVER : first.atMillis;
    }

    /** Wakes those whose time has come. */
    void advance(long nowMillis) {
        while (!queue.isEmpty() && queue.peek().atMillis <= nowMillis) {
            Wake wake = queue.remove();
            Timed timed = wake.whom;
            if (timed.scheduledMillis != wake.atMillis) {
                continue; // it asked for an earlier time since, and was woken
            }
            timed.scheduledMillis = Timed.NEVER;
            if (timed.deadlineMillis() <= nowMillis) {
                timed.onTime(nowMillis);
            }
            update(timed);
        }
    }
}
