package dev.bowline.websocket.internal.loop;

import dev.bowline.codec.BufferSource;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** The chunks of one event loop's outgoing queues: off-heap, and kept for the next use. Touched by its loop alone. */
final class BufferPool implements BufferSource {
    static final int CHUNK_BYTES = 16 * 1024;

    /** How many idle chunks to keep, 4 MiB in all; what a burst needs beyond is left to the garbage collector. */
    private static final int MAX_IDLE = 256;

    private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
    private int inUse;

    @Override
    public ByteBuffer acquire() {
        // The chunk used last is the one the processor's caches still hold.
        ByteBuffer chunk = idle.pollLast();
        if (chunk == null) {
            chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
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

    /** How many chunks were acquired and not released. */
    int inUse() {
        return inUse;
    }

    /** How many chunks are kept for the next use. */
    int idle() {
        return idle.size();
    }
}
