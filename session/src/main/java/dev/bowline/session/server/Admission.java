package dev.bowline.session.server;

/**
 * How many clients may say {@code hello} in a second. When a node dies, all its clients come to the others at once; those that are more than
 * can be served get a place in a queue that stands nowhere but in the advice when to come again. Touched on the node's thread alone.
 */
final class Admission {
    /** The longest advice, as a share of the resume window: its client comes after double that, and must still find its session. */
    private static final int WINDOW_SHARE = 3;

    private static final long SECOND_NANOS = 1_000_000_000;

    private final long stepNanos;
    private final long mostMillis;
    private long freeNanos = Long.MIN_VALUE; // when the next place is free, if nobody had to be sent away

    Admission(int perSecond, long windowMillis) {
        this.stepNanos = SECOND_NANOS / perSecond;
        this.mostMillis = windowMillis / WINDOW_SHARE;
    }

    /** Takes a place, now or later: 0, or in how many milliseconds to come again. A second's worth of them may come at once. */
    long adviceMillis(long nowMillis) {
        long nowNanos = nowMillis * 1_000_000;
        freeNanos = Math.max(freeNanos, nowNanos - SECOND_NANOS) + stepNanos;
        return freeNanos <= nowNanos ? 0 : Math.min(mostMillis, Math.max(1, (freeNanos - nowNanos) / 1_000_000));
    }
}
