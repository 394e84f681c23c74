package dev.bowline.session.server;

import java.util.Arrays;

/**
 * Who is to be woken when. A deadline that moves to a later time, as those of connections do with every message, costs nothing: it is
 * noticed when the earlier time has come. Touched on the node's thread alone.
 */
final class Timers {
    private static final int FIRST_CAPACITY = 16;

    /** A heap: none stands before the one at half its index. Each knows where it stands, so that it can be taken out. */
    private Timed[] heap = new Timed[FIRST_CAPACITY]; // from 1 to size

    private int size;
    private long count;

    /** To be called when a deadline may have come closer. */
    void update(Timed timed) {
        long deadline = timed.deadlineMillis();
        if (deadline >= timed.scheduledMillis) {
            return;
        }
        timed.scheduledMillis = deadline;
        timed.order = count++;
        if (timed.index == 0) {
            size++;
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            timed.index = size;
        }
        moveUp(timed);
    }

    /** It wants nothing any more, and is not held on to. */
    void remove(Timed timed) {
        int index = timed.index;
        timed.scheduledMillis = Timed.NEVER;
        if (index == 0) {
            return;
        }
        timed.index = 0;
        Timed last = heap[size];
        heap[size--] = null;
        if (last != timed) {
            last.index = index;
            moveUp(last);
            moveDown(last);
        }
    }

    /** When to call {@link #advance}, at the latest. */
    long nextMillis() {
        return size == 0 ? Timed.NEVER : heap[1].scheduledMillis;
    }

    /** Wakes those whose time has come. */
    void advance(long nowMillis) {
        while (nextMillis() <= nowMillis) {
            Timed timed = heap[1];
            remove(timed);
            if (timed.deadlineMillis() <= nowMillis) {
                timed.onTime(nowMillis);
            }
            update(timed);
        }
    }

    /** What is woken at one time is so in the order in which it asked: runs of a simulation must be alike. */
    private static boolean isBefore(Timed one, Timed other) {
        return one.scheduledMillis < other.scheduledMillis
                || (one.scheduledMillis == other.scheduledMillis && one.order < other.order);
    }

    private void moveUp(Timed timed) {
        int index = timed.index;
        while (index > 1 && isBefore(timed, heap[index / 2])) {
            put(heap[index / 2], index);
            index /= 2;
        }
        put(timed, index);
    }

    private void moveDown(Timed timed) {
        int index = timed.index;
        while (2 * index <= size) {
            int child = 2 * index;
            if (child < size && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], timed)) {
                break;
            }
            put(heap[child], index);
            index = child;
        }
        put(timed, index);
    }

    private void put(Timed timed, int index) {
        heap[index] = timed;
        timed.index = index;
    }
}
