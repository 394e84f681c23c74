package dev.bowline.verification.conformance;

import java.util.Arrays;

/**
 * A decompressor (RFC 1951) for judging a compressor: slow, and strict where the JDK's is not, as it knows the window
 * that was agreed on and refuses what reaches back further.
 */
final class Inflate {
    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] DISTANCE_BASE = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int END_OF_BLOCK = 256;
    private static final int MAX_CODE_BITS = 15;

    private final int window;
    private byte[] in = {};
    private int bit; // of the input, the next one
    private byte[] out = new byte[64 * 1024]; // the window, then the message
    private int size;

    Inflate(int window) {
        this.window = window;
    }

    /** Lets nothing that follows reach back to what was. */
    void forget() {
        size = 0;
    }

    /**
     * Decompresses whole blocks, up to the end of the input.
     *
     * @throws IllegalArgumentException if they are wrong
     */
    byte[] inflate(byte[] blocks) {
        int kept = Math.min(size, window);
        System.arraycopy(out, size - kept, out, 0, kept);
        size = kept;
        in = blocks;
        bit = 0;
        while (bit < 8 * in.length) {
            boolean last = bits(1) == 1;
            switch (bits(2)) {
                case 0 -> stored();
                case 1 -> compressed(Huffman.FIXED_LITERALS, Huffman.FIXED_DISTANCES);
                case 2 -> dynamic();
                default -> throw new IllegalArgumentException("a block of type 3");
            }
            if (last) {
                // §7.2.3.4: allowed; what follows begins on a byte boundary.
                bit = (bit + 7) & ~7;
            }
        }
        return Arrays.copyOfRange(out, kept, size);
    }

    private int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= nextBit() << i;
        }
        return value;
    }

    private int nextBit() {
        if (bit >= 8 * in.length) {
            throw new IllegalArgumentException("the stream ends inside a block");
        }
        int value = in[bit >> 3] >> (bit & 7) & 1;
        bit++;
        return value;
    }

    private void stored() {
        bit = (bit + 7) & ~7;
        int length = bits(16);
        if ((bits(16) ^ 0xFFFF) != length) {
            throw new IllegalArgumentException("the two lengths of a stored block differ");
        }
        if (bit / 8 + length > in.length) {
            throw new IllegalArgumentException("the stream ends inside a stored block");
        }
        for (int i = 0; i < length; i++) {
            put(in[bit / 8 + i]);
        }
        bit += 8 * length;
    }

    private void dynamic() {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int codeLengths = bits(4) + 4;
        int[] lengths = new int[CODE_LENGTH_ORDER.length];
        for (int i = 0; i < codeLengths; i++) {
            lengths[CODE_LENGTH_ORDER[i]] = bits(3);
        }
        Huffman code = new Huffman(lengths);
        int[] all = new int[literals + distances];
        for (int i = 0; i < all.length; ) {
            int symbol = symbol(code);
            if (symbol < 16) {
                all[i++] = symbol;
                continue;
            }
            int repeat = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
            if ((symbol == 16 && i == 0) || i + repeat > all.length) {
                throw new IllegalArgumentException("a code length repeats out of bounds");
            }
            int value = symbol == 16 ? all[i - 1] : 0;
            Arrays.fill(all, i, i + repeat, value);
            i += repeat;
        }
        if (all[END_OF_BLOCK] == 0) {
            throw new IllegalArgumentException("a block whose code has no end");
        }
        compressed(
                new Huffman(Arrays.copyOf(all, literals)), new Huffman(Arrays.copyOfRange(all, literals, all.length)));
    }

    private void compressed(Huffman literals, Huffman distances) {
        while (true) {
            int symbol = symbol(literals);
            if (symbol == END_OF_BLOCK) {
                return;
            }
            if (symbol < END_OF_BLOCK) {
                put((byte) symbol);
                continue;
            }
            int index = symbol - END_OF_BLOCK - 1;
            if (index >= LENGTH_BASE.length) {
                throw new IllegalArgumentException("length symbol " + symbol);
            }
            int length = LENGTH_BASE[index] + bits(LENGTH_EXTRA[index]);
            int code = symbol(distances);
            if (code >= DISTANCE_BASE.length) {
                throw new IllegalArgumentException("distance symbol " + code);
            }
            copy(DISTANCE_BASE[code] + bits(Math.max(0, code / 2 - 1)), length);
        }
    }

    private void copy(int distance, int length) {
        if (distance > window) {
            throw new IllegalArgumentException("a match reaches back " + distance + " bytes, the window has " + window);
        }
        if (distance > size) {
            throw new IllegalArgumentException(
                    "a match reaches back " + distance + " bytes, to before the beginning, " + size + " bytes ago");
        }
        for (int i = 0; i < length; i++) {
            put(out[size - distance]);
        }
    }

    private void put(byte value) {
        if (size == out.length) {
            out = Arrays.copyOf(out, 2 * out.length);
        }
        out[size++] = value;
    }

    private int symbol(Huffman huffman) {
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= MAX_CODE_BITS; length++) {
            code |= nextBit();
            int count = huffman.counts[length];
            if (code - count < first) {
                return huffman.symbols[index + code - first];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        throw new IllegalArgumentException("a code that stands for nothing");
    }

    /** A canonical Huffman code: how many codes there are of each length, and the symbols in the order of their codes. */
    private static final class Huffman {
        private static final Huffman FIXED_LITERALS = new Huffman(fixedLiterals());
        private static final Huffman FIXED_DISTANCES = new Huffman(filled(30, 5));

        private final int[] counts = new int[MAX_CODE_BITS + 1];
        private final int[] symbols;

        Huffman(int[] lengths) {
            for (int length : lengths) {
                counts[length]++;
            }
            int[] offsets = new int[MAX_CODE_BITS + 2];
            int left = 1;
            for (int length = 1; length <= MAX_CODE_BITS; length++) {
                left = 2 * left - counts[length];
                if (left < 0) {
                    throw new IllegalArgumentException("a code with more words than there are");
                }
                offsets[length + 1] = offsets[length] + counts[length];
            }
            symbols = new int[offsets[MAX_CODE_BITS + 1]];
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] != 0) {
                    symbols[offsets[lengths[symbol]]++] = symbol;
                }
            }
            counts[0] = 0;
        }

        private static int[] fixedLiterals() {
            int[] lengths = filled(288, 8);
            Arrays.fill(lengths, 144, 256, 9);
            Arrays.fill(lengths, 256, 280, 7);
            return lengths;
        }

        private static int[] filled(int count, int length) {
            int[] lengths = new int[count];
            Arrays.fill(lengths, length);
            return lengths;
        }
    }
}
