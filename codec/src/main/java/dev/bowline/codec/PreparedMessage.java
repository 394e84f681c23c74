package dev.bowline.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message framed once, and compressed once, for sending to many: every server connection that shares its parameters
 * sends the same bytes. Immutable to its users, and safe from any thread.
 */
public final class PreparedMessage {
    /**
     * Frames up to this size are copied when they are written, together with what stands beside them; larger ones are written
     * from where they lie.
     */
    static final int COPY_BYTES = 16 * 1024;

    /** How many encodings are kept at most; with more sets of parameters than that, the rest encode each time. */
    private static final int MOST_ENCODINGS = 16;

    private final int opcode;
    private final Compression compression;
    private final Frame plain;
    // What extensions made of it, by their sharing keys; added to under this object's lock, read without.
    private volatile @Nullable Encoding encodings;

    /** An unmasked frame of it; position and limit of the buffer never move. */
    static final class Frame {
        private final int firstByte;
        private final ByteBuffer bytes;
        private final int headerBytes;

        private Frame(int firstByte, ByteBuffer payload) {
            int length = payload.remaining();
            this.firstByte = firstByte;
            this.headerBytes = FrameWriter.headerSize(length);
            int size = Math.addExact(headerBytes, length);
            // What is sent by reference is written from where it lies: off-heap, the JDK need not copy it for each
            // write.
            this.bytes = size <= COPY_BYTES ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
            FrameWriter.header(bytes, firstByte, length);
            bytes.put(headerBytes, payload, payload.position(), length);
            bytes.clear();
        }

        int firstByte() {
            return firstByte;
        }

        /** A read-only view of the payload, the caller's own. */
        ByteBuffer payload() {
            return bytes.asReadOnlyBuffer().position(headerBytes);
        }

        /** Queues the unmasked frame by reference. */
        void writeTo(OutputQueue output) {
            if (bytes.capacity() <= COPY_BYTES) {
                output.share(bytes);
            } else {
                output.append(bytes.duplicate());
            }
        }
    }

    private record Encoding(
            Object key, Frame frame, @Nullable Encoding next, int count) {}

    private PreparedMessage(int opcode, ByteBuffer payload, Compression compression) {
        this.opcode = opcode;
        this.compression = compression;
        this.plain = new Frame(FrameWriter.FIN | opcode, payload);
    }

    /** As {@link #text(String, Compression)}, compressed where that was negotiated and is worth it. */
    public static PreparedMessage text(String text) {
        return text(text, Compression.AUTO);
    }

    /** A text message; a surrogate without its pair is sent as a question mark. */
    public static PreparedMessage text(String text, Compression compression) {
        return new PreparedMessage(Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), compression);
    }

    /**
     * A text message with a copy of the UTF-8 between position and limit, which are not changed. It is not looked at: what is no UTF-8
     * makes the peer fail the connection (RFC 6455 §8.1).
     */
    public static PreparedMessage text(ByteBuffer utf8, Compression compression) {
        return new PreparedMessage(Opcode.TEXT, utf8, compression);
    }

    /** As {@link #binary(ByteBuffer, Compression)}, compressed where that was negotiated and is worth it. */
    public static PreparedMessage binary(ByteBuffer data) {
        return binary(data, Compression.AUTO);
    }

    /** A binary message with a copy of the bytes between position and limit; neither is changed. */
    public static PreparedMessage binary(ByteBuffer data, Compression compression) {
        return new PreparedMessage(Opcode.BINARY, data, compression);
    }

    /** {@link Opcode#TEXT} or {@link Opcode#BINARY}. */
    public int opcode() {
        return opcode;
    }

    /** Whether it is compressed, where that was negotiated. */
    public Compression compression() {
        return compression;
    }

    /** The payload's size in bytes. */
    public int payloadBytes() {
        return plain.bytes.capacity() - plain.headerBytes;
    }

    /** The size of the unmasked frame in bytes, as it is without any extension. */
    public int frameBytes() {
        return plain.bytes.capacity();
    }

    /** A read-only view of the payload, the caller's own. */
    public ByteBuffer payload() {
        return plain.payload();
    }

    /**
     * The unmasked frame without any extension, for who sends it past an {@link OutputQueue} or {@linkplain OutputQueue#share
     * shares} it: from index 0 to its limit. It is the same buffer each time, so neither position nor limit may be changed.
     * Null for a large message, which is not to be copied for each connection.
     */
    public @Nullable ByteBuffer sharedFrame() {
        return plain.bytes.capacity() <= COPY_BYTES ? plain.bytes : null;
    }

    /** The frame without any extension. */
    Frame plain() {
        return plain;
    }

    /**
     * The frame that an extension makes of it; encoded when first asked for.
     *
     * @param key the extension's sharing key
     */
    Frame encoded(Extension extension, Object key) {
        Frame found = find(key);
        return found != null ? found : encode(extension, key);
    }

    private @Nullable Frame find(Object key) {
        for (Encoding encoding = encodings; encoding != null; encoding = encoding.next()) {
            if (encoding.key().equals(key)) {
                return encoding.frame();
            }
        }
        return null;
    }

    /** Under the lock: a thread that waits for another's encoding waits no longer than its own would take. */
    private synchronized Frame encode(Extension extension, Object key) {
        Frame found = find(key);
        if (found != null) {
            return found;
        }
        ByteBuffer payload = extension.encode(opcode, plain.payload(), compression == Compression.ALWAYS);
        Frame frame = payload == null ? plain : new Frame(FrameWriter.FIN | extension.reservedBits() | opcode, payload);
        Encoding others = encodings;
        int count = others == null ? 0 : others.count();
        if (count < MOST_ENCODINGS) {
            encodings = new Encoding(key, frame, others, count + 1);
        }
        return frame;
    }
}
