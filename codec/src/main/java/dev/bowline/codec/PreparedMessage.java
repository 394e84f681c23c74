package dev.bowline.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A message framed once, for sending to many: every server connection that shares its parameters sends the same bytes.
 * Immutable and safe from any thread.
 */
public final class PreparedMessage {
    /**
     * Frames up to this size are cheaper to copy into a connection's chunk, where they leave in one piece with what
     * stands beside them, than to refer to.
     */
    static final int COPY_BYTES = 1024;

    private final int opcode;
    private final ByteBuffer frame; // unmasked header and payload; position and limit never move
    private final int headerBytes;

    private PreparedMessage(int opcode, ByteBuffer payload) {
        int length = payload.remaining();
        this.opcode = opcode;
        this.headerBytes = FrameWriter.headerSize(length);
        int size = Math.addExact(headerBytes, length);
        // What is sent by reference is written from where it lies: off-heap, the JDK need not copy it for each write.
        this.frame = size <= COPY_BYTES ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
        FrameWriter.header(frame, FrameWriter.FIN | opcode, length);
        frame.put(headerBytes, payload, payload.position(), length);
        frame.clear();
    }

    /** A text message; a surrogate without its pair is sent as a question mark. */
    public static PreparedMessage text(String text) {
        return new PreparedMessage(Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A binary message with a copy of the bytes between position and limit; neither is changed. */
    public static PreparedMessage binary(ByteBuffer data) {
        return new PreparedMessage(Opcode.BINARY, data);
    }

    /** {@link Opcode#TEXT} or {@link Opcode#BINARY}. */
    public int opcode() {
        return opcode;
    }

    /** The payload's size in bytes. */
    public int payloadBytes() {
        return frame.capacity() - headerBytes;
    }

    /** The size of the unmasked frame in bytes. */
    public int frameBytes() {
        return frame.capacity();
    }

    /** A read-only view of the payload, the caller's own. */
    public ByteBuffer payload() {
        return frame.asReadOnlyBuffer().position(headerBytes);
    }

    /** Queues the unmasked frame: copied where it is small, by reference where it is not. */
    void writeTo(OutputQueue output) {
        if (frame.capacity() <= COPY_BYTES) {
            output.put(frame);
        } else {
            output.append(frame.duplicate());
        }
    }
}
