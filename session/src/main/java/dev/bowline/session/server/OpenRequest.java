package dev.bowline.session.server;

import dev.bowline.session.wire.Payload;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A request that has no result yet. Touched on the thread of the node that has the session. */
final class OpenRequest {
    /** How many bytes of parts may wait for credit; one part of any size may. */
    private static final long MAX_WAITING_BYTES = 256 * 1024;

    final long seq;
    final boolean stream;
    final String process; // where its handler runs
    long credit; // how many parts may be sent in all
    long sent; // how many were
    long keptCount; // parts up to this one are kept, as long as they wait
    long deadlineMillis; // when the application has taken too long
    boolean finished; // the end waits behind the parts
    private final Deque<Payload> waiting = new ArrayDeque<>(0);
    private long waitingBytes;

    /**
     * @param credit -1 for one that is no stream
     * @param process where its handler runs
     */
    OpenRequest(long seq, long credit, String process, long deadlineMillis) {
        this.seq = seq;
        this.stream = credit >= 0;
        this.credit = credit;
        this.process = process;
        this.deadlineMillis = deadlineMillis;
    }

    /** One that was kept, with the parts that wait for credit. */
    OpenRequest(long seq, SessionParts.Started kept, List<Payload> parts, long deadlineMillis) {
        this(seq, kept.credit(), kept.process(), deadlineMillis);
        sent = kept.sent();
        finished = kept.finished();
        for (Payload part : parts) {
            waiting.addLast(part);
            waitingBytes += part.size();
        }
        keptCount = sent + parts.size();
    }

    SessionParts.Started part(int commandBytes) {
        return new SessionParts.Started(process, commandBytes, true, credit, sent, finished);
    }

    // ---- Parts that wait ----

    /** Takes a part; false if too much waits. */
    boolean offer(Payload part) {
        if (finished || (!waiting.isEmpty() && waitingBytes + part.size() > MAX_WAITING_BYTES)) {
            return false;
        }
        waiting.addLast(part);
        waitingBytes += part.size();
        return true;
    }

    /** The count of the last part that the handler has given. */
    long offered() {
        return sent + waiting.size();
    }

    /** Those that wait, in order. */
    List<Payload> waiting() {
        return List.copyOf(waiting);
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
