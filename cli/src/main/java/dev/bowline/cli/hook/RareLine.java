package dev.bowline.cli.hook;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A warning that there may be too often: it is given once a minute at most, with how often it was not. Safe from any thread. */
final class RareLine {
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final LongSupplier nanoTime;

    // Under the lock.
    private long saidNanos;
    private long unsaid;

    RareLine(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.saidNanos = nanoTime.getAsLong() - PAUSE_NANOS;
    }

    /** Says it, perhaps; tells whether it did. */
    boolean say(String what) {
        long before;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (now - saidNanos < PAUSE_NANOS) {
                unsaid++;
                return false;
            }
            saidNanos = now;
            before = unsaid;
            unsaid = 0;
        }
        log.log(Level.WARNING, () -> what + (before == 0 ? "" : " (and " + before + " more since the last such line)"));
        return true;
    }
}
