package dev.bowline.session.client;

import java.util.function.LongUnaryOperator;

/** When to connect again (section 8.3). Times are in milliseconds. Not thread-safe. */
final class Backoff {
    private static final long FIRST_MILLIS = 1_000;
    private static final long MOST_MILLIS = 30_000;

    /** After a connection that was open so long, the next attempt comes at once. */
    private static final long STEADY_MILLIS = 60_000;

    private static final long NO_ADVICE = -1;

    private final LongUnaryOperator random;
    private long bound = FIRST_MILLIS;
    private long advice = NO_ADVICE;

    /**
     * @param random a number from 0 up to, and without, its argument, which is at least 1
     */
    Backoff(LongUnaryOperator random) {
        this.random = random;
    }

    /** A session is open. */
    void opened() {
        bound = FIRST_MILLIS;
    }

    /** The server has said how long to wait. */
    void advise(long millis) {
        advice = millis;
    }

    /**
     * How long to wait now that a connection has ended, or could not be made.
     *
     * @param openMillis how long a session was open on it; 0 if none was
     */
    long nextMillis(long openMillis) {
        if (advice != NO_ADVICE) {
            long millis = advice;
            advice = NO_ADVICE;
            return millis + random.applyAsLong(millis + 1);
        }
        if (openMillis >= STEADY_MILLIS) {
            return 0;
        }
        long wait = random.applyAsLong(bound);
        bound = Math.min(MOST_MILLIS, bound * 2);
        return wait;
    }
}
