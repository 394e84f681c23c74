package dev.bowline.session.server;

import dev.bowline.session.engine.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Leaves out of a topic's messages what newer ones make superfluous. */
final class Conflation {
    private Conflation() {}

    /** The latest message of each key, and those without a key, in order; up to an offset. */
    static List<Entry> latest(List<Entry> entries, long to) {
        Map<String, Long> last = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.key() != null && entry.offset() <= to) {
                last.put(entry.key(), entry.offset());
            }
        }
        List<Entry> left = new ArrayList<>();
        for (Entry entry : entries) {
            boolean latest = entry.key() == null || last.getOrDefault(entry.key(), 0L) == entry.offset();
            if (latest && entry.offset() <= to) {
                left.add(entry);
            }
        }
        return left;
    }
}
