package dev.bowline.codec.deflate;

import java.util.Arrays;

/** The literals and matches of the block being made, with how often each symbol stands in it. Not thread-safe. */
final class TokenBlock {
    /** As many tokens as zlib takes: a block that is much longer fits its codes less well to what is in it. */
    private static final int CAPACITY = 16 * 1024;

    // A literal is its byte, a match is distance << 16 | length.
    final int[] tokens = new int[CAPACITY];
    int count;
    final int[] literalFrequencies = new int[DeflateFormat.LITERAL_SYMBOLS];
    final int[] distanceFrequencies = new int[DeflateFormat.DISTANCE_SYMBOLS];

    /** Whether there is no room for two more: a match that gives way takes a literal with it. */
    boolean isFull() {
        return count > CAPACITY - 2;
    }

    void literal(int octet) {
        tokens[count++] = octet;
        literalFrequencies[octet]++;
    }

    void match(int length, int distance) {
        tokens[count++] = distance << 16 | length;
        literalFrequencies[257 + DeflateFormat.lengthSymbol(length)]++;
        distanceFrequencies[DeflateFormat.distanceSymbol(distance)]++;
    }

    void clear() {
        count = 0;
        Arrays.fill(literalFrequencies, 0);
        Arrays.fill(distanceFrequencies, 0);
    }
}
