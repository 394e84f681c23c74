package dev.bowline.session.server;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Has the clients of a node go to other ones, a few at a time: those whose turn has not come notice nothing. Touched on the node's thread
 * alone.
 */
final class Drain extends Timed {
    private static final long SECOND_MILLIS = 1_000;

    private final Deque<ServerConnection> left = new ArrayDeque<>();
    private final long beganMillis;
    private final int perSecond;
    private final Runnable done;
    private long dismissed;
    private boolean over;

    /**
     * @param done called once, when none of them is left
     */
    Drain(Iterable<ServerConnection> connections, int perSecond, long nowMillis, Runnable done) {
        this.perSecond = perSecond;
        this.beganMillis = nowMillis;
        this.done = done;
        connections.forEach(left::addLast);
    }

    @Override
    long deadlineMillis() {
        return over ? NEVER : beganMillis + dismissed * SECOND_MILLIS / perSecond;
    }

    @Override
    void onTime(long nowMillis) {
        while (!left.isEmpty() && beganMillis + dismissed * SECOND_MILLIS / perSecond <= nowMillis) {
            ServerConnection next = left.removeFirst();
            if (next.isOpen()) {
                dismissed++;
                next.dismiss(CloseCodes.LEAVING, "leaving", 0); // it is one of a few: it need not wait
            }
        }
        if (left.isEmpty()) {
            over = true;
            done.run();
        }
    }
}
