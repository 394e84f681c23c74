package dev.bowline.verification.nodes;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often what happened. Safe from any thread. */
final class Counts {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void add(String what, long times) {
        counts.computeIfAbsent(what, some -> new LongAdder()).add(times);
    }

    long of(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    /** By how much those have grown that say what went wrong, for people; empty for none. */
    String grown(Map<String, Long> since) {
        StringBuilder text = new StringBuilder();
        all().forEach((what, count) -> {
            long more = count - since.getOrDefault(what, 0L);
            if (more > 0
                    && (what.startsWith("new: ")
                            || what.startsWith("resets: ")
                            || what.startsWith("told: re")
                            || what.equals("told: unknown"))) {
                text.append(text.isEmpty() ? "" : ", ").append(more).append(' ').append(what.replace("told: ", ""));
            }
        });
        return text.toString();
    }

    /** All of them, by name. */
    Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((what, count) -> all.put(what, count.sum()));
        return all;
    }
}
