package dev.bowline.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The masking of RFC 6455 §5.3: byte i of the payload is XORed with byte i mod 4 of the key. Its own inverse.
 *
 * <p>Large regions go through loops that the JIT compiler turns into vector instructions, on JDK 17 as on later ones. It
 * does so only for loops of {@code long}s in the processor's own byte order over memory of one kind: hence one loop
 * for arrays and one for buffers outside the heap. {@code scripts/bench codec} measures it.
 */
public final class Masking {
    /** From so many bytes on the loops that are vectorised are no slower. */
    private static final int WIDE_BYTES = 64;

    /** Made when it is first needed: an event loop, whose memory is all outside the heap, starts sooner without. */
    private static final class InArray {
        static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    }

    private Masking() {}

    /**
     * Masks or unmasks a region in place.
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
        if (to - i >= WIDE_BYTES) {
            Objects.checkFromToIndex(from, to, buffer.limit());
            int n = (to - i) & -8;
            long word = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? wide : Long.reverseBytes(wide);
            if (buffer.hasArray()) {
                applyToArray(buffer.array(), buffer.arrayOffset() + i, n, word);
            } else {
                applyToBuffer(buffer, i, n, word);
            }
            i += n;
        }
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

    private static void applyToArray(byte[] array, int from, int count, long word) {
        for (int i = from, end = from + count; i < end; i += 8) {
            InArray.LONGS.set(array, i, (long) InArray.LONGS.get(array, i) ^ word);
        }
    }

    private static void applyToBuffer(ByteBuffer buffer, int from, int count, long word) {
        buffer.order(ByteOrder.nativeOrder());
        // The AND changes nothing, as no index is negative; JDK 17 vectorises only if it sees that.
        for (int i = from & Integer.MAX_VALUE, end = from + count; i < end; i += 8) {
            buffer.putLong(i, buffer.getLong(i) ^ word);
        }
        buffer.order(ByteOrder.BIG_ENDIAN);
    }

    /** The key for the bytes that follow the first {@code count} ones of a payload. */
    public static int rotate(int key, long count) {
        return Integer.rotateLeft(key, (int) (count & 3) << 3);
    }
}
