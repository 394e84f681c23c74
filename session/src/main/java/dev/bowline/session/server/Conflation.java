package dev.bowline.session.server;

import dev.bowline.session.engine.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Leaves out of a topic's messages what newer ones make superfluous. */
final class Conflation {
    private final List<Entry> entries;
    private final long to;
    private final Map<String, Long> last = new HashMap<>(); // of each key

    /**
     * @param entries in order, without holes
     * @param to the offset up to which they count
     */
    Conflation(List<Entry> entries, long to) {
        this.entries = entries;
        this.to = to;
        for (Entry entry : entries) {
            if (entry.key() != null && entry.offset() <= to) {
                last.put(entry.key(), entry.offset());
            }
        }
    }

    /** The latest message of each key, and those without a key, in order. */
    List<Entry> latest() {
        List<Entry> left = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.offset() <= to && lastLike(entry) == entry.offset()) {
                left.add(entry);
            }
        }
        return left;
    }

    /** Up to where that stands which makes superfluous what was left out between two offsets, both included. */
    long supersededUpTo(long first, long end) {
        long upTo = 0;
        long begin = entries.get(0).offset();
        for (long offset = Math.max(first, begin); offset <= end; offset++) {
            upTo = Math.max(upTo, lastLike(entries.get((int) (offset - begin))));
        }
        return upTo;
    }

    private long lastLike(Entry entry) {
        return entry.key() == null ? entry.offset() : last.getOrDefault(entry.key(), entry.offset());
    }
}
