package dev.bowline.verification.soak;

import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What was counted, and what was not as it must be. Safe from any thread. */
final class Ledger {
    /** What is counted. */
    enum Count {
        OPENED,
        CLOSED,
        CLEAN,
        ATTEMPTS_FAILED,
        SENT,
        ECHOED,
        BROADCASTS_SEEN,
        USER_SENDS_SEEN,
        PONGS,
        RAW_SESSIONS,
        RETURNS,
        FAULTS,
        RESTARTS,
        /** On the server. */
        GUESTS_OPENED,
        /** On the server. */
        GUESTS_CLOSED
    }

    /** Beyond it complaints are counted only. */
    private static final int KEPT = 200;

    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicInteger complained = new AtomicInteger();
    private final Consumer<String> out;

    Ledger(Consumer<String> out) {
        this.out = out;
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
    }

    void count(Count what) {
        adder(what).increment();
    }

    long get(Count what) {
        return adder(what).sum();
    }

    private LongAdder adder(Count what) {
        LongAdder adder = counts.get(what);
        if (adder == null) {
            throw new IllegalStateException("not a count: " + what);
        }
        return adder;
    }

    /** Something is not as it must be; said at once. */
    void complain(String what) {
        if (complained.incrementAndGet() <= KEPT) {
            complaints.add(what);
            out.accept("WRONG: " + what);
        }
    }

    void say(String line) {
        out.accept(line);
    }

    int complaints() {
        return complained.get();
    }

    Iterable<String> kept() {
        return complaints;
    }
}
