package dev.bowline.session.server;

import dev.bowline.session.wire.ServerMessage.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/** Which of a session's commands have come, and which of them have no result (section 4). Touched as the session is. */
final class CommandNumbers {
    private final Terms terms;
    private long handled; // taken over up to here
    private final Map<Long, Integer> outstanding = new HashMap<>(4); // without a result: their bytes
    private long bytes; // of those
    private long repeatedUpTo; // the client may have sent commands up to here to another node
    private final Set<Long> beyond = new HashSet<>(0); // behind the highest number: what another node has handled

    CommandNumbers(Terms terms) {
        this.terms = terms;
    }

    /** Commands up to here were taken over. */
    long handled() {
        return handled;
    }

    /** A command has come; false if it has before. */
    boolean receive(long seq, int size) {
        if (seq <= handled) {
            return false;
        }
        handled = seq;
        while (beyond.remove(handled + 1)) {
            handled++;
        }
        add(seq, size);
        return true;
    }

    /** One has no result. */
    void add(long seq, int size) {
        outstanding.put(seq, size);
        bytes += size;
    }

    /** One has its result; false if it had. */
    boolean finish(long seq) {
        Integer size = outstanding.remove(seq);
        if (size == null) {
            return false;
        }
        bytes -= size;
        return true;
    }

    boolean isOutstanding(long seq) {
        return outstanding.containsKey(seq);
    }

    /** The size of one that has no result. */
    int bytesOf(long seq) {
        return outstanding.getOrDefault(seq, 0);
    }

    /** Whether one more, of that size, is within what the client was told. A single one may be larger. */
    boolean hasRoomFor(int size) {
        return outstanding.size() < terms.maxPending()
                && (outstanding.isEmpty() || bytes + size <= terms.maxPendingBytes());
    }

    // ---- What another node is to know ----

    /**
     * Up to where all have a result, or were started: behind that the client sends again what has neither.
     *
     * @param started tells of a number whether a handler has that command
     */
    long settled(LongPredicate started) {
        long prefix = handled;
        for (long seq : outstanding.keySet()) {
            if (!started.test(seq)) {
                prefix = Math.min(prefix, seq - 1);
            }
        }
        return prefix;
    }

    /** Those behind a number that have a result, or were started. */
    List<Long> behind(long settled, LongPredicate started) {
        List<Long> behind = new ArrayList<>(0);
        for (long seq = settled + 1; seq <= handled; seq++) {
            if (!outstanding.containsKey(seq) || started.test(seq)) {
                behind.add(seq);
            }
        }
        behind.addAll(beyond);
        return behind;
    }

    /** Has what another node knew. */
    void restore(long settled, List<Long> behind) {
        handled = settled;
        beyond.addAll(behind);
        repeatedUpTo = settled + behind.size() + terms.maxPending();
    }

    /** Whether another node may have handled a command that this one does not know of. */
    boolean mayBeRepeated(long seq) {
        return seq <= repeatedUpTo;
    }
}
