package dev.bowline.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Which messages have come of late, so that none counts twice. Safe from any thread. */
final class Seen {
    /** How many are known at most. */
    private static final int MAX_KNOWN = 200_000;

    private record Name(String from, long number) {}

    private record Known(Name name, long nanos) {}

    private final long keepNanos;
    private final Deque<Known> inOrder = new ArrayDeque<>(); // under the lock
    private final Set<Name> names = new HashSet<>(); // under the lock

    /**
     * @param keepMillis how long after the first time the same one may come again
     */
    Seen(long keepMillis) {
        this.keepNanos = TimeUnit.MILLISECONDS.toNanos(keepMillis);
    }

    synchronized boolean isNew(String from, long number) {
        long now = System.nanoTime();
        while (!inOrder.isEmpty() && (now - inOrder.getFirst().nanos > keepNanos || inOrder.size() >= MAX_KNOWN)) {
            names.remove(inOrder.removeFirst().name);
        }
        Name name = new Name(from, number);
        boolean isNew = names.add(name);
        if (isNew) {
            inOrder.addLast(new Known(name, now));
        }
        return isNew;
    }
}
