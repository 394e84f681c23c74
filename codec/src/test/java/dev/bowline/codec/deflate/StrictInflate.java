package dev.bowline.codec.deflate;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A DEFLATE decoder written from RFC 1951 alone, slow and strict, as a second judge beside zlib: it refuses a distance
 * beyond a given window, incomplete and oversubscribed codes, and bits that are set in padding.
 */
final class StrictInflate {
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int[] LENGTHS = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] DISTANCES = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577
    };

    private final int window;
    private byte[] history = {}; // everything that may still be referred to
    int farthest;
    int stored;
    int fixed;
    int dynamic;

    private byte[] in = {};
    private long at; // in bits
    private ByteArrayOutputStream out = new ByteArrayOutputStream();

    StrictInflate(int windowBits) {
        this.window = 1 << windowBits;
    }

    void forget() {
        history = new byte[0];
    }

    /** Decodes one message without its tail of four bytes, which it must be ended by (RFC 7692 §7.2.2). */
    byte[] message(byte[] compressed) {
        in = Arrays.copyOf(compressed, compressed.length + 4);
        in[compressed.length + 2] = (byte) 0xFF;
        in[compressed.length + 3] = (byte) 0xFF;
        at = 0;
        out = new ByteArrayOutputStream();
        out.writeBytes(history);
        boolean emptyStored = false;
        while (at < in.length * 8L) {
            emptyStored = block();
        }
        if (at != in.length * 8L || !emptyStored) {
            throw new AssertionError("does not end with an empty stored block");
        }
        byte[] all = out.toByteArray();
        byte[] message = Arrays.copyOfRange(all, history.length, all.length);
        history = Arrays.copyOfRange(all, Math.max(0, all.length - window), all.length);
        return message;
    }

    private int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++, at++) {
            value |= (in[(int) (at >>> 3)] >>> (at & 7) & 1) << i;
        }
        return value;
    }

    /** Returns whether it was an empty stored block. */
    private boolean block() {
        if (bits(1) != 0) {
            throw new AssertionError("BFINAL is set");
        }
        switch (bits(2)) {
            case 0 -> {
                if (bits((int) (-at & 7)) != 0) {
                    throw new AssertionError("padding is not zero");
                }
                int length = bits(16);
                if (bits(16) != (length ^ 0xFFFF)) {
                    throw new AssertionError("LEN and NLEN differ");
                }
                for (int i = 0; i < length; i++) {
                    out.write(bits(8));
                }
                stored += length > 0 ? 1 : 0;
                return length == 0;
            }
            case 1 -> {
                int[] literals = new int[288];
                Arrays.fill(literals, 0, 144, 8);
                Arrays.fill(literals, 144, 256, 9);
                Arrays.fill(literals, 256, 280, 7);
                Arrays.fill(literals, 280, 288, 8);
                int[] distances = new int[32];
                Arrays.fill(distances, 5);
                codes(literals, distances);
                fixed++;
            }
            case 2 -> {
                dynamicBlock();
                dynamic++;
            }
            default -> throw new AssertionError("BTYPE is 3");
        }
        return false;
    }

    private void dynamicBlock() {
        int literalCount = bits(5) + 257;
        int distanceCount = bits(5) + 1;
        int named = bits(4) + 4;
        if (literalCount > 286 || distanceCount > 30) {
            throw new AssertionError(literalCount + " and " + distanceCount + " codes");
        }
        int[] codeLengths = new int[19];
        for (int i = 0; i < named; i++) {
            codeLengths[ORDER[i]] = bits(3);
        }
        requireComplete(codeLengths);
        int[] codeLengthTable = canonical(codeLengths);
        int[] lengths = new int[literalCount + distanceCount];
        for (int i = 0; i < lengths.length; ) {
            int symbol = symbol(codeLengthTable);
            if (symbol < 16) {
                lengths[i++] = symbol;
            } else {
                int value = symbol == 16 ? lengths[i - 1] : 0;
                int repeat = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
                Arrays.fill(lengths, i, i + repeat, value); // throws where it is too long
                i += repeat;
            }
        }
        int[] literals = Arrays.copyOf(lengths, literalCount);
        int[] distances = Arrays.copyOfRange(lengths, literalCount, lengths.length);
        requireComplete(literals);
        requireComplete(distances);
        codes(literals, distances);
    }

    private static void requireComplete(int[] lengths) {
        long used = 0;
        for (int length : lengths) {
            used += length == 0 ? 0 : 1L << (15 - length);
        }
        if (used != 1 << 15) {
            throw new AssertionError("code is not complete: " + Arrays.toString(lengths));
        }
    }

    /** The symbols in the order of their codes, and behind them how many codes have each length. */
    private static int[] canonical(int[] lengths) {
        int[] table = new int[lengths.length + 16];
        int next = 0;
        for (int length = 1; length <= 15; length++) {
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    table[next++] = symbol;
                    table[lengths.length + length]++;
                }
            }
        }
        return table;
    }

    private int symbol(int[] table) {
        int code = 0;
        int first = 0;
        int before = 0;
        for (int length = 1; length <= 15; length++) {
            code = (code << 1) | bits(1);
            int count = table[table.length - 16 + length];
            if (code - first < count) {
                return table[before + code - first];
            }
            before += count;
            first = (first + count) << 1;
        }
        throw new AssertionError("no such code");
    }

    private void codes(int[] literalLengths, int[] distanceLengths) {
        int[] literals = canonical(literalLengths);
        int[] distances = canonical(distanceLengths);
        byte[] all = out.toByteArray();
        int size = all.length;
        while (true) {
            int symbol = symbol(literals);
            if (symbol == 256) {
                break;
            }
            if (symbol < 256) {
                all = room(all, size + 1);
                all[size++] = (byte) symbol;
                continue;
            }
            int i = symbol - 257;
            int length = LENGTHS[i] + bits(i < 8 || i == 28 ? 0 : i / 4 - 1);
            int j = symbol(distances);
            int distance = DISTANCES[j] + bits(j < 4 ? 0 : j / 2 - 1);
            if (distance > size) {
                throw new AssertionError("distance " + distance + " reaches before the first byte");
            }
            if (distance > window) {
                throw new AssertionError("distance " + distance + " reaches beyond the window of " + window);
            }
            farthest = Math.max(farthest, distance);
            all = room(all, size + length);
            for (int k = 0; k < length; k++, size++) {
                all[size] = all[size - distance];
            }
        }
        out = new ByteArrayOutputStream(size);
        out.write(all, 0, size);
    }

    private static byte[] room(byte[] all, int size) {
        return size <= all.length ? all : Arrays.copyOf(all, Math.max(size, all.length * 2));
    }
}
