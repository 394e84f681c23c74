package dev.bowline.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock in nanoseconds that moves only when told to.
 *
 * <p>It may be handed over wherever code asks for {@code System::nanoTime}, as {@code clock::nanoTime} or as itself. By
 * default it starts one minute before {@code long} overflows, which {@link System#nanoTime()} is free to do as well: code that
 * compares two readings with {@code <} instead of by their difference shows itself in tests.
 *
 * <p>Safe for use by several threads.
 */
public final class ManualClock implements LongSupplier {
    private final AtomicLong nanos;

    /** A clock that reads one minute before the overflow of {@code long}. */
    public ManualClock() {
        this(Long.MAX_VALUE - Duration.ofMinutes(1).toNanos());
    }

    /** A clock that reads {@code startNanos}. */
    public ManualClock(long startNanos) {
        nanos = new AtomicLong(startNanos);
    }

    /** The present reading, in nanoseconds; meaningful only as a difference to another reading of this clock. */
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long getAsLong() {
        return nanoTime();
    }

    /**
     * Moves the clock forward.
     *
     * @return the new reading
     * @throws IllegalArgumentException if {@code step} is negative
     */
    public long advance(Duration step) {
        return advanceNanos(step.toNanos());
    }

    /**
     * Moves the clock forward.
     *
     * @return the new reading
     * @throws IllegalArgumentException if {@code stepNanos} is negative
     */
    public long advanceNanos(long stepNanos) {
        if (stepNanos < 0) {
            throw new IllegalArgumentException("a clock does not go back: " + stepNanos + " ns");
        }
        return nanos.addAndGet(stepNanos);
    }

    @Override
    public String toString() {
        return "ManualClock[" + nanos + " ns]";
    }
}
