package dev.bowline.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/** One direction of a link: reads its source, does what the fault says, writes to its sink. Loop thread only. */
final class ProxyPipe {
    private static final int CAPACITY_BYTES = 256 * 1024;
    /** A timer that came late may be made up for, up to this. */
    private static final long MAX_CREDIT_NANOS = 50_000_000;

    private static final long NO_TIMER = Long.MAX_VALUE;

    private enum End {
        NONE,
        FIN,
        RST
    }

    private record Chunk(ByteBuffer bytes, long dueNanos) {}

    /** Bytes written to the sink, and bytes that vanished; read by any thread. */
    final AtomicLong forwarded = new AtomicLong();

    final AtomicLong swallowed = new AtomicLong();

    private final ProxyLink link;
    private final ProxyLoop loop;
    private final SocketChannel source;
    private final SocketChannel sink;
    private final ArrayDeque<Chunk> queue = new ArrayDeque<>();
    private long queuedBytes;
    private Fault fault;
    private long bytesBeforeCut;
    private long nextWriteNanos;
    private long timerNanos = NO_TIMER;

    /** The sink takes no more now, or it is another pipe's turn. */
    private boolean waiting;

    /** Nothing can be written any more: what comes is swallowed. */
    private boolean sinkDead;

    /** The link was told to finish: what comes is swallowed until the source ends. */
    private boolean finishing;

    /** How the source ended. */
    private End end = End.NONE;

    private long endDueNanos;

    /** The sink was told that it is over. */
    private boolean endDelivered;

    ProxyPipe(ProxyLink link, ProxyLoop loop, SocketChannel source, SocketChannel sink, Fault fault) {
        this.link = link;
        this.loop = loop;
        this.source = source;
        this.sink = sink;
        this.fault = fault;
        this.bytesBeforeCut = fault.bytesBeforeCut();
    }

    void apply(Fault newFault) {
        if (finishing) {
            return;
        }
        fault = newFault;
        bytesBeforeCut = newFault.bytesBeforeCut();
        nextWriteNanos = loop.now();
        pump();
    }

    boolean wantsRead() {
        return end == End.NONE && !fault.stalls() && queuedBytes < CAPACITY_BYTES;
    }

    boolean wantsWrite() {
        return waiting;
    }

    /** Both sides know that this direction is over. */
    boolean finished() {
        return end != End.NONE && endDelivered;
    }

    /** The source may be read. */
    void readable() {
        if (!wantsRead()) {
            return;
        }
        ByteBuffer scratch = loop.scratch.clear();
        try {
            if (source.read(scratch) < 0) {
                ended(End.FIN);
            } else if (scratch.position() > 0) {
                ByteBuffer bytes = ByteBuffer.allocate(scratch.position())
                        .put(scratch.flip())
                        .flip();
                if (queue.isEmpty()) {
                    nextWriteNanos = Math.max(nextWriteNanos, loop.now()); // idle time earns no credit
                }
                queuedBytes += bytes.remaining();
                queue.add(new Chunk(bytes, loop.now() + fault.delayNanos()));
            }
        } catch (IOException e) {
            ended(End.RST);
        }
        pump();
    }

    /** The source is known to be dead from a failed write to it. */
    private void sourceFailed() {
        if (end != End.RST) {
            ended(End.RST);
            pump();
        }
    }

    private void ended(End how) {
        end = how;
        endDelivered = finishing;
        endDueNanos = loop.now() + fault.delayNanos();
    }

    void timer() {
        if (loop.now() >= timerNanos) {
            timerNanos = NO_TIMER;
            pump();
        }
    }

    private void wakeAt(long dueNanos) {
        if (dueNanos < timerNanos) {
            timerNanos = dueNanos;
            loop.schedule(dueNanos, this);
        }
    }

    /** Sends FIN to the sink now, whatever is under way, and swallows what still comes. */
    void finishNow() {
        fault = Fault.blackHole();
        bytesBeforeCut = fault.bytesBeforeCut();
        finishing = true;
        waiting = false;
        drop();
        endDelivered = true;
        try {
            sink.shutdownOutput();
        } catch (IOException e) {
            sinkDead = true;
        }
    }

    /** Moves on whatever can move. */
    void pump() {
        if (!link.connected()) {
            return;
        }
        try {
            flush();
            deliverEnd();
        } catch (IOException e) {
            sinkDead = true;
            waiting = false;
            drop();
            link.opposite(this).sourceFailed();
        }
        link.pumped();
    }

    private void flush() throws IOException {
        waiting = false;
        if (fault.swallows() || sinkDead) {
            drop();
        }
        if (bytesBeforeCut == 0) {
            cut();
            return;
        }
        long now = loop.now();
        while (!fault.stalls() && !waiting && !queue.isEmpty()) {
            long dueNanos = Math.max(queue.element().dueNanos(), nextWriteNanos);
            if (dueNanos > now) {
                wakeAt(dueNanos);
                return;
            }
            int count = write(queue.element().bytes());
            waiting = count == 0 || (fault.slice() == 1 && !queue.isEmpty());
            nextWriteNanos = Math.max(nextWriteNanos, now - MAX_CREDIT_NANOS) + fault.paceNanos(count);
            bytesBeforeCut -= fault.cuts() ? count : 0;
            if (bytesBeforeCut == 0) {
                cut();
                return;
            }
        }
    }

    /** Writes a slice of the first chunk. */
    private int write(ByteBuffer bytes) throws IOException {
        int limit = bytes.limit();
        long most = Math.min(fault.slice(), bytesBeforeCut);
        bytes.limit((int) Math.min(limit, bytes.position() + Math.min(most, Integer.MAX_VALUE)));
        int count;
        try {
            count = sink.write(bytes);
        } finally {
            bytes.limit(limit);
        }
        forwarded.addAndGet(count);
        queuedBytes -= count;
        if (!bytes.hasRemaining()) {
            queue.remove();
        }
        return count;
    }

    private void cut() {
        switch (fault.kind()) {
            case RESET_AFTER -> link.abort();
            case CLOSE_AFTER -> link.finish();
            default -> apply(Fault.blackHole());
        }
    }

    private void deliverEnd() throws IOException {
        boolean held = fault.stalls() || fault.swallows() || !queue.isEmpty() || !link.connected();
        if (end == End.NONE || endDelivered || held) {
            return;
        }
        if (endDueNanos > loop.now()) {
            wakeAt(endDueNanos);
            return;
        }
        endDelivered = true;
        if (end == End.RST) {
            link.abort();
        } else {
            sink.shutdownOutput();
        }
    }

    private void drop() {
        swallowed.addAndGet(queuedBytes);
        queuedBytes = 0;
        queue.clear();
    }
}
