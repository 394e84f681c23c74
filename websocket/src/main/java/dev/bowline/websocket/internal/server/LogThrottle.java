package dev.bowline.websocket.internal.server;

/**
 * Bounds how many lines a minute are logged of what peers can cause as often as they like: enough to find out what is
 * wrong, too few to fill a disk. Has no clock; safe from any thread.
 */
final class LogThrottle {
    /** What {@link #permit} says when nothing is to be logged. */
    static final int SILENCE = -1;

    private final int lines;
    private final long periodNanos;

    private boolean begun;
    private long periodBegan;
    private int logged; // in this period
    private int left; // out since the last line

    LogThrottle(int lines, long periodNanos) {
        this.lines = lines;
        this.periodNanos = periodNanos;
    }

    /** Asks to log a line; returns how many were left out before it, or {@link #SILENCE}. */
    synchronized int permit(long nowNanos) {
        if (!begun || nowNanos - periodBegan >= periodNanos) {
            begun = true;
            periodBegan = nowNanos;
            logged = 0;
        }
        if (logged == lines) {
            left++;
            return SILENCE;
        }
        logged++;
        int before = left;
        left = 0;
        return before;
    }
}
