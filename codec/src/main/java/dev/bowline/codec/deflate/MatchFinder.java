package dev.bowline.codec.deflate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The LZ77 half of the compressor: a sliding window over what was compressed, and an index of where four bytes
 * stood in it. All that a compressor with context takeover must remember of a connection; its memory is
 * proportional to the window. Not thread-safe.
 *
 * <p>Positions are numbered on and on, over messages and windows. So to forget the window is to note that nothing
 * before the current position counts: stale entries of the index lie below it, and no table is cleared. What a message
 * is compressed to depends on nothing but itself and the window before it.
 */
final class MatchFinder {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int INDEXED_BYTES = 4;
    /** Spreads four bytes over the high bits: 2^32 by the golden ratio. */
    private static final int SPREAD = 0x9E37_79B1;
    /** With so many bytes ahead a match may have any length and every position in it be put into the index. */
    private static final int LOOKAHEAD = DeflateFormat.MAX_MATCH + 2 * INDEXED_BYTES;
    /** Positions are numbered anew before they overflow. */
    private static final int LAST_POSITION = 1 << 30;

    private final int windowSize;
    private final int windowMask;
    private final int hashShift;

    // The bytes: index i holds the one at position i + offset.
    private final byte[] bytes;
    private int offset;
    private int base; // the first position that counts
    private int at; // index of the first byte not yet made a token
    private int indexed; // index of the first byte not yet in the index
    private int end; // index behind the last byte

    private final int[] heads; // by the hash of four bytes: the last position they stood at
    private final char[] back; // by position: how far back the one before it with the same hash is, 0 for none

    MatchFinder(int windowBits) {
        windowSize = 1 << windowBits;
        windowMask = windowSize - 1;
        bytes = new byte[2 * windowSize + 2 * LOOKAHEAD];
        int hashBits = Math.max(8, windowBits - 1);
        hashShift = 32 - hashBits;
        heads = new int[1 << hashBits];
        back = new char[windowSize];
        offset = 1;
        base = 1;
    }

    /** Forgets the window: the next message refers to nothing before it. */
    void reset() {
        offset += end;
        base = offset;
        at = 0;
        indexed = 0;
        end = 0;
        if (offset > LAST_POSITION) {
            renumber();
        }
    }

    private void renumber() {
        Arrays.fill(heads, 0);
        offset = 1;
        base = 1;
    }

    /**
     * Makes tokens of the next bytes of a message, up to its end or until the block is full.
     *
     * @param source the message
     * @param from index of the first byte not taken yet
     * @param to index behind the message's last byte
     * @return the index up to which bytes of the message were taken; what is not yet a token is kept
     */
    int tokenize(ByteBuffer source, int from, int to, Effort effort, TokenBlock block) {
        int taken = from;
        while (true) {
            if (taken < to && end == bytes.length) {
                slide();
            }
            int n = Math.min(to - taken, bytes.length - end);
            source.get(taken, bytes, end, n);
            taken += n;
            end += n;
            int stop = taken == to ? end : end - LOOKAHEAD;
            if (effort.chained()) {
                chained(stop, effort, block);
            } else {
                fast(stop, block);
            }
            if (taken == to || block.isFull()) {
                return taken;
            }
        }
    }

    /** How many bytes were taken that are not yet tokens. */
    int waiting() {
        return end - at;
    }

    /** Moves the window to the front, to make room behind it. */
    private void slide() {
        int by = at - windowSize;
        if (by > 0) {
            index(Math.min(at, end - INDEXED_BYTES + 1)); // a match may reach from before the new front
            System.arraycopy(bytes, by, bytes, 0, end - by);
            offset += by;
            at -= by;
            indexed -= by;
            end -= by;
        }
        if (offset > LAST_POSITION) {
            renumberWithin();
        }
    }

    /** Numbers anew within a message or a kept window; the window is lost, which costs some bytes once in a gigabyte. */
    private void renumberWithin() {
        int done = at;
        System.arraycopy(bytes, done, bytes, 0, end - done);
        end -= done;
        at = 0;
        indexed = 0;
        renumber();
    }

    // ---- Parsing ----

    /** Looks at one place for each position, and takes the match that it finds there. */
    private void fast(int stop, TokenBlock block) {
        byte[] b = bytes;
        int[] table = heads;
        int shift = hashShift;
        int number = offset;
        int first = base;
        int window = windowSize;
        int limit = Math.min(stop, end - INDEXED_BYTES + 1);
        int i = at;
        while (i < limit && !block.isFull()) {
            int four = (int) INT.get(b, i);
            int hash = hash(four, shift);
            int position = i + number;
            int candidate = table[hash];
            table[hash] = position;
            if (candidate >= first && position - candidate <= window && (int) INT.get(b, candidate - number) == four) {
                int length = matchLength(b, candidate - number, i, Math.min(end - i, DeflateFormat.MAX_MATCH));
                block.match(length, position - candidate);
                i += length;
                if (i < limit) {
                    table[hash((int) INT.get(b, i - 1), shift)] = i - 1 + number;
                }
            } else {
                block.literal(b[i] & 0xFF);
                i++;
            }
        }
        while (i < stop && !block.isFull()) {
            block.literal(b[i] & 0xFF);
            i++;
        }
        at = i;
        indexed = i;
    }

    /**
     * Takes a match only if no longer one begins one byte later. The three places that put a position into the index
     * are written out: as a method of its own they cost a third more time.
     */
    private void chained(int stop, Effort effort, TokenBlock block) {
        byte[] b = bytes;
        int[] table = heads;
        char[] chain = back;
        int shift = hashShift;
        int mask = windowMask;
        int window = windowSize;
        int number = offset;
        int first = base;
        int limit = Math.min(stop, end - INDEXED_BYTES + 1);
        int depth = effort.depth();
        int nice = effort.niceLength();
        int patience = effort.lazyLength();
        int i = at;
        index(Math.min(i, limit));
        while (i < limit && !block.isFull()) {
            int position = i + number;
            int hash = hash((int) INT.get(b, i), shift);
            int distance = position - table[hash];
            table[hash] = position;
            if (distance > window || position - distance < first) {
                chain[position & mask] = 0;
                block.literal(b[i] & 0xFF);
                i++;
                continue;
            }
            chain[position & mask] = (char) distance;
            int match = longest(i, distance, INDEXED_BYTES - 1, depth, nice);
            if (match == 0) {
                block.literal(b[i] & 0xFF);
                i++;
                continue;
            }
            int next = i + 1;
            int length = match & 0x1FF;
            while (length < patience && next < limit && !block.isFull()) {
                position = next + number;
                hash = hash((int) INT.get(b, next), shift);
                distance = position - table[hash];
                table[hash] = position;
                if (distance > window || position - distance < first) {
                    chain[position & mask] = 0;
                    next++;
                    break;
                }
                chain[position & mask] = (char) distance;
                int better = longest(next, distance, length, depth >> 1, nice);
                next++;
                if (better == 0) {
                    break;
                }
                block.literal(b[i] & 0xFF);
                i++;
                match = better;
                length = better & 0x1FF;
            }
            block.match(length, (match >>> 9) + 1);
            i += length;
            for (int to = Math.min(i, end - INDEXED_BYTES + 1); next < to; next++) {
                position = next + number;
                hash = hash((int) INT.get(b, next), shift);
                distance = position - table[hash];
                table[hash] = position;
                chain[position & mask] = distance <= window ? (char) distance : 0;
            }
        }
        // The last three bytes come into the index when it is known what follows them.
        indexed = Math.max(indexed, Math.min(i, end - INDEXED_BYTES + 1));
        while (i < stop && i >= limit && !block.isFull()) {
            block.literal(b[i] & 0xFF);
            i++;
        }
        at = i;
    }

    /**
     * Finds the longest match at an index.
     *
     * @param first how far back the nearest candidate is
     * @param least the length to beat, at least 3
     * @return (distance − 1) << 9 | length, or 0 where none is longer
     */
    private int longest(int i, int first, int least, int depth, int nice) {
        byte[] b = bytes;
        char[] chain = back;
        int mask = windowMask;
        int most = Math.min(end - i, DeflateFormat.MAX_MATCH);
        int best = least;
        int result = 0;
        if (best >= most) {
            return 0;
        }
        int position = i + offset;
        int farthest = Math.min(position - base, windowSize);
        int four = (int) INT.get(b, i);
        int distance = first;
        int tries = depth;
        while (true) {
            int c = i - distance;
            if (b[c + best] == b[i + best] && (int) INT.get(b, c) == four) {
                int found = matchLength(b, c, i, most);
                if (found > best) {
                    best = found;
                    result = (distance - 1) << 9 | found;
                    if (found >= nice || found == most) {
                        return result;
                    }
                }
            }
            int step = chain[(position - distance) & mask];
            distance += step;
            if (step == 0 || distance > farthest || --tries <= 0) {
                return result;
            }
        }
    }

    /** Puts the positions up to, without, an index into the tables. */
    private void index(int to) {
        byte[] b = bytes;
        for (int i = indexed; i < to; i++) {
            int position = i + offset;
            int four = (int) INT.get(b, i);
            int hash = hash(four, hashShift);
            int distance = position - heads[hash];
            heads[hash] = position;
            back[position & windowMask] = distance <= windowSize ? (char) distance : 0;
        }
        indexed = Math.max(indexed, to);
    }

    private static int hash(int four, int shift) {
        return (four * SPREAD) >>> shift;
    }

    private static int matchLength(byte[] b, int c, int i, int most) {
        int length = 4;
        while (length <= most - 8) {
            long difference = (long) LONG.get(b, c + length) ^ (long) LONG.get(b, i + length);
            if (difference != 0) {
                return length + (Long.numberOfTrailingZeros(difference) >>> 3);
            }
            length += 8;
        }
        while (length < most && b[c + length] == b[i + length]) {
            length++;
        }
        return length;
    }
}
