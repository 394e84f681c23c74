package dev.bowline.codec;

/**
 * Bounds the time that a message, or a frame, may be under way. A peer that sends a byte now and then shows life to every
 * heartbeat, and could hold the memory of a half message for ever.
 *
 * <p>One fixed time would either cut large messages on slow lines or be of no use against small ones. So what is under
 * way gets the timeout, and more for each byte that came: no honest line is as slow. Has no clock; touched by the
 * connection's event loop alone.
 */
final class MessageClock {
    /** The time that a byte is worth: 1,000 bytes a second. */
    private static final long NANOS_PER_BYTE = 1_000_000;

    private final long timeoutNanos; // 0 for no limit

    private boolean running;
    private long beganNanos;
    private long bytes;

    MessageClock(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    /** Bytes came of something that is not complete yet. */
    void underWay(int count, long nowNanos) {
        if (timeoutNanos == 0) {
            return;
        }
        if (!running) {
            running = true;
            bytes = 0;
            beganNanos = nowNanos;
        }
        bytes += count;
    }

    /** What was under way is complete, or will never be. */
    void stop() {
        running = false;
    }

    /** The peer could not be heard until now: the time begins again. */
    void restart(long nowNanos) {
        beganNanos = nowNanos;
    }

    boolean isRunning() {
        return running;
    }

    /** When the time is over, on the scale of {@link System#nanoTime}; only while {@link #isRunning}. */
    long deadlineNanos() {
        return beganNanos + allowedNanos();
    }

    /** Whether the time is over. */
    boolean isOver(long nowNanos) {
        return running && nowNanos - beganNanos >= allowedNanos();
    }

    ProtocolError error(long nowNanos) {
        return Violation.MESSAGE_TIMEOUT.error(bytes + " bytes in " + (nowNanos - beganNanos) / 1_000_000 + " ms");
    }

    private long allowedNanos() {
        long more = Math.min(bytes, Long.MAX_VALUE / NANOS_PER_BYTE) * NANOS_PER_BYTE;
        return timeoutNanos > Long.MAX_VALUE - more ? Long.MAX_VALUE : timeoutNanos + more;
    }
}
