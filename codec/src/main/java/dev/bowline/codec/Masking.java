package dev.bowline.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The masking of RFC 6455 §5.3: byte i of the payload is XORed with byte i mod 4 of the key. Its own inverse. */
public final class Masking {
    private Masking() {}

    /**
     * Masks or unmasks a region in place, eight bytes at a time.
     *
     * @param buffer the buffer, big-endian and writable; position and limit are neither used nor changed
     * @param from index of the first byte
     * @param to index behind the last byte
     * @param key the masking key, its first byte on the wire in the highest bits; rotated by the caller where the region
     *     starts inside a payload: see {@link #rotate}
     */
    public static void apply(ByteBuffer buffer, int from, int to, int key) {
        assert buffer.order() == ByteOrder.BIG_ENDIAN;
        int i = from;
        long wide = ((key & 0xFFFF_FFFFL) << 32) | (key & 0xFFFF_FFFFL);
        for (int end = to - 7; i < end; i += 8) {
            buffer.putLong(i, buffer.getLong(i) ^ wide);
        }
        // Fewer than eight bytes are left and i - from is a multiple of 8, so the key is in phase.
        if (to - i >= 4) {
            buffer.putInt(i, buffer.getInt(i) ^ key);
            i += 4;
        }
        for (int shift = 24; i < to; i++, shift -= 8) {
            buffer.put(i, (byte) (buffer.get(i) ^ (key >>> shift)));
        }
    }

    /** The key for the bytes that follow the first {@code count} ones of a payload. */
    public static int rotate(int key, long count) {
        return Integer.rotateLeft(key, (int) (count & 3) << 3);
    }
}
