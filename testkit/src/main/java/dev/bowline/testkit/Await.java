package dev.bowline.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a condition, and for no longer than it takes: tests have no bare sleeps.
 *
 * <p>The condition is tried at once, then at steps that grow from a fraction of a millisecond to twenty. It is tried once more
 * after the deadline, so that a machine that stood still does not fail the test.
 */
public final class Await {
    /** How long to wait if nothing else is said. */
    public static final Duration DEFAULT = Duration.ofSeconds(10);

    private static final long FIRST_STEP_NANOS = 200_000;
    private static final long LAST_STEP_NANOS = 20_000_000;

    private Await() {}

    /** Waits up to ten seconds until the condition holds. */
    public static void until(String description, BooleanSupplier condition) {
        until(description, DEFAULT, condition);
    }

    /**
     * Waits until the condition holds.
     *
     * @throws AssertionError with the description if it does not in time
     */
    public static void until(String description, Duration atMost, BooleanSupplier condition) {
        if (!poll(atMost, condition)) {
            throw new AssertionError("not within " + text(atMost) + ": " + description);
        }
    }

    /** Waits up to ten seconds until the supplier gives the expected value. */
    public static <T extends @Nullable Object> void untilEquals(
            String description, Supplier<? extends T> actual, T expected) {
        untilEquals(description, DEFAULT, actual, expected);
    }

    /**
     * Waits until the supplier gives the expected value.
     *
     * @throws AssertionError with the description and the last value if it does not in time
     */
    public static <T extends @Nullable Object> void untilEquals(
            String description, Duration atMost, Supplier<? extends T> actual, T expected) {
        Last last = new Last();
        boolean met = poll(atMost, () -> {
            last.value = actual.get();
            return Objects.equals(last.value, expected);
        });
        if (!met) {
            throw new AssertionError("not within " + text(atMost) + ": " + description + ": expected " + expected
                    + ", last was " + last.value);
        }
    }

    private static boolean poll(Duration atMost, BooleanSupplier condition) {
        long start = System.nanoTime();
        long atMostNanos = atMost.toNanos();
        long step = FIRST_STEP_NANOS;
        while (!condition.getAsBoolean()) {
            long left = atMostNanos - (System.nanoTime() - start);
            if (left <= 0) {
                return condition.getAsBoolean();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting");
            }
            LockSupport.parkNanos(Math.min(step, left));
            step = Math.min(step * 2, LAST_STEP_NANOS);
        }
        return true;
    }

    /** A duration for people: {@code 1.5s}, {@code 250ms}. */
    static String text(Duration duration) {
        return duration.toMillis() < 1_000
                ? duration.toMillis() + "ms"
                : duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }

    /** The value seen last; touched by the waiting thread only. */
    private static final class Last {
        private @Nullable Object value;
    }
}
