package dev.bowline.session.engine;

import dev.bowline.session.wire.Cursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a log.
 *
 * @param epoch the log's incarnation
 * @param begin the lowest offset that is kept; {@code end + 1} if none is
 * @param end the highest offset that was given; 0 for none
 * @param entries in order, without holes, from the first that was asked for and is kept
 * @param former the epochs that the log had before, the latest first, and how far each reaches into the one that came next: up to
 *     there the two are one log. An epoch that is not named has nothing in common with this one
 */
public record Slice(String epoch, long begin, long end, List<Entry> entries, List<Cursor> former) {
    public Slice {
        entries = List.copyOf(entries);
        former = List.copyOf(former);
    }

    /** A part of a log that has had one epoch. */
    public Slice(String epoch, long begin, long end, List<Entry> entries) {
        this(epoch, begin, end, entries, List.of());
    }

    /**
     * Where a subscriber is in this log that has received it, or one that it was before, up to a cursor: at the same offset, in the
     * present epoch. Null where what the subscriber has, or a part of it, is not known to stand in this log: then it has lost its place.
     *
     * <p>What an epoch has of one before it is what all between them had too, so an older epoch's cursor must be within the reach of each
     * that is younger.
     */
    public @Nullable Cursor carriedOver(Cursor cursor) {
        long offset = cursor.offset();
        if (offset > end) {
            return null;
        }
        if (cursor.epoch().equals(epoch)) {
            return cursor;
        }
        for (Cursor reach : former) {
            if (offset > reach.offset()) {
                return null;
            }
            if (cursor.epoch().equals(reach.epoch())) {
                return new Cursor(epoch, offset);
            }
        }
        return null;
    }
}
