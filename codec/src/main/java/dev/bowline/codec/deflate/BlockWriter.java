package dev.bowline.codec.deflate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes DEFLATE blocks (RFC 1951 §3.2.3): each in the form, stored, fixed or dynamic, that takes the fewest bits. Not
 * thread-safe.
 */
final class BlockWriter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int STORED = 0;
    private static final int FIXED = 1;
    private static final int DYNAMIC = 2;

    private static final PrefixCode FIXED_LITERALS = PrefixCode.ofLengths(fixedLengths());
    private static final PrefixCode FIXED_DISTANCES = PrefixCode.ofLengths(filled(DeflateFormat.DISTANCE_SYMBOLS, 5));

    /** The order in which a dynamic block names the lengths of its code length code (§3.2.7). */
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private static final int COPY = 16; // repeat the last length 3 to 6 times, 2 extra bits
    private static final int ZEROS = 17; // 3 to 10 zeros, 3 extra bits
    private static final int MANY_ZEROS = 18; // 11 to 138 zeros, 7 extra bits

    private static final byte[] EMPTY = {};
    /** A scratch grown beyond this by one large message is not kept for the small ones after it. */
    private static final int KEPT_BYTES = 256 * 1024;
    /** Whole words are written, so some bytes behind the last one must exist. */
    private static final int SLACK = 16;

    private byte[] out = EMPTY;
    private ByteBuffer view = ByteBuffer.wrap(out);
    private int size;
    private long bits; // not yet written, the first of them lowest
    private int bitCount; // below 8 between tokens

    private final PrefixCode literals = new PrefixCode(DeflateFormat.LITERAL_SYMBOLS, DeflateFormat.MAX_CODE_BITS);
    private final PrefixCode distances = new PrefixCode(DeflateFormat.DISTANCE_SYMBOLS, DeflateFormat.MAX_CODE_BITS);
    private final PrefixCode codeLengths = new PrefixCode(ORDER.length, 7);
    private final int[] codeLengthFrequencies = new int[ORDER.length];
    // The lengths of both codes, run-length encoded: symbol | extra bits << 5.
    private final int[] runs = new int[DeflateFormat.LITERAL_SYMBOLS + DeflateFormat.DISTANCE_SYMBOLS];
    private int runCount;
    private int literalCodes;
    private int distanceCodes;
    private int namedLengths;

    private static int[] fixedLengths() {
        int[] lengths = new int[288];
        Arrays.fill(lengths, 0, 144, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        Arrays.fill(lengths, 280, 288, 8);
        return lengths;
    }

    private static int[] filled(int count, int value) {
        int[] all = new int[count];
        Arrays.fill(all, value);
        return all;
    }

    /** Begins a message. */
    void begin() {
        size = 0;
        bits = 0;
        bitCount = 0;
        if (out.length > KEPT_BYTES) {
            out = EMPTY;
        }
    }

    /**
     * Writes a block that is not the message's last in the sense of the format: messages share one stream.
     *
     * @param source the message; the block's bytes lie from index {@code from} to {@code to}
     */
    void block(TokenBlock block, ByteBuffer source, int from, int to) {
        block.literalFrequencies[DeflateFormat.END_OF_BLOCK]++;
        int extraBits = extraBits(block);
        literals.build(block.literalFrequencies);
        distances.build(block.distanceFrequencies);
        int fixedBits = 3
                + literals.cost(block.literalFrequencies, FIXED_LITERALS)
                + distances.cost(block.distanceFrequencies, FIXED_DISTANCES)
                + extraBits;
        int dynamicBits = dynamicHeader()
                + literals.cost(block.literalFrequencies, literals)
                + distances.cost(block.distanceFrequencies, distances)
                + extraBits;
        long storedBits = storedBits(to - from);
        int bestCoded = Math.min(fixedBits, dynamicBits);
        if (storedBits <= bestCoded) {
            reserve((int) (storedBits >>> 3) + 1);
            stored(source, from, to);
        } else {
            reserve((bestCoded >>> 3) + 1);
            if (fixedBits <= dynamicBits) {
                put(FIXED << 1, 3);
                tokens(block, FIXED_LITERALS, FIXED_DISTANCES);
            } else {
                writeDynamicHeader();
                tokens(block, literals, distances);
            }
        }
    }

    /**
     * Ends the message with an empty stored block, of which RFC 7692 §7.2.1 leaves out the last four bytes, always 00 00
     * ff ff: what remains are three zero bits, and more up to the end of the byte.
     */
    void end() {
        reserve(1);
        put(STORED, 3);
        alignToByte();
    }

    /** The bytes written since {@link #begin}, valid until its next call. */
    ByteBuffer written() {
        if (view.array() != out) {
            view = ByteBuffer.wrap(out);
        }
        return view.clear().limit(size);
    }

    // ---- Sizes ----

    private static int extraBits(TokenBlock block) {
        int total = 0;
        for (int symbol = 8; symbol < DeflateFormat.LENGTH_SYMBOLS; symbol++) {
            total += block.literalFrequencies[257 + symbol] * DeflateFormat.LENGTH_EXTRA_BITS[symbol];
        }
        for (int symbol = 4; symbol < DeflateFormat.DISTANCE_SYMBOLS; symbol++) {
            total += block.distanceFrequencies[symbol] * DeflateFormat.DISTANCE_EXTRA_BITS[symbol];
        }
        return total;
    }

    private long storedBits(int bytes) {
        long blocks = Math.max(1, (bytes + DeflateFormat.MAX_STORED_BYTES - 1L) / DeflateFormat.MAX_STORED_BYTES);
        // The first header is padded to the end of the byte begun, each further one fills a byte.
        int first = ((bitCount + 3 + 7) & ~7) - bitCount;
        return first + (blocks - 1) * 8 + blocks * 32 + 8L * bytes;
    }

    /** Prepares the header of a dynamic block for the codes built, and says how many bits it takes. */
    private int dynamicHeader() {
        literalCodes = literals.used[literals.usedCount - 1] + 1; // at least 257, as every block has an end
        distanceCodes = distances.used[distances.usedCount - 1] + 1;
        Arrays.fill(codeLengthFrequencies, 0);
        runCount = 0;
        encodeRuns();
        codeLengths.build(codeLengthFrequencies);
        namedLengths = ORDER.length;
        while (namedLengths > 4 && codeLengths.lengths[ORDER[namedLengths - 1]] == 0) {
            namedLengths--;
        }
        return 3
                + 5
                + 5
                + 4
                + 3 * namedLengths
                + codeLengths.cost(codeLengthFrequencies, codeLengths)
                + 2 * codeLengthFrequencies[COPY]
                + 3 * codeLengthFrequencies[ZEROS]
                + 7 * codeLengthFrequencies[MANY_ZEROS];
    }

    /** Run-length encodes the lengths of both codes as one sequence, as the format allows (§3.2.7). */
    private void encodeRuns() {
        int next = 0; // the place in the sequence behind the run
        int runLength = -1;
        int run = 0;
        for (int i = 0; i < literals.usedCount + distances.usedCount; i++) {
            boolean literal = i < literals.usedCount;
            int j = literal ? i : i - literals.usedCount;
            int place = literal ? literals.used[j] : literalCodes + distances.used[j];
            int length = literal ? literals.lengths[literals.used[j]] : distances.lengths[distances.used[j]];
            if (place != next) {
                addRuns(runLength, run);
                addZeros(place - next);
                runLength = length;
                run = 1;
            } else if (length == runLength) {
                run++;
            } else {
                addRuns(runLength, run);
                runLength = length;
                run = 1;
            }
            next = place + 1;
        }
        addRuns(runLength, run);
    }

    private void addZeros(int count) {
        int run = count;
        while (run >= 11) {
            int n = Math.min(run, 138);
            addRun(MANY_ZEROS, n - 11);
            run -= n;
        }
        if (run >= 3) {
            addRun(ZEROS, run - 3);
            run = 0;
        }
        for (; run > 0; run--) {
            addRun(0, 0);
        }
    }

    private void addRuns(int length, int count) {
        int run = count;
        if (run > 0) {
            addRun(length, 0);
            run--;
        }
        while (run >= 3) {
            int n = Math.min(run, 6);
            addRun(COPY, n - 3);
            run -= n;
        }
        for (; run > 0; run--) {
            addRun(length, 0);
        }
    }

    private void addRun(int symbol, int extra) {
        runs[runCount++] = symbol | extra << 5;
        codeLengthFrequencies[symbol]++;
    }

    // ---- Writing ----

    private void writeDynamicHeader() {
        put(DYNAMIC << 1, 3);
        put(literalCodes - 257, 5);
        put(distanceCodes - 1, 5);
        put(namedLengths - 4, 4);
        for (int i = 0; i < namedLengths; i++) {
            put(codeLengths.lengths[ORDER[i]], 3);
        }
        for (int i = 0; i < runCount; i++) {
            int symbol = runs[i] & 31;
            put(codeLengths.codes[symbol], codeLengths.lengths[symbol]);
            if (symbol >= COPY) {
                put(runs[i] >>> 5, symbol == COPY ? 2 : symbol == ZEROS ? 3 : 7);
            }
        }
    }

    private void stored(ByteBuffer source, int from, int to) {
        int at = from;
        do {
            int n = Math.min(to - at, DeflateFormat.MAX_STORED_BYTES);
            put(STORED << 1, 3);
            alignToByte();
            put(n, 16);
            put(~n & 0xFFFF, 16);
            source.get(at, out, size, n);
            size += n;
            at += n;
        } while (at < to);
    }

    /** Writes the block's tokens and its end; the bits are kept in locals, it is the innermost loop. */
    private void tokens(TokenBlock block, PrefixCode literalCode, PrefixCode distanceCode) {
        int[] tokens = block.tokens;
        int[] codes = literalCode.codes;
        int[] lengths = literalCode.lengths;
        int[] distanceCodes = distanceCode.codes;
        int[] distanceLengths = distanceCode.lengths;
        byte[] target = out;
        int at = size;
        long pending = bits;
        int pendingCount = bitCount;
        for (int i = 0, end = block.count; i < end; i++) {
            int token = tokens[i];
            if (token >>> 8 == 0) {
                pending |= (long) codes[token] << pendingCount;
                pendingCount += lengths[token];
            } else {
                int length = token & 0xFFFF;
                int distance = token >>> 16;
                int symbol = DeflateFormat.lengthSymbol(length);
                pending |= (long) codes[257 + symbol] << pendingCount;
                pendingCount += lengths[257 + symbol];
                pending |= (long) (length - DeflateFormat.LENGTH_BASE[symbol]) << pendingCount;
                pendingCount += DeflateFormat.LENGTH_EXTRA_BITS[symbol];
                symbol = DeflateFormat.distanceSymbol(distance);
                pending |= (long) distanceCodes[symbol] << pendingCount;
                pendingCount += distanceLengths[symbol];
                pending |= (long) (distance - DeflateFormat.DISTANCE_BASE[symbol]) << pendingCount;
                pendingCount += DeflateFormat.DISTANCE_EXTRA_BITS[symbol];
            }
            // At most 7 bits were left and 48 are new, so a word always takes them.
            LONG.set(target, at, pending);
            at += pendingCount >>> 3;
            pending >>>= pendingCount & ~7;
            pendingCount &= 7;
        }
        size = at;
        bits = pending;
        bitCount = pendingCount;
        put(codes[DeflateFormat.END_OF_BLOCK], lengths[DeflateFormat.END_OF_BLOCK]);
    }

    private void put(int value, int count) {
        bits |= (long) value << bitCount;
        bitCount += count;
        LONG.set(out, size, bits);
        size += bitCount >>> 3;
        bits >>>= bitCount & ~7;
        bitCount &= 7;
    }

    private void alignToByte() {
        if (bitCount > 0) {
            out[size++] = (byte) bits;
            bits = 0;
            bitCount = 0;
        }
    }

    private void reserve(int bytes) {
        if (out.length - size < bytes + SLACK) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, size + bytes + SLACK));
        }
    }
}
