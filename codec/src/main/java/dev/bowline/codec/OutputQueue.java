package dev.bowline.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a connection has still to send, in order: what a protocol object writes and a transport drains.
 *
 * <p>Small writes are gathered in chunks from a {@link BufferSource}; what is shared with other queues, and large payloads,
 * stand between them by reference. An empty queue holds no chunk, so an idle connection costs no buffer. Not thread-safe:
 * touched by the connection's event loop alone.
 *
 * <p>To send, either {@link #gather} buffers, write them, and call {@link #sent}; or {@link #copyTo} one buffer, where there
 * are many small ones, write that, and call {@link #skip}.
 */
public final class OutputQueue {
    /** From this size on, {@link #put} refers to a buffer that is lent to it. Copying a smaller one costs less than a write. */
    static final int LOAN_BYTES = 8 * 1024;

    /** A burst may widen the ring to any size; when it is over, a ring wider than this is not kept. */
    private static final int WIDEST_KEPT = 64;

    private static final @Nullable ByteBuffer[] NO_BUFFERS = {};
    private static final byte[] NO_KINDS = {};

    // What an entry of the ring is. All but the shared ones are in reading state: position = next byte to send, limit =
    // end
    // of what was written.
    private static final byte CHUNK = 0; // ours; the last one may be written on
    private static final byte REFERENCE = 1; // given to this queue alone
    private static final byte SHARED = 2; // in many queues at once, so that its position never moves
    private static final byte LOAN = 3; // the caller's, who will have it back; always the last one
    private static final byte LARGE = 4; // ours, for one copy of a large payload

    private final BufferSource source;
    private @Nullable ByteBuffer[] ring = NO_BUFFERS;
    private byte[] kinds = NO_KINDS;
    private int head;
    private int count;
    private int sharedSent; // how much of the first buffer was sent, where that is shared
    private long size;
    private long sent;

    private boolean loanAllowed;
    private @Nullable ByteBuffer loan;
    private int loanPosition; // where it stood when it was lent

    public OutputQueue(BufferSource source) {
        this.source = source;
    }

    /** Where its memory comes from. */
    BufferSource source() {
        return source;
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

    // ---- Writing ----

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

    /** Copies the bytes between position and limit; neither is changed. With a loan allowed, see there. */
    public void put(ByteBuffer bytes) {
        if (loanAllowed && bytes.remaining() >= LOAN_BYTES) {
            loanAllowed = false; // one at most
            loan = bytes;
            loanPosition = bytes.position();
            push(bytes, LOAN);
            size += bytes.remaining();
        } else {
            copy(bytes, 0, false);
        }
    }

    /** Copies the bytes between position and limit and masks the copy; the given buffer is left as it is. */
    public void putMasked(ByteBuffer bytes, int key) {
        copy(bytes, key, true);
    }

    private void copy(ByteBuffer bytes, int key, boolean mask) {
        int from = bytes.position();
        int end = bytes.limit();
        if (end - from >= BufferSource.LARGE_BYTES) {
            copyLarge(bytes, key, mask);
            return;
        }
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

    private void copyLarge(ByteBuffer bytes, int key, boolean mask) {
        int n = bytes.remaining();
        ByteBuffer large = source.acquireLarge(n, n).limit(n);
        large.put(0, bytes, bytes.position(), n);
        if (mask) {
            Masking.apply(large, 0, n, key);
        }
        push(large, LARGE);
        size += n;
    }

    /**
     * Appends the bytes between position and limit by reference. The buffer belongs to the queue from now on and its
     * position moves as it is sent; its content must not change until then. Pass a duplicate to share content.
     */
    public void append(ByteBuffer reference) {
        int n = reference.remaining();
        if (n > 0) {
            push(reference, REFERENCE);
            size += n;
        }
    }

    /**
     * Appends a whole buffer, from index 0 to its limit, that may stand in many queues of many threads at once: its position,
     * limit and content must never change again.
     */
    public void share(ByteBuffer shared) {
        if (shared.limit() > 0) {
            push(shared, SHARED);
            size += shared.limit();
        }
    }

    /**
     * Lets the next {@link #put} of a large buffer refer to it in place of copying it, and move its position as it is sent,
     * until {@link #settleLoan}.
     */
    public void allowLoan() {
        loanAllowed = true;
    }

    /** Whether a buffer has been lent. */
    public boolean hasLoan() {
        return loan != null;
    }

    /** Gives a buffer that was lent back in the state it was in; what of it has not been sent is copied. */
    public void settleLoan() {
        loanAllowed = false;
        ByteBuffer lent = loan;
        if (lent == null) {
            return;
        }
        loan = null;
        int last = (head + count - 1) & (ring.length - 1);
        if (count > 0 && kinds[last] == LOAN) { // else it was sent, or dropped
            ring[last] = null;
            count--;
            size -= lent.remaining();
            copy(lent, 0, false);
        }
        lent.position(loanPosition);
    }

    // ---- Sending ----

    /** How many buffers hold what is to be sent. */
    public int buffers() {
        return count;
    }

    /**
     * Puts the buffers to send next into {@code into}, for one gathering write, up to the first one that is shared. The queue
     * still owns them: after the write call {@link #sent}.
     *
     * @return how many were put there; zero where the next one is shared
     */
    public int gather(ByteBuffer[] into) {
        int most = Math.min(count, into.length);
        for (int n = 0; n < most; n++) {
            int at = (head + n) & (ring.length - 1);
            ByteBuffer buffer = ring[at];
            if (buffer == null || kinds[at] == SHARED) {
                return n;
            }
            into[n] = buffer;
        }
        return most;
    }

    /** Drops what a write has consumed of gathered buffers: their positions have moved by {@code bytes} in all. */
    public void sent(long bytes) {
        size -= bytes;
        sent += bytes;
        while (count > 0 && kinds[head] != SHARED) {
            ByteBuffer first = ring[head];
            if (first.hasRemaining()) {
                return;
            }
            pop();
        }
    }

    /**
     * Copies the bytes to send next, as many as there is room for, to the beginning of a buffer, and sets its position and
     * limit around them. After writing them call {@link #skip}.
     */
    public void copyTo(ByteBuffer target) {
        int end = 0;
        target.clear();
        for (int n = 0; n < count && end < target.capacity(); n++) {
            int at = (head + n) & (ring.length - 1);
            ByteBuffer buffer = ring[at];
            int from = kinds[at] != SHARED ? buffer.position() : n == 0 ? sharedSent : 0;
            int length = Math.min(buffer.limit() - from, target.capacity() - end);
            target.put(end, buffer, from, length);
            end += length;
        }
        target.limit(end);
    }

    /** Drops the next bytes, which were sent from a copy. */
    public void skip(long bytes) {
        size -= bytes;
        sent += bytes;
        long left = bytes;
        while (left > 0) {
            ByteBuffer first = ring[head];
            boolean shared = kinds[head] == SHARED;
            int remaining = shared ? first.limit() - sharedSent : first.remaining();
            if (left < remaining) {
                if (shared) {
                    sharedSent += (int) left;
                } else {
                    first.position(first.position() + (int) left);
                }
                return;
            }
            left -= remaining;
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

    // ---- The ring ----

    /** The last chunk, with room for at least {@code bytes} (at most 8) behind its limit. */
    private ByteBuffer room(int bytes) {
        if (count > 0) {
            int last = (head + count - 1) & (ring.length - 1);
            if (kinds[last] == CHUNK && ring[last].capacity() - ring[last].limit() >= bytes) {
                return ring[last];
            }
        }
        ByteBuffer fresh = source.acquire().limit(0);
        push(fresh, CHUNK);
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

    private void push(ByteBuffer buffer, byte kind) {
        if (count == ring.length) {
            grow();
        }
        int at = (head + count++) & (ring.length - 1);
        ring[at] = buffer;
        kinds[at] = kind;
    }

    private void grow() {
        ByteBuffer[] wider = new ByteBuffer[Math.max(2, ring.length * 2)];
        byte[] widerKinds = new byte[wider.length];
        for (int i = 0; i < count; i++) {
            wider[i] = ring[(head + i) & (ring.length - 1)];
            widerKinds[i] = kinds[(head + i) & (ring.length - 1)];
        }
        ring = wider;
        kinds = widerKinds;
        head = 0;
    }

    private void pop() {
        ByteBuffer first = ring[head];
        if (kinds[head] == CHUNK) {
            source.release(first.clear());
        } else if (kinds[head] == LARGE) {
            source.releaseLarge(first.clear());
        }
        ring[head] = null;
        sharedSent = 0;
        head = (head + 1) & (ring.length - 1);
        count--;
        if (count == 0 && ring.length > WIDEST_KEPT) {
            ring = NO_BUFFERS;
            kinds = NO_KINDS;
            head = 0;
        }
    }
}
