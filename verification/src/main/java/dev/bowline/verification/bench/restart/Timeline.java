package dev.bowline.verification.bench.restart;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes as fast as what is to happen can be worked off. What is for one moment happens in the order in which it was asked for. */
final class Timeline {
    private record Event(long atMillis, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::order));
    private long count;
    private long nowMillis;

    long now() {
        return nowMillis;
    }

    void at(long millis, Runnable action) {
        events.add(new Event(Math.max(millis, nowMillis), count++, action));
    }

    void in(long millis, Runnable action) {
        at(nowMillis + millis, action);
    }

    /** Lets time pass. */
    void run(long millis) {
        long until = nowMillis + millis;
        while (!events.isEmpty() && events.peek().atMillis <= until) {
            Event next = events.remove();
            nowMillis = next.atMillis;
            next.action.run();
        }
        nowMillis = until;
    }
}
