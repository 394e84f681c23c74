package dev.bowline.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a message is put together that did not come in one piece. It grows with what really came, never with what a
 * header announces, and refuses to grow beyond its limit. Not thread-safe.
 */
public final class MessageBuffer {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final int SMALLEST = 512;
    private static final int UNKNOWN = -1;

    private final int limit;
    private final @Nullable BufferSource source;
    private ByteBuffer memory = EMPTY;
    private int size;

    /**
     * One whose memory is the heap's.
     *
     * @param limit the most bytes it may hold
     */
    public MessageBuffer(int limit) {
        this(limit, null);
    }

    /**
     * @param limit the most bytes it may hold
     * @param source where to get the memory of large messages, and to give it back; null for the heap
     */
    public MessageBuffer(int limit, @Nullable BufferSource source) {
        this.limit = limit;
        this.source = source;
    }

    /** The number of bytes held. */
    public int size() {
        return size;
    }

    /** The most bytes it may hold. */
    public int limit() {
        return limit;
    }

    /**
     * Appends a copy of the bytes from index {@code from} to {@code to}; the buffer's position and limit are neither
     * used nor changed.
     *
     * @return false, with nothing appended, if they don't fit the limit
     */
    public boolean append(ByteBuffer bytes, int from, int to) {
        int n = to - from;
        if (n > limit - size) {
            return false;
        }
        if (n > memory.capacity() - size) {
            grow(n, UNKNOWN);
        }
        memory.clear().put(size, bytes, from, n);
        size += n;
        return true;
    }

    /**
     * Room behind the bytes held, into which more of the message can be read directly: from the buffer's position to its
     * limit. After that call {@link #filled}.
     *
     * @param expected how many more bytes the message will have, as far as is known; at least 1. The room has no more, and may
     *     have less
     */
    ByteBuffer room(int expected) {
        int most = Math.min(expected, limit - size);
        if (memory.capacity() == size) {
            grow(1, most);
        }
        return memory.limit(Math.min(memory.capacity(), size + most)).position(size);
    }

    /** So many bytes were read into the {@link #room}. */
    void filled(int count) {
        size += count;
    }

    /**
     * Makes room, with as much again as there is already.
     *
     * @param more how many bytes must find room
     * @param expected how many are to come, or {@link #UNKNOWN}
     */
    private void grow(int more, int expected) {
        int capacity = Math.max(size + more, (int) Math.min(limit, Math.max(SMALLEST, memory.capacity() * 2L)));
        int wanted = expected == UNKNOWN ? capacity : size + expected;
        ByteBuffer wider = source == null || capacity < BufferSource.LARGE_BYTES
                ? ByteBuffer.allocate(capacity)
                : source.acquireLarge(
                        Math.min(capacity, Math.max(wanted, BufferSource.LARGE_BYTES)), Math.max(capacity, wanted));
        wider.put(0, memory, 0, size);
        release();
        memory = wider;
    }

    private void release() {
        if (source != null && memory.capacity() >= BufferSource.LARGE_BYTES) {
            source.releaseLarge(memory.clear());
        }
    }

    /** The bytes held, from position 0 to the limit; valid until the next call of any method. */
    public ByteBuffer view() {
        return memory.capacity() == 0
                ? ByteBuffer.allocate(0)
                : memory.limit(size).position(0);
    }

    /** Forgets the content and gives the memory back: between messages a connection holds none. */
    public void clear() {
        release();
        memory = EMPTY;
        size = 0;
    }
}
