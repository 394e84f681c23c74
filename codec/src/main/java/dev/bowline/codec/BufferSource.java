package dev.bowline.codec;

import java.nio.ByteBuffer;

/** Where the memory of connections comes from and goes back to: a pool, or the heap. Used by one thread. */
public interface BufferSource {
    /** From this size on, in bytes, messages are put together in buffers of {@link #acquireLarge}. */
    int LARGE_BYTES = 32 * 1024;

    /** A cleared, writable, big-endian chunk; all chunks of one source have the same capacity, at least 256 bytes. */
    ByteBuffer acquire();

    /** Takes back a chunk that {@link #acquire} gave; nobody else holds it. */
    void release(ByteBuffer buffer);

    /**
     * A cleared, writable, big-endian buffer for a large message.
     *
     * @param least the capacity that it must have, at least {@link #LARGE_BYTES}
     * @param wanted the capacity that would be welcome, at least {@code least}: given only where it costs no new memory
     */
    default ByteBuffer acquireLarge(int least, int wanted) {
        return ByteBuffer.allocate(least);
    }

    /** Takes back a buffer that {@link #acquireLarge} gave; nobody else holds it. */
    default void releaseLarge(ByteBuffer buffer) {}

    /** A source of fresh heap buffers, for tests and for embedders without a pool. */
    static BufferSource heap(int capacity) {
        return new BufferSource() {
            @Override
            public ByteBuffer acquire() {
                return ByteBuffer.allocate(capacity);
            }

            @Override
            public void release(ByteBuffer buffer) {}
        };
    }
}
