package dev.bowline.websocket.internal.loop;

import dev.bowline.codec.BufferSource;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The memory of one event loop's connections, off-heap and kept for the next use: chunks of outgoing queues, and buffers of
 * large messages. Touched by its loop alone.
 */
final class BufferPool implements BufferSource {
    static final int CHUNK_BYTES = 16 * 1024;

    /** How many idle chunks to keep, 4 MiB in all; what a burst needs beyond is left to the garbage collector. */
    private static final int MAX_IDLE = 256;

    /** How much memory for large messages to keep. */
    private static final int MAX_IDLE_LARGE_BYTES = 16 * 1024 * 1024;

    /** Larger ones are the heap's: memory off-heap that is not kept comes back only when the collector has found it. */
    private static final int LARGEST = 4 * 1024 * 1024;

    private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
    private int inUse;

    // By size: LARGE_BYTES, twice that … LARGEST.
    private final ArrayDeque<ByteBuffer>[] idleLarge = classes();
    private int idleLargeBytes;
    private int largeInUse;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type can't be made in another way
    private static ArrayDeque<ByteBuffer>[] classes() {
        ArrayDeque<ByteBuffer>[] classes = new ArrayDeque[sizeClass(LARGEST) + 1];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new ArrayDeque<>();
        }
        return classes;
    }

    /** The number of the smallest size that has room for so many bytes. */
    private static int sizeClass(int bytes) {
        return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros((bytes - 1) / LARGE_BYTES));
    }

    @Override
    public ByteBuffer acquire() {
        // The chunk used last is the one the processor's caches still hold.
        ByteBuffer chunk = idle.pollLast();
        if (chunk == null) {
            chunk = allocate(CHUNK_BYTES);
        }
        inUse++; // not where there was no memory for one
        return chunk;
    }

    @Override
    public void release(ByteBuffer buffer) {
        inUse--;
        if (idle.size() < MAX_IDLE) {
            idle.addLast(buffer);
        }
    }

    @Override
    public ByteBuffer acquireLarge(int least, int wanted) {
        ByteBuffer buffer = null;
        if (least <= LARGEST) {
            int smallest = sizeClass(least);
            for (int i = sizeClass(Math.min(wanted, LARGEST)); i >= smallest && buffer == null; i--) {
                buffer = idleLarge[i].pollLast();
            }
            for (int i = smallest + 1; i < idleLarge.length && buffer == null; i++) { // too large is better than new
                buffer = idleLarge[i].pollLast();
            }
            if (buffer == null) {
                buffer = allocate(LARGE_BYTES << smallest);
            } else {
                idleLargeBytes -= buffer.capacity();
            }
        } else {
            buffer = ByteBuffer.allocate(least);
        }
        largeInUse++;
        return buffer;
    }

    /** New memory off-heap; where there is none, what is kept of the large buffers is given up for it. */
    private ByteBuffer allocate(int bytes) {
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError e) {
            if (idleLargeBytes == 0) {
                throw e;
            }
            for (ArrayDeque<ByteBuffer> kept : idleLarge) {
                kept.clear();
            }
            idleLargeBytes = 0;
            return ByteBuffer.allocateDirect(bytes); // has the collector look for what was just let go
        }
    }

    @Override
    public void releaseLarge(ByteBuffer buffer) {
        largeInUse--;
        if (buffer.isDirect() && idleLargeBytes + buffer.capacity() <= MAX_IDLE_LARGE_BYTES) {
            idleLargeBytes += buffer.capacity();
            idleLarge[sizeClass(buffer.capacity())].addLast(buffer);
        }
    }

    /** How many chunks and large buffers were acquired and not released. */
    int inUse() {
        return inUse + largeInUse;
    }

    /** How many chunks are kept for the next use. */
    int idle() {
        return idle.size();
    }
}
