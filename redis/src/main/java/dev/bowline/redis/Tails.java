package dev.bowline.redis;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest messages of the topics that a process follows, as they were published: who is up to date needs no other word from Redis.
 * What is here is true whatever Redis has become since, for a message never changes its place in its epoch. Safe from any thread.
 */
final class Tails {
    private static final class Tail {
        private final String epoch;
        private final List<Cursor> former; // an epoch's never change
        private final Deque<Entry> entries = new ArrayDeque<>(); // without holes
        private long begin; // of the log, when it had grown last

        Tail(Published.Logged grown) {
            epoch = grown.epoch();
            former = grown.former();
        }

        long last() {
            return entries.isEmpty() ? 0 : entries.getLast().offset();
        }
    }

    private final long maxBytes;
    private final Map<String, Tail> tails =
            new LinkedHashMap<>(); // the one that did not grow for the longest time first
    private long bytes;

    Tails(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized void add(String topic, Published.Logged grown) {
        Tail tail = tails.remove(topic);
        for (Entry entry : grown.entries()) {
            if (tail != null && tail.epoch.equals(grown.epoch()) && entry.offset() <= tail.last()) {
                continue; // it came before
            }
            if (tail != null && (!tail.epoch.equals(grown.epoch()) || entry.offset() != tail.last() + 1)) {
                tail.entries.forEach(old -> bytes -= old.bytes());
                tail = null;
            }
            if (tail == null) {
                tail = new Tail(grown);
            }
            tail.entries.addLast(entry);
            tail.begin = grown.begin();
            bytes += entry.bytes();
        }
        if (tail != null) {
            tails.put(topic, tail);
        }
        makeRoom();
    }

    private void makeRoom() {
        Iterator<Tail> eldest = tails.values().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            Tail tail = eldest.next();
            while (bytes > maxBytes && !tail.entries.isEmpty()) {
                bytes -= tail.entries.removeFirst().bytes();
            }
            if (tail.entries.isEmpty()) {
                eldest.remove();
            }
        }
    }

    synchronized void forget(String topic) {
        Tail tail = tails.remove(topic);
        if (tail != null) {
            tail.entries.forEach(old -> bytes -= old.bytes());
        }
    }

    /**
     * What stands behind an offset, within a limit but for the first message; null where that is not here. The log's begin and end are here as
     * they are known: it may have more. Whatever the reader's epoch, from this it knows where it is as from the log itself.
     */
    synchronized @Nullable Slice behind(String topic, long after, long limit) {
        Tail tail = tails.get(topic);
        if (tail == null
                || limit == 0
                || after >= tail.last()
                || after < tail.entries.getFirst().offset() - 1) {
            return null;
        }
        List<Entry> found = new ArrayList<>();
        for (Iterator<Entry> latest = tail.entries.descendingIterator(); latest.hasNext(); ) { // most want but the end
            Entry entry = latest.next();
            if (entry.offset() <= after) {
                break;
            }
            found.add(entry);
        }
        Collections.reverse(found);
        int count = 1;
        long size = found.get(0).bytes();
        while (count < found.size() && size + found.get(count).bytes() <= limit) {
            size += found.get(count).bytes();
            count++;
        }
        found.subList(count, found.size()).clear();
        return new Slice(tail.epoch, Math.min(tail.begin, after + 1), tail.last(), found, tail.former);
    }
}
