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

    /** A burst may widen the ring to any size; when it is over, one wider than this is not kept. */
    private static final int WIDEST_KEPT = 64;

    // What an entry is. All but the shared ones are in reading state: position = next byte to send, limit = end of what
    // was written.
    private static final byte CHUNK = 0; // ours; the last one may be written on
    private static final byte REFERENCE = 1; // given to this queue alone
    private static final byte SHARED = 2; // in many queues at once, so that its position never moves
    private static final byte LOAN = 3; // the caller's, who will have it back; always the last one
    private static final byte LARGE = 4; // ours, for one copy of a large payload

    private final BufferSource source;
    private @Nullable ByteBuffer first; // most queues never hold more: then there is no ring
    private byte firstKind;
    private @Nullable Ring behind;
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
        ByteBuffer chunk = room(1);
        chunk.put(extend(chunk, 1), (byte) value);
    }

    /** Copies two bytes, the high one first. */
    public void putShort(int value) {
        ByteBuffer chunk = room(2);
        chunk.putShort(extend(chunk, 2), (short) value);
    }

    /** As {@link #putShort}, and {@link #put} of at most 125 bytes, in one: what most frames of a server are. */
    void putShortAnd(int value, ByteBuffer bytes) {
        int n = bytes.remaining();
        ByteBuffer chunk = room(2 + n);
        int at = extend(chunk, 2 + n);
        chunk.putShort(at, (short) value).put(at + 2, bytes, bytes.position(), n);
    }

    /** Copies four bytes, the highest first. */
    public void putInt(int value) {
        ByteBuffer chunk = room(4);
        chunk.putInt(extend(chunk, 4), value);
    }

    /** Copies eight bytes, the highest first. */
    public void putLong(long value) {
        ByteBuffer chunk = room(8);
        chunk.putLong(extend(chunk, 8), value);
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
            int at = extend(chunk, n);
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
        if (first != null && lastKind() == LOAN) { // else it was sent, or dropped
            dropLast();
            size -= lent.remaining();
            copy(lent, 0, false);
        }
        lent.position(loanPosition);
    }

    // ---- Sending ----

    /** How many buffers hold what is to be sent. */
    public int buffers() {
        return first == null ? 0 : 1 + countBehind();
    }

    /**
     * Puts the buffers to send next into {@code into}, for one gathering write, up to the first one that is shared. The queue
     * still owns them: after the write call {@link #sent}.
     *
     * @return how many were put there; zero where the next one is shared
     */
    public int gather(ByteBuffer[] into) {
        if (first == null || firstKind == SHARED) {
            return 0;
        }
        into[0] = first;
        return behind == null ? 1 : 1 + behind.gather(into, 1);
    }

    /** Drops what a write has consumed of gathered buffers: their positions have moved by {@code bytes} in all. */
    public void sent(long bytes) {
        size -= bytes;
        sent += bytes;
        while (first != null && firstKind != SHARED && !first.hasRemaining()) {
            pop();
        }
    }

    /**
     * Copies the bytes to send next, as many as there is room for, to the beginning of a buffer, and sets its position and
     * limit around them. After writing them call {@link #skip}.
     */
    public void copyTo(ByteBuffer target) {
        target.clear();
        if (first != null) {
            copyTo(target, first, firstKind == SHARED ? sharedSent : first.position());
            if (behind != null) {
                behind.copyTo(target);
            }
        }
        target.flip();
    }

    private static void copyTo(ByteBuffer target, ByteBuffer buffer, int from) {
        int n = Math.min(buffer.limit() - from, target.remaining());
        target.put(target.position(), buffer, from, n).position(target.position() + n);
    }

    /** Drops the next bytes, which were sent from a copy. */
    public void skip(long bytes) {
        size -= bytes;
        sent += bytes;
        long left = bytes;
        while (left > 0 && first != null) {
            boolean shared = firstKind == SHARED;
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
        while (first != null) {
            pop();
        }
        sent += size;
        size = 0;
    }

    // ---- The entries ----

    /** The last chunk, with room for at least {@code bytes} (few, to a chunk) behind its limit. */
    private ByteBuffer room(int bytes) {
        ByteBuffer last = last();
        if (last != null && lastKind() == CHUNK && last.capacity() - last.limit() >= bytes) {
            return last;
        }
        ByteBuffer fresh = source.acquire().limit(0);
        push(fresh, CHUNK);
        return fresh;
    }

    /** Moves the chunk's limit on by {@code bytes} and returns the index at which they are to be written. */
    private int extend(ByteBuffer chunk, int bytes) {
        int at = chunk.limit();
        chunk.limit(at + bytes);
        size += bytes;
        return at;
    }

    private int countBehind() {
        return behind == null ? 0 : behind.count;
    }

    private @Nullable ByteBuffer last() {
        return behind == null || behind.count == 0 ? first : behind.buffers[behind.last()];
    }

    private byte lastKind() {
        return behind == null || behind.count == 0 ? firstKind : behind.kinds[behind.last()];
    }

    private void push(ByteBuffer buffer, byte kind) {
        if (first == null) {
            first = buffer;
            firstKind = kind;
            return;
        }
        if (behind == null) {
            behind = new Ring();
        }
        behind.add(buffer, kind);
    }

    /** Takes the last one out and leaves it as it is. */
    private void dropLast() {
        if (behind == null || behind.count == 0) {
            first = null;
        } else {
            behind.dropLast();
        }
    }

    /** Takes the first one out, with its memory given back. */
    private void pop() {
        ByteBuffer done = first;
        if (done != null && firstKind == CHUNK) {
            source.release(done.clear());
        } else if (done != null && firstKind == LARGE) {
            source.releaseLarge(done.clear());
        }
        sharedSent = 0;
        if (behind != null && behind.count > 0) {
            firstKind = behind.kinds[behind.head];
            first = behind.dropFirst();
            return;
        }
        first = null;
        if (behind != null && behind.buffers.length > WIDEST_KEPT) {
            behind = null;
        }
    }

    /** What stands behind the first one. */
    private static final class Ring {
        private @Nullable ByteBuffer[] buffers = new ByteBuffer[2];
        private byte[] kinds = new byte[2];
        private int head;
        private int count;

        /** The place of the n-th one. */
        private int at(int n) {
            return (head + n) & (buffers.length - 1);
        }

        int last() {
            return at(count - 1);
        }

        void add(ByteBuffer buffer, byte kind) {
            if (count == buffers.length) {
                grow();
            }
            int at = at(count++);
            buffers[at] = buffer;
            kinds[at] = kind;
        }

        private void grow() {
            ByteBuffer[] wider = new ByteBuffer[buffers.length * 2];
            byte[] widerKinds = new byte[wider.length];
            for (int n = 0; n < count; n++) {
                wider[n] = buffers[at(n)];
                widerKinds[n] = kinds[at(n)];
            }
            buffers = wider;
            kinds = widerKinds;
            head = 0;
        }

        @Nullable
        ByteBuffer dropFirst() {
            ByteBuffer dropped = buffers[head];
            buffers[head] = null;
            head = at(1);
            count--;
            return dropped;
        }

        void dropLast() {
            buffers[last()] = null;
            count--;
        }

        /** Puts buffers into {@code into}, from an index on, up to the first one that is shared; returns how many. */
        int gather(ByteBuffer[] into, int from) {
            int most = Math.min(count, into.length - from);
            for (int n = 0; n < most; n++) {
                ByteBuffer buffer = buffers[at(n)];
                if (buffer == null || kinds[at(n)] == SHARED) {
                    return n;
                }
                into[from + n] = buffer;
            }
            return most;
        }

        void copyTo(ByteBuffer target) {
            for (int n = 0; n < count && target.hasRemaining(); n++) {
                ByteBuffer buffer = buffers[at(n)];
                if (buffer != null) {
                    OutputQueue.copyTo(target, buffer, kinds[at(n)] == SHARED ? 0 : buffer.position());
                }
            }
        }
    }
}
