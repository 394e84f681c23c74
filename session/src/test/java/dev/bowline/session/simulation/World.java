package dev.bowline.session.simulation;

import dev.bowline.testkit.Seeded;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * Time, chance, and what is still to happen, all in one thread. What happens at one time does so in the order in which it was asked
 * for: one seed is one course of events.
 */
final class World {
    private static final int KEPT_LINES = Integer.getInteger("bowline.trace", 60);
    private static final long MOST_EVENTS = 400_000;

    private record Event(long atMillis, long order, Runnable action) {}

    private final Seeded random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::order));
    private final Deque<String> lines = new ArrayDeque<>();
    private long count;
    private long nowMillis = 1_000_000;
    private long traceHash;

    World(Seeded random) {
        this.random = random;
    }

    Seeded random() {
        return random;
    }

    long now() {
        return nowMillis;
    }

    /** Has something happen after so many milliseconds. */
    void in(long delayMillis, Runnable action) {
        at(nowMillis + delayMillis, action);
    }

    /** Has something happen at a time; one that has passed is now. */
    void at(long millis, Runnable action) {
        events.add(new Event(Math.max(millis, nowMillis), count++, action));
    }

    /** Lets time pass, and what it brings happen; calls after each step. */
    void run(long millis, Runnable afterEach) {
        long until = nowMillis + millis;
        while (!events.isEmpty() && events.peek().atMillis <= until) {
            Event next = events.remove();
            nowMillis = next.atMillis;
            if (count > MOST_EVENTS) {
                throw new AssertionError("there is no rest: " + count + " events");
            }
            next.action.run();
            afterEach.run();
        }
        nowMillis = until;
    }

    // ---- What happened ----

    void trace(String who, String what) {
        String line = nowMillis + " " + who + " " + what;
        traceHash = traceHash * 31 + line.hashCode();
        lines.addLast(line);
        if (lines.size() > KEPT_LINES) {
            lines.removeFirst();
        }
    }

    /** Two runs that took the same course have the same. */
    long traceHash() {
        return traceHash;
    }

    /** The last lines of the trace. */
    String lastLines() {
        return String.join("\n", lines);
    }
}
