package dev.bowline.session.memory;

import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/** Keys that are taken, each until its time is over. Under the engine's lock. */
final class MemoryOnce {
    /** What became of who asked for a key. */
    enum Outcome {
        /** It was, and is taken now. */
        FREE,
        TAKEN,
        /** It may be free, but no more keys can be taken. */
        FULL
    }

    private record Taken(String key, long untilMillis) {}

    private final int most;
    private final Set<String> keys = new HashSet<>();
    private final Queue<Taken> byEnd = new PriorityQueue<>(Comparator.comparingLong(Taken::untilMillis));

    /**
     * @param most how many keys are taken at a time
     */
    MemoryOnce(int most) {
        this.most = most;
    }

    Outcome take(String key, long ttlMillis, long nowMillis) {
        for (Taken next = byEnd.peek(); next != null && next.untilMillis <= nowMillis; next = byEnd.peek()) {
            keys.remove(next.key);
            byEnd.remove();
        }
        if (keys.contains(key)) {
            return Outcome.TAKEN;
        }
        if (keys.size() >= most) {
            return Outcome.FULL;
        }
        keys.add(key);
        byEnd.add(new Taken(key, Math.addExact(nowMillis, ttlMillis)));
        return Outcome.FREE;
    }
}
