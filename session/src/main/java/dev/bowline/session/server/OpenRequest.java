package dev.bowline.session.server;

import dev.bowline.session.wire.Payload;
import java.util.ArrayDeque;
import java.util.Deque;

/** A request that has no result yet. Touched on the thread of the node that has the session. */
final class OpenRequest {
    /** How many bytes of parts may wait for credit; one part of any size may. */
    private static final long MAX_WAITING_BYTES = 256 * 1024;

    final long seq;
    final boolean stream;
    long credit; // how many parts may be sent in all
    long sent; // how many were
    long deadlineMillis; // when the application has taken too long
    boolean finished; // the end waits behind the parts
    private final Deque<Payload> waiting = new ArrayDeque<>(0);
    private long waitingBytes;

    /**
     * @param credit -1 for one that is no stream
     */
    OpenRequest(long seq, long credit, long deadlineMillis) {
        this.seq = seq;
        this.stream = credit >= 0;
        this.credit = credit;
        this.deadlineMillis = deadlineMillis;
    }

    /** Takes a part; false if too much waits. */
    boolean offer(Payload part) {
        if (finished || (!waiting.isEmpty() && waitingBytes + part.size() > MAX_WAITING_BYTES)) {
            return false;
        }
        waiting.addLast(part);
        waitingBytes += part.size();
        return true;
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether its next part may go out, as far as the client's credit goes. */
    boolean maySend() {
        return !waiting.isEmpty() && sent < credit;
    }

    /** The next part; it counts as sent. */
    Payload next() {
        Payload part = waiting.removeFirst();
        waitingBytes -= part.size();
        sent++;
        return part;
    }
}
