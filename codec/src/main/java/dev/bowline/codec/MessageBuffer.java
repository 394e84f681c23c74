package dev.bowline.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where a message is put together that did not come in one piece. It grows with what really came, never with what a
 * header announces, and refuses to grow beyond its limit. Not thread-safe.
 */
public final class MessageBuffer {
    private static final byte[] EMPTY = {};
    private static final int SMALLEST = 512;

    private final int limit;
    private byte[] bytes = EMPTY;
    private int size;

    /**
     * @param limit the most bytes it may hold
     */
    public MessageBuffer(int limit) {
        this.limit = limit;
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
    public boolean append(ByteBuffer source, int from, int to) {
        int n = to - from;
        if (n > limit - size) {
            return false;
        }
        if (n > bytes.length - size) {
            int doubled = (int) Math.min(limit, Math.max(SMALLEST, bytes.length * 2L));
            bytes = Arrays.copyOf(bytes, Math.max(doubled, size + n));
        }
        source.get(from, bytes, size, n);
        size += n;
        return true;
    }

    /** A view of the bytes held, from position 0 to the limit; valid until the next call of any method. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    /** Forgets the content and gives the memory back: between messages a connection holds none. */
    public void clear() {
        bytes = EMPTY;
        size = 0;
    }
}
