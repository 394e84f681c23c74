package dev.bowline.session.server;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts under names, of which there are never more than at the beginning. Touched on the node's thread alone. */
final class Tally {
    private final List<String> names;
    private final long[] counts;

    /**
     * @param names what is none of them counts as the last
     */
    Tally(String... names) {
        this.names = List.of(names);
        this.counts = new long[names.length];
    }

    void add(String name) {
        add(name, 1);
    }

    void add(String name, long amount) {
        int index = names.indexOf(name);
        counts[index >= 0 ? index : counts.length - 1] += amount;
    }

    /** All of them, those that were never counted too. */
    Map<String, Long> read() {
        Map<String, Long> read = new TreeMap<>();
        for (int i = 0; i < counts.length; i++) {
            read.put(names.get(i), counts[i]);
        }
        return read;
    }
}
