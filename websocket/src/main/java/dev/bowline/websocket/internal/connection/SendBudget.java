package dev.bowline.websocket.internal.connection;

import dev.bowline.websocket.internal.loop.LoopCounters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How much may still be sent on a connection: counts, in bytes, what stands in its outgoing queue and what other threads have
 * on its way there, against a cap; and knows from when on the application is to be told that there is room again.
 *
 * <p>Called from any thread, but for what is marked as the event loop's.
 */
final class SendBudget {
    /** What a message counts beside its payload: the largest frame header. */
    static final int MAX_HEADER_BYTES = 14;

    private static final long NOT_AWAITED = -1;

    private static final VarHandle QUEUED = field("queued", long.class);
    private static final VarHandle HANDED_OVER = field("handedOver", long.class);
    private static final VarHandle CHECK_SCHEDULED = field("checkScheduled", boolean.class);

    private final long maxBytes;
    private final LoopCounters counters;

    private volatile long queued; // what the queue held when last looked at; written by the event loop
    private volatile long handedOver; // of messages on their way to the event loop

    @SuppressWarnings("UnusedVariable") // it is, by its handle
    private volatile boolean checkScheduled;
    // The size to which the queue must fall before onDrained is called; NOT_AWAITED until the queue was more than half
    // full or refused a message.
    private volatile long drainedAt = NOT_AWAITED;

    SendBudget(long maxBytes, LoopCounters counters) {
        this.maxBytes = maxBytes;
        this.counters = counters;
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(SendBudget.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // ---- The event loop's ----

    /** Whether a message fits the queue. */
    boolean fits(long bytes, long queueSize) {
        return queueSize + handedOver + bytes <= maxBytes;
    }

    /** The queue has this size now. */
    void queued(long size) {
        long more = size - (long) QUEUED.get(this);
        if (more == 0) {
            return; // as nearly always: all of it went out
        }
        counters.queuedBytes(more);
        // Without the fence of a volatile write: others may see it a moment later, as if they had asked before.
        QUEUED.setRelease(this, size);
    }

    /** A message that was handed over stands in the queue, which has this size now. */
    void arrived(long bytes, long queueSize) {
        // In this order: counted twice for a moment, but never not at all, or senders could pass the cap.
        queued(queueSize);
        HANDED_OVER.getAndAdd(this, -bytes);
    }

    /** Awaits the drain if the queue is more than half full. */
    void look(long queueSize) {
        if (drainedAt == NOT_AWAITED && queueSize > maxBytes / 2) {
            drainedAt = maxBytes / 2;
        }
    }

    boolean isDrainAwaited() {
        return drainedAt != NOT_AWAITED;
    }

    /** Whether the queue, of this size, has drained as far as was awaited; it is awaited no longer then. */
    boolean hasDrained(long queueSize) {
        if (queueSize > drainedAt) { // always, where it is not awaited
            return false;
        }
        drainedAt = NOT_AWAITED;
        return true;
    }

    /** The check that {@link #awaitDrained} asked for is being made. */
    void checkBegins() {
        checkScheduled = false;
    }

    // ---- Any thread's ----

    /** Counts a message as on its way to the event loop; false, with nothing counted, if there is no room for it. */
    boolean handOver(long bytes) {
        // The way of a message is from the one count to the other. Looked at in the same order, it may be seen in both,
        // but not in neither.
        long handedOverNow = (long) HANDED_OVER.getAndAdd(this, bytes) + bytes;
        if (handedOverNow + queued > maxBytes) {
            HANDED_OVER.getAndAdd(this, -bytes);
            return false;
        }
        return true;
    }

    boolean isAnythingOnItsWay() {
        return handedOver != 0;
    }

    /** The bytes accepted and not yet sent. */
    long amount() {
        long handedOverNow = handedOver; // first, as in handOver
        return handedOverNow + queued;
    }

    /** As {@link #amount}, where the queue's size is known. */
    long amount(long queueSize) {
        return handedOver + queueSize;
    }

    /** A message was refused: awaits that there is room for it; true if the caller must have the event loop look at it. */
    boolean awaitRoomFor(long bytes) {
        counters.refusedSend();
        // One that would not fit an empty queue is worth no waiting.
        long room = maxBytes - bytes;
        return room >= 0 && awaitDrained(Math.min(room, maxBytes / 2));
    }

    /** Awaits that the queue holds no more than so many bytes; true if the caller must have the event loop look at it. */
    boolean awaitDrained(long atBytes) {
        long awaited = drainedAt;
        drainedAt = awaited == NOT_AWAITED ? atBytes : Math.min(awaited, atBytes);
        // The queue may have drained since the caller looked; then no event would follow.
        return CHECK_SCHEDULED.compareAndSet(this, false, true);
    }
}
