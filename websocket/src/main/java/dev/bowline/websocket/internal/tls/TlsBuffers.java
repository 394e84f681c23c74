package dev.bowline.websocket.internal.tls;

import dev.bowline.codec.ExtensionScope;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.nio.ByteBuffer;

/**
 * The room that all TLS streams of one event loop work in: 166 KiB off-heap, however many streams there are. What must
 * outlive a call is copied out of it. Touched by the loop alone.
 */
final class TlsBuffers implements ExtensionScope.Shared {
    /** More than any record, and as much as a connection reads at a time. */
    private static final int IN_BYTES = 64 * 1024;

    /** No record that the JDK accepts or makes is larger; RFC 8446 §5.2 allows half as much. */
    static final int MAX_RECORD_BYTES = 34 * 1024;

    private static final int OUT_BYTES = 2 * MAX_RECORD_BYTES;

    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(MAX_RECORD_BYTES);
    private final SealedRecords sealed = new SealedRecords(ByteBuffer.allocateDirect(OUT_BYTES));
    private final ByteBuffer[] one = new ByteBuffer[1];
    private int[] marks = new int[64];

    /** Those of a loop; made when its first TLS stream asks. */
    static TlsBuffers of(EventLoop loop) {
        return loop.extensions().shared(TlsBuffers.class, TlsBuffers::new);
    }

    /** For records as they come; cleared. */
    ByteBuffer in() {
        return in.clear();
    }

    /** For the content of one record; cleared. */
    ByteBuffer plain() {
        return plain.clear();
    }

    /** For records to send; empty. */
    SealedRecords sealed() {
        return sealed.clear();
    }

    /** The buffer alone in an array, as a stream wants it. */
    ByteBuffer[] alone(ByteBuffer buffer) {
        one[0] = buffer;
        return one;
    }

    /** Notes where the buffers stand. */
    void mark(ByteBuffer[] buffers, int count) {
        if (marks.length < count) {
            marks = new int[count];
        }
        for (int i = 0; i < count; i++) {
            marks[i] = buffers[i].position();
        }
    }

    /** Moves the buffers back to where only {@code bytes} have been read since the mark. */
    void rewind(ByteBuffer[] buffers, int count, long bytes) {
        long left = bytes;
        for (int i = 0; i < count; i++) {
            int read = (int) Math.min(left, buffers[i].position() - marks[i]);
            buffers[i].position(marks[i] + read);
            left -= read;
        }
    }

    @Override
    public void close() {
        // The buffers are the garbage collector's.
    }
}
