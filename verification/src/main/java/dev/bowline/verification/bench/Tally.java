package dev.bowline.verification.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Where a codec's output goes: looks at little of each piece, but so that none can be left out. A keeping one also has
 * all the bytes, for comparing. Not thread-safe.
 */
final class Tally {
    private final boolean keeping;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private int pieces;
    private long bytes;
    private int digest;

    Tally(boolean keeping) {
        this.keeping = keeping;
    }

    /** Whether {@link #keep} is wanted for each piece as well. */
    boolean isKeeping() {
        return keeping;
    }

    /** A message, or a buffer that would be written. */
    void add(int length, byte last) {
        pieces++;
        bytes += length;
        digest = 31 * digest + last;
    }

    /** As {@link #add(int, byte)}; position and limit are not changed. */
    void add(ByteBuffer piece) {
        int length = piece.remaining();
        add(length, length == 0 ? 0 : piece.get(piece.limit() - 1));
        if (keeping) {
            byte[] content = new byte[length];
            piece.get(piece.position(), content);
            keep(content);
        }
    }

    void keep(byte[] content) {
        kept.writeBytes(content);
    }

    /** How many pieces came. */
    int pieces() {
        return pieces;
    }

    /** How many bytes came. */
    long bytes() {
        return bytes;
    }

    /** What depends on every piece. */
    int digest() {
        return digest;
    }

    /** All bytes, if they are kept. */
    byte[] kept() {
        return kept.toByteArray();
    }
}
