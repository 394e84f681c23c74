package dev.bowline.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a connection has still to send, in order: what a protocol object writes and a transport drains.
 *
 * <p>Small writes are gathered in chunks from a {@link BufferSource}; large shared payloads stand between them by
 * reference. An empty queue holds no chunk, so an idle connection costs no buffer. Not thread-safe: touched by the
 * connection's event loop alone.
 */
public final class OutputQueue {
    private final BufferSource source;
    // A ring of buffers in reading state: position = next byte to send, limit = end of what was written. The last one,
    // where it is a chunk of ours, may be written on.
    private @Nullable ByteBuffer[] ring = {};
    private boolean[] ours = {};
    private int head;
    private int count;
    private long size;
    private long sent;

    public OutputQueue(BufferSource source) {
        this.source = source;
    }

    /** The number of bytes still to send. */
    public long size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The number of bytes that were ever queued, sent or not: where in the stream the next byte will stand. */
    long end() {
        return sent + size;
    }

    /** Whether everything before this place in the stream has been sent. */
    boolean hasSent(long end) {
        return sent >= end;
    }

    /** Copies one byte. */
    public void put(int value) {
        room(1).put(extend(1), (byte) value);
    }

    /** Copies two bytes, the high one first. */
    public void putShort(int value) {
        room(2).putShort(extend(2), (short) value);
    }

    /** Copies four bytes, the highest first. */
    public void putInt(int value) {
        room(4).putInt(extend(4), value);
    }

    /** Copies eight bytes, the highest first. */
    public void putLong(long value) {
        room(8).putLong(extend(8), value);
    }

    /** Copies the bytes between position and limit; neither is changed. */
    public void put(ByteBuffer bytes) {
        copy(bytes, 0, false);
    }

    /** Copies the bytes between position and limit and masks the copy; the given buffer is left as it is. */
    public void putMasked(ByteBuffer bytes, int key) {
        copy(bytes, key, true);
    }

    private void copy(ByteBuffer bytes, int key, boolean mask) {
        int from = bytes.position();
        int end = bytes.limit();
        while (from < end) {
            ByteBuffer chunk = room(1);
            int n = Math.min(end - from, chunk.capacity() - chunk.limit());
            int at = extend(n);
            chunk.put(at, bytes, from, n);
            if (mask) {
                Masking.apply(chunk, at, at + n, Masking.rotate(key, from - bytes.position()));
            }
            from += n;
        }
    }

    /**
     * Appends the bytes between position and limit by reference. The buffer belongs to the queue from now on and its
     * position moves as it is sent; its content must not change until then. Pass a duplicate to share content.
     */
    public void append(ByteBuffer shared) {
        int n = shared.remaining();
        if (n > 0) {
            push(shared, false);
            size += n;
        }
    }

    /**
     * Puts the buffers to send next into {@code into}, for one gathering write. The queue still owns them: after the
     * write call {@link #sent}.
     *
     * @return how many were put there
     */
    public int gather(ByteBuffer[] into) {
        int n = Math.min(count, into.length);
        for (int i = 0; i < n; i++) {
            into[i] = ring[(head + i) & (ring.length - 1)];
        }
        return n;
    }

    /** Drops what a write has consumed: the buffers' positions have moved by {@code bytes} in all. */
    public void sent(long bytes) {
        size -= bytes;
        sent += bytes;
        while (count > 0) {
            ByteBuffer first = ring[head];
            if (first.hasRemaining()) {
                return;
            }
            pop();
        }
    }

    /** Drops everything; what was not sent is lost. */
    public void clear() {
        while (count > 0) {
            pop();
        }
        sent += size;
        size = 0;
    }

    /** The last chunk, with room for at least {@code bytes} (at most 8) behind its limit. */
    private ByteBuffer room(int bytes) {
        if (count > 0) {
            int last = (head + count - 1) & (ring.length - 1);
            if (ours[last] && ring[last].capacity() - ring[last].limit() >= bytes) {
                return ring[last];
            }
        }
        ByteBuffer fresh = source.acquire().limit(0);
        push(fresh, true);
        return fresh;
    }

    /** Moves the last chunk's limit on by {@code bytes} and returns the index at which they are to be written. */
    private int extend(int bytes) {
        ByteBuffer chunk = ring[(head + count - 1) & (ring.length - 1)];
        int at = chunk.limit();
        chunk.limit(at + bytes);
        size += bytes;
        return at;
    }

    private void push(ByteBuffer buffer, boolean own) {
        if (count == ring.length) {
            grow();
        }
        int at = (head + count++) & (ring.length - 1);
        ring[at] = buffer;
        ours[at] = own;
    }

    private void grow() {
        ByteBuffer[] wider = new ByteBuffer[Math.max(2, ring.length * 2)];
        boolean[] widerOurs = new boolean[wider.length];
        for (int i = 0; i < count; i++) {
            wider[i] = ring[(head + i) & (ring.length - 1)];
            widerOurs[i] = ours[(head + i) & (ring.length - 1)];
        }
        ring = wider;
        ours = widerOurs;
        head = 0;
    }

    private void pop() {
        ByteBuffer first = ring[head];
        if (ours[head]) {
            source.release(first.clear());
        }
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        count--;
    }
}
