package dev.bowline.codec.deflate;

import java.util.Arrays;

/**
 * An optimal prefix code of limited length for one alphabet (RFC 1951 §3.2.2), made anew for each block in place and
 * without allocating. Not thread-safe.
 *
 * <p>The tree is built by two queues within one array: the symbols, sorted by frequency, are merged with the inner
 * nodes, which come into being in that order by themselves (Moffat and Katajainen, 1995).
 */
final class PrefixCode {
    // An entry of the array that is worked in: a symbol in the low bits; above it a frequency, a parent or a depth.
    private static final int SYMBOL_BITS = 10;
    private static final int SYMBOL_MASK = (1 << SYMBOL_BITS) - 1;
    /** Symbols rarer than this are sorted by counting. */
    private static final int COUNTED = 32;

    /** The length of each symbol's code; 0 for one that does not occur. */
    final int[] lengths;
    /** Each symbol's code, its first bit lowest, as the bit stream wants it. */
    final int[] codes;

    private final int symbols;
    private final int maxBits;
    /** The symbols that occur, in their own order, {@link #usedCount} of them. */
    final int[] used;

    int usedCount;

    private final int[] nodes;
    private final int[] lengthCounts = new int[DeflateFormat.MAX_CODE_BITS + 2];
    private final int[] nextCode = new int[DeflateFormat.MAX_CODE_BITS + 2];
    private final int[] starts = new int[COUNTED + 1];

    PrefixCode(int symbols, int maxBits) {
        this.symbols = symbols;
        this.maxBits = maxBits;
        this.lengths = new int[symbols];
        this.codes = new int[symbols];
        this.used = new int[symbols + 1];
        this.nodes = new int[symbols];
    }

    /** A code of given lengths: the fixed ones of RFC 1951 §3.2.6. */
    static PrefixCode ofLengths(int... lengths) {
        PrefixCode code = new PrefixCode(lengths.length, DeflateFormat.MAX_CODE_BITS);
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            code.used[code.usedCount++] = symbol;
            code.lengths[symbol] = lengths[symbol];
            code.lengthCounts[lengths[symbol]]++;
        }
        code.assignCodes();
        return code;
    }

    /** Makes the code that takes the fewest bits for symbols that occur so often. */
    void build(int[] frequencies) {
        collect(frequencies);
        Arrays.fill(lengths, 0);
        Arrays.fill(lengthCounts, 0);
        if (usedCount < 2) {
            // One code of one bit is allowed, and none at all where there is no distance (RFC 1951 §3.2.7), but
            // not every decoder in the field takes an incomplete code.
            int only = usedCount == 0 ? 0 : used[0];
            used[0] = 0;
            used[1] = Math.max(only, 1);
            usedCount = 2;
            lengths[used[0]] = 1;
            lengths[used[1]] = 1;
            lengthCounts[1] = 2;
        } else {
            sort(frequencies);
            merge(usedCount);
            countLengths(usedCount);
            assignLengths();
        }
        assignCodes();
    }

    private void collect(int[] frequencies) {
        int[] found = used;
        int count = 0;
        for (int symbol = 0; symbol < symbols; symbol++) {
            found[count] = symbol;
            count += -frequencies[symbol] >>> 31; // one more where it occurs, without a branch to guess wrong
        }
        usedCount = count;
    }

    /** Puts the symbols that occur into {@link #nodes}, the rarest first. */
    private void sort(int[] frequencies) {
        Arrays.fill(starts, 0);
        for (int i = 0; i < usedCount; i++) {
            int frequency = frequencies[used[i]];
            if (frequency < COUNTED) {
                starts[frequency + 1]++;
            }
        }
        for (int i = 1; i <= COUNTED; i++) {
            starts[i] += starts[i - 1];
        }
        int often = starts[COUNTED]; // where those begin that are not counted
        int end = often;
        for (int i = 0; i < usedCount; i++) {
            int symbol = used[i];
            int frequency = frequencies[symbol];
            nodes[frequency < COUNTED ? starts[frequency]++ : end++] = frequency << SYMBOL_BITS | symbol;
        }
        if (end - often > 1) {
            Arrays.sort(nodes, often, end);
        }
    }

    private void merge(int used) {
        int leaf = 0; // the rarest symbol not yet merged
        int inner = 0; // the rarest inner node not yet merged
        for (int made = 0; made < used - 1; made++) {
            int sum = 0;
            for (int child = 0; child < 2; child++) {
                if (leaf < used && (inner == made || nodes[leaf] >>> SYMBOL_BITS <= nodes[inner] >>> SYMBOL_BITS)) {
                    sum += nodes[leaf++] >>> SYMBOL_BITS;
                } else {
                    sum += nodes[inner] >>> SYMBOL_BITS;
                    nodes[inner] = made << SYMBOL_BITS | (nodes[inner] & SYMBOL_MASK);
                    inner++;
                }
            }
            nodes[made] = sum << SYMBOL_BITS | (nodes[made] & SYMBOL_MASK);
        }
    }

    /** Walks down from the root, and counts how many leaves each depth has, none below {@link #maxBits}. */
    private void countLengths(int used) {
        int root = used - 2;
        lengthCounts[1] = 2;
        nodes[root] &= SYMBOL_MASK;
        for (int node = root - 1; node >= 0; node--) {
            int depth = (nodes[nodes[node] >>> SYMBOL_BITS] >>> SYMBOL_BITS) + 1;
            nodes[node] = depth << SYMBOL_BITS | (nodes[node] & SYMBOL_MASK);
            // An inner node takes the place of a leaf, and hangs two below it; where that is too deep, below a leaf
            // that stands higher.
            int at = Math.min(depth, maxBits);
            if (at == maxBits) {
                do {
                    at--;
                } while (lengthCounts[at] == 0);
            }
            lengthCounts[at]--;
            lengthCounts[at + 1] += 2;
        }
    }

    private void assignLengths() {
        int next = 0;
        for (int length = maxBits; length >= 1; length--) {
            for (int n = lengthCounts[length]; n > 0; n--) {
                lengths[nodes[next++] & SYMBOL_MASK] = length;
            }
        }
    }

    private void assignCodes() {
        int code = 0;
        for (int length = 1; length <= maxBits; length++) {
            code = (code + lengthCounts[length - 1]) << 1;
            nextCode[length] = code;
        }
        for (int i = 0; i < usedCount; i++) {
            int symbol = used[i];
            int length = lengths[symbol];
            codes[symbol] = Integer.reverse(nextCode[length]++) >>> (32 - length);
        }
    }

    /** The bits that the symbols used take, of these frequencies, in a code; extra bits not counted. */
    int cost(int[] frequencies, PrefixCode code) {
        int bits = 0;
        for (int i = 0; i < usedCount; i++) {
            int symbol = used[i];
            bits += frequencies[symbol] * code.lengths[symbol];
        }
        return bits;
    }
}
