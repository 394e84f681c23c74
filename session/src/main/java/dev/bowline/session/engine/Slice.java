package dev.bowline.session.engine;

import java.util.List;

/**
 * A part of a log.
 *
 * @param epoch the log's incarnation
 * @param begin the lowest offset that is kept; {@code end + 1} if none is
 * @param end the highest offset that was given; 0 for none
 * @param entries in order, without holes, from the first that was asked for and is kept
 */
public record Slice(String epoch, long begin, long end, List<Entry> entries) {
    public Slice {
        entries = List.copyOf(entries);
    }
}
