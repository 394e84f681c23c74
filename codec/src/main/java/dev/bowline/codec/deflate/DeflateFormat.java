package dev.bowline.codec.deflate;

/** The alphabets of DEFLATE (RFC 1951 §3.2.5 to §3.2.7) as tables. */
final class DeflateFormat {
    static final int MIN_MATCH = 3;
    static final int MAX_MATCH = 258;
    static final int END_OF_BLOCK = 256;
    static final int LENGTH_SYMBOLS = 29;
    static final int LITERAL_SYMBOLS = 257 + LENGTH_SYMBOLS;
    static final int DISTANCE_SYMBOLS = 30;
    static final int MAX_CODE_BITS = 15;
    static final int MAX_STORED_BYTES = 0xFFFF;

    /** The largest distance is as large as the largest window. */
    static final int MAX_WINDOW_BITS = 15;

    /** The smallest window that RFC 7692 §7.1.2 knows. */
    static final int MIN_WINDOW_BITS = 8;

    // Of each length symbol, counted from 257: the shortest length it stands for, and how many extra bits follow it.
    static final int[] LENGTH_BASE = new int[LENGTH_SYMBOLS];
    static final int[] LENGTH_EXTRA_BITS = new int[LENGTH_SYMBOLS];
    static final int[] DISTANCE_BASE = new int[DISTANCE_SYMBOLS];
    static final int[] DISTANCE_EXTRA_BITS = new int[DISTANCE_SYMBOLS];

    private static final byte[] LENGTH_SYMBOL = new byte[MAX_MATCH + 1];

    /** Distances up to 256 stand for themselves, greater ones by the multiple of 128 they lie in. */
    private static final byte[] DISTANCE_SYMBOL = new byte[512];

    static {
        for (int symbol = 0, base = MIN_MATCH; symbol < LENGTH_SYMBOLS - 1; symbol++) {
            int extra = symbol < 8 ? 0 : symbol / 4 - 1;
            LENGTH_BASE[symbol] = base;
            LENGTH_EXTRA_BITS[symbol] = extra;
            for (int n = 1 << extra; n > 0; n--, base++) {
                LENGTH_SYMBOL[base] = (byte) symbol;
            }
        }
        // The longest match has a symbol of its own, without extra bits.
        LENGTH_BASE[LENGTH_SYMBOLS - 1] = MAX_MATCH;
        LENGTH_SYMBOL[MAX_MATCH] = LENGTH_SYMBOLS - 1;
        for (int symbol = 0, base = 1; symbol < DISTANCE_SYMBOLS; symbol++) {
            int extra = symbol < 4 ? 0 : symbol / 2 - 1;
            DISTANCE_BASE[symbol] = base;
            DISTANCE_EXTRA_BITS[symbol] = extra;
            int end = base + (1 << extra);
            for (; base < end; base += base <= 256 ? 1 : 128) {
                DISTANCE_SYMBOL[distanceIndex(base)] = (byte) symbol;
            }
        }
    }

    private DeflateFormat() {}

    private static int distanceIndex(int distance) {
        return distance <= 256 ? distance - 1 : 256 + ((distance - 1) >>> 7);
    }

    /** The symbol of a match length, counted from 257. */
    static int lengthSymbol(int length) {
        return LENGTH_SYMBOL[length];
    }

    static int distanceSymbol(int distance) {
        return DISTANCE_SYMBOL[distanceIndex(distance)];
    }
}
