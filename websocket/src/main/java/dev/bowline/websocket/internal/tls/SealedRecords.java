package dev.bowline.websocket.internal.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * Encrypted records on their way out, and how many bytes of plaintext each stands for. Touched by its event loop alone.
 */
final class SealedRecords {
    private static final ByteBuffer[] NO_PLAINTEXT = {};

    // Still to be sent: what lies between position and limit.
    private ByteBuffer bytes;
    // Of each record: where it ends in the buffer, and its plaintext.
    private int[] ends = new int[2];
    private int[] plaintext = new int[2];
    private int first; // those before it have been sent
    private int count;

    /**
     * @param bytes what is to be sent as it is; behind it there may be room
     */
    SealedRecords(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Those that are still to be sent, on the heap and no larger than need be. */
    SealedRecords copy() {
        SealedRecords copy =
                new SealedRecords(ByteBuffer.allocate(bytes.remaining()).limit(0));
        copy.append(this);
        return copy;
    }

    SealedRecords clear() {
        bytes.clear().limit(0);
        first = 0;
        count = 0;
        return this;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    boolean isSent() {
        return !bytes.hasRemaining();
    }

    /** How many bytes more can be sealed. */
    int room() {
        return bytes.capacity() - bytes.limit();
    }

    /** Seals one record of what the engine itself has to say. */
    SSLEngineResult seal(SSLEngine engine) throws SSLException {
        return seal(engine, NO_PLAINTEXT, 0);
    }

    /** Seals one record; the buffers' positions move by what went into it. */
    SSLEngineResult seal(SSLEngine engine, ByteBuffer[] buffers, int buffersCount) throws SSLException {
        int from = bytes.position();
        int end = bytes.limit();
        bytes.clear().position(end);
        try {
            SSLEngineResult result = engine.wrap(buffers, 0, buffersCount, bytes);
            if (result.bytesProduced() > 0) {
                add(bytes.position(), result.bytesConsumed());
            }
            return result;
        } finally {
            bytes.limit(bytes.position()).position(from);
        }
    }

    /** Adds records behind these; they are left as they are. */
    void append(SealedRecords more) {
        int added = more.bytes.remaining();
        if (room() < added) {
            int left = bytes.remaining();
            int moved = bytes.position();
            bytes = ByteBuffer.allocate(left + Math.max(left, added)).put(bytes).flip();
            for (int i = first; i < count; i++) {
                ends[i] -= moved;
            }
        }
        int at = bytes.limit();
        bytes.limit(at + added).put(at, more.bytes, more.bytes.position(), added);
        for (int i = more.first; i < more.count; i++) {
            add(at + more.ends[i] - more.bytes.position(), more.plaintext[i]);
        }
    }

    private void add(int end, int consumed) {
        if (count == ends.length) {
            // Those that have been sent make room first, so it does not grow for ever.
            int live = count - first;
            int size = Math.max(2, 2 * live);
            ends = Arrays.copyOf(Arrays.copyOfRange(ends, first, count), size);
            plaintext = Arrays.copyOf(Arrays.copyOfRange(plaintext, first, count), size);
            first = 0;
            count = live;
        }
        ends[count] = end;
        plaintext[count++] = consumed;
    }

    /** Forgets the records whose last byte has been sent, and returns how much plaintext they stood for. */
    long takeSent() {
        long taken = 0;
        while (first < count && ends[first] <= bytes.position()) {
            taken += plaintext[first++];
        }
        return taken;
    }
}
