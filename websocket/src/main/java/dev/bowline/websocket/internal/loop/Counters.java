package dev.bowline.websocket.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Numbers that one thread counts and any thread may read, at no more than the cost of a plain addition: a reader sees a number that was true shortly
 * before.
 */
public final class Counters {
    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

    /** Two cache lines, as processors fetch them in pairs: what other threads count must not stand in ours. */
    private static final int PADDING = 128 / Long.BYTES;

    private final long[] values;

    /** So many numbers, all zero. */
    public Counters(int size) {
        values = new long[PADDING + size + PADDING];
    }

    /** Counts; on the one thread. */
    public void add(int index, long amount) {
        set(index, values[PADDING + index] + amount);
    }

    /** Replaces a number; on the one thread. */
    void set(int index, long value) {
        VALUE.setOpaque(values, PADDING + index, value);
    }

    /** Counts one, of a number that any thread counts, always by this method. */
    void addByAny(int index) {
        VALUE.getAndAdd(values, PADDING + index, 1L);
    }

    /** A number, for any thread. */
    public long get(int index) {
        return (long) VALUE.getOpaque(values, PADDING + index);
    }
}
