package dev.bowline.codec;

import dev.bowline.testkit.Splits;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input of a fuzz test that says itself how it is cut: a byte of which the low four bits say how many cuts there are
 * and the high four are options of the test, then a byte for the length of each piece, then what the peer sends.
 */
public final class CutInput {
    private final int options;
    private final byte[] bytes;
    private final int[] cuts;

    private CutInput(int options, byte[] bytes, int[] cuts) {
        this.options = options;
        this.bytes = bytes;
        this.cuts = cuts;
    }

    /** Reads an input; null where it has not even a first byte. */
    public static @Nullable CutInput of(byte[] input) {
        if (input.length == 0) {
            return null;
        }
        int count = Math.min(input[0] & 15, input.length - 1);
        int[] cuts = new int[count];
        byte[] bytes = Arrays.copyOfRange(input, 1 + count, input.length);
        for (int i = 0, at = 0; i < count; i++) {
            at = Math.min(bytes.length, at + (input[1 + i] & 0xFF));
            cuts[i] = at;
        }
        return new CutInput(input[0] & 0xF0, bytes, cuts);
    }

    /** The high four bits of the first byte. */
    public int options() {
        return options;
    }

    /** How many bytes the peer sends. */
    public int length() {
        return bytes.length;
    }

    /** Fresh buffers with the pieces. */
    public List<ByteBuffer> pieces() {
        return Splits.at(bytes, cuts);
    }

    /** A fresh buffer with all of it. */
    public List<ByteBuffer> whole() {
        return List.of(Splits.whole(bytes, false));
    }

    /** How it is cut, for a failure's message. */
    public String describe() {
        return "in cuts " + Arrays.toString(cuts);
    }
}
