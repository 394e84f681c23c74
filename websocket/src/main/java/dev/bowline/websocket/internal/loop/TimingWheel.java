package dev.bowline.websocket.internal.loop;

import dev.bowline.websocket.internal.log.Log;

/**
 * The timers of one event loop: setting, moving and cancelling cost the same however many there are.
 *
 * <p>Time is cut into ticks of 2^23 ns (8.4 ms); a timer waits in the slot of its tick, which comes round every 512 ticks
 * (4.3 s), until its own round. A timer never fires early, and at most a tick and a turn of the loop late. Touched by
 * its event loop alone.
 */
public final class TimingWheel {
    private static final Log LOG = Log.of(TimingWheel.class);

    private static final int TICK_SHIFT = 23;
    private static final int SLOTS = 512;

    /** What {@link #nanosToNext} says when no timer is set. */
    public static final long NONE = Long.MAX_VALUE;

    private final long originNanos;
    private final Timer[] slots = new Timer[SLOTS]; // heads of circular lists; a head is no timer itself
    private final long[] occupied = new long[SLOTS / Long.SIZE]; // a bit for each slot that may hold timers
    private long tick; // all ticks before it have been fired
    private int size;

    public TimingWheel(long nowNanos) {
        originNanos = nowNanos;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Head();
        }
    }

    /** A moment at which something is to be done; belongs to one wheel, and may be set again and again. */
    public abstract static class Timer {
        private long deadlineTick;
        private Timer next = this; // a timer that is not set is a list of its own
        private Timer previous = this;

        /** A timer that does this when it fires. */
        public static Timer of(Runnable action) {
            return new ActionTimer(action);
        }

        public final boolean isSet() {
            return next != this;
        }

        /** The moment has come. */
        protected abstract void fire();

        private void unlink() {
            next.previous = previous;
            previous.next = next;
            next = this;
            previous = this;
        }
    }

    private static final class ActionTimer extends Timer {
        private final Runnable action;

        ActionTimer(Runnable action) {
            this.action = action;
        }

        @Override
        protected void fire() {
            action.run();
        }
    }

    private static final class Head extends Timer {
        @Override
        protected void fire() {
            throw new IllegalStateException("the head of a list is no timer");
        }
    }

    /** How many timers are set. */
    public int size() {
        return size;
    }

    /** Sets a timer, or moves it where it is set already. */
    public void set(Timer timer, long deadlineNanos) {
        cancel(timer);
        // Rounded up, so that it never fires early.
        long ticks = (deadlineNanos - originNanos + (1L << TICK_SHIFT) - 1) >> TICK_SHIFT;
        timer.deadlineTick = Math.max(ticks, tick);
        insert(timer);
    }

    /** Cancels a timer; harmless where it is not set. */
    public void cancel(Timer timer) {
        if (timer.isSet()) {
            timer.unlink();
            size--;
        }
    }

    /** Fires the timers that are due; they may set and cancel timers, themselves included. */
    public void advance(long nowNanos) {
        long now = (nowNanos - originNanos) >> TICK_SHIFT;
        while (tick <= now) {
            if (size == 0) {
                tick = now + 1;
                return;
            }
            long last = Math.min(now, tick + SLOTS - 1);
            long next = nextOccupied(last);
            if (next < 0) {
                tick = last + 1;
                continue;
            }
            // What the actions set anew belongs to the ticks that follow.
            tick = next + 1;
            fire((int) next & (SLOTS - 1), now);
        }
    }

    /** How long until a timer may be due: zero or less if one is; {@link #NONE} where none is set. */
    public long nanosToNext(long nowNanos) {
        if (size == 0) {
            return NONE;
        }
        long next = nextOccupied(tick + SLOTS - 1);
        long due = next < 0 ? tick : next;
        return (due << TICK_SHIFT) + originNanos - nowNanos;
    }

    /** The first tick from {@link #tick} to {@code last} whose slot may hold timers, or -1. */
    private long nextOccupied(long last) {
        long at = tick;
        while (at <= last) {
            int slot = (int) at & (SLOTS - 1);
            long word = occupied[slot >> 6] >>> slot;
            if (word != 0) {
                long found = at + Long.numberOfTrailingZeros(word);
                return found <= last ? found : -1;
            }
            at += Long.SIZE - (slot & (Long.SIZE - 1));
        }
        return -1;
    }

    private void fire(int slot, long now) {
        occupied[slot >> 6] &= ~(1L << slot);
        Timer head = slots[slot];
        if (!head.isSet()) {
            return; // all its timers were cancelled
        }
        // The list is cut off first, as actions may set timers for this slot's next round.
        Timer batch = new Head();
        batch.next = head.next;
        batch.previous = head.previous;
        batch.next.previous = batch;
        batch.previous.next = batch;
        head.next = head;
        head.previous = head;
        while (batch.isSet()) {
            Timer timer = batch.next;
            timer.unlink();
            size--;
            if (timer.deadlineTick <= now) {
                run(timer);
            } else {
                insert(timer); // its round has not come
            }
        }
    }

    private static void run(Timer timer) {
        try {
            timer.fire();
        } catch (RuntimeException | Error e) {
            // A fault of our own or of the platform, which must not stop the other timers.
            LOG.log(System.Logger.Level.ERROR, "A timer failed", e);
        }
    }

    private void insert(Timer timer) {
        int slot = (int) timer.deadlineTick & (SLOTS - 1);
        Timer head = slots[slot];
        timer.previous = head.previous;
        timer.next = head;
        head.previous.next = timer;
        head.previous = timer;
        occupied[slot >> 6] |= 1L << slot;
        size++;
    }
}
