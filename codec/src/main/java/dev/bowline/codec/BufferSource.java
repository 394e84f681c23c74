package dev.bowline.codec;

import java.nio.ByteBuffer;

/** Where an {@link OutputQueue} gets its chunks and gives them back: a pool, or the heap. Used by one thread. */
public interface BufferSource {
    /** A cleared, writable, big-endian buffer; all chunks of one source have the same capacity, at least 256 bytes. */
    ByteBuffer acquire();

    /** Takes back a buffer that {@link #acquire} gave; nobody else holds it. */
    void release(ByteBuffer buffer);

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
