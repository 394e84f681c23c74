package dev.bowline.session.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The content of a WebSocket message, or of the part of one behind its header: bytes, and whether they are text. Immutable, as
 * long as nobody changes the bytes of the buffer that it was made of: it refers to them.
 */
public final class Payload {
    /** No text. */
    public static final Payload NONE = new Payload(ByteBuffer.allocate(0), true);

    private final ByteBuffer bytes;
    private final boolean text;

    private Payload(ByteBuffer bytes, boolean text) {
        this.bytes = bytes.asReadOnlyBuffer();
        this.text = text;
    }

    /** A text; a surrogate without its pair becomes a question mark. */
    public static Payload text(String text) {
        return text.isEmpty() ? NONE : new Payload(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true);
    }

    /** The UTF-8 between position and limit, by reference. */
    public static Payload text(ByteBuffer utf8) {
        return new Payload(utf8, true);
    }

    /** The bytes between position and limit, by reference. */
    public static Payload binary(ByteBuffer bytes) {
        return new Payload(bytes, false);
    }

    /** Whether it travels in a text message. */
    public boolean isText() {
        return text;
    }

    /** The number of its bytes. */
    public int size() {
        return bytes.remaining();
    }

    /** A read-only view of its bytes, the caller's own. */
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** Its bytes as text. */
    public String asText() {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    // ---- In one piece, for who keeps it ----

    /** Its bytes, behind one that says whether they are text. */
    public byte[] pack() {
        return ByteBuffer.allocate(1 + size())
                .put((byte) (text ? 't' : 'b'))
                .put(bytes())
                .array();
    }

    /** What {@link #pack} gave, from the index {@code from} up to {@code to}, by reference. */
    public static Payload unpack(byte[] packed, int from, int to) {
        ByteBuffer bytes = ByteBuffer.wrap(packed, from + 1, to - from - 1);
        return packed[from] == 't' ? text(bytes) : binary(bytes);
    }

    /** The part from an index on, by reference. */
    Payload from(int index) {
        ByteBuffer rest = bytes.duplicate();
        return new Payload(rest.position(rest.position() + index), text);
    }

    /** The byte at an index. */
    byte at(int index) {
        return bytes.get(bytes.position() + index);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && text == that.text && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    /** How much there is: what it says is the application's, and may be secret. */
    @Override
    public String toString() {
        return size() + (text ? " bytes of text" : " bytes");
    }
}
