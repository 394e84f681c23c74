package dev.bowline.codec;

import java.nio.ByteBuffer;

/**
 * Incremental UTF-8 validation (RFC 3629): fails at the first byte that no valid text can have there, so that a bad
 * message is refused before its end (RFC 6455 §8.1).
 *
 * <p>The state between two pieces is one {@code int}, kept by the caller. Overlong forms, surrogates (U+D800–U+DFFF)
 * and code points above U+10FFFF are invalid.
 */
public final class Utf8 {
    /** The state at the start of a text and after every complete code point. */
    public static final int ACCEPT = 0;
    /** The state after a byte that can't follow: the text is not UTF-8. */
    public static final int REJECT = -1;

    // Any other state holds how many continuation bytes are still due and, for the next one, its allowed range, which
    // is narrower than 80..BF after E0, ED, F0 and F4 (RFC 3629 §4): due << 16 | lowest << 8 | highest.
    private static final int ONE_DUE = state(1, 0x80, 0xBF);
    private static final int TWO_DUE = state(2, 0x80, 0xBF);

    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    private static int state(int due, int lowest, int highest) {
        return (due << 16) | (lowest << 8) | highest;
    }

    /**
     * Validates the next piece of a text.
     *
     * @param buffer the buffer; position and limit are neither used nor changed
     * @param from index of the first byte
     * @param to index behind the last byte
     * @param state the state after the pieces before: {@link #ACCEPT} for the first
     * @return the new state; the text may end here only if it is {@link #ACCEPT}
     */
    public static int validate(ByteBuffer buffer, int from, int to, int state) {
        int i = from;
        for (; i < to && state > ACCEPT; i++) { // what an earlier piece began
            state = next(state, buffer.get(i) & 0xFF);
        }
        if (state != ACCEPT) {
            return state;
        }
        i = skipAscii(buffer, i, to);
        while (i <= to - 8) {
            // What is not ASCII seldom comes alone.
            while (i <= to - 4) {
                int four = buffer.getInt(i);
                if (four >= 0) {
                    break;
                }
                int length = codePointLength(four);
                if (length == 0) {
                    return REJECT; // no text can go on with these four bytes, wherever the bad one is
                }
                i += length;
            }
            i = skipAscii(buffer, i, to);
        }
        for (; i < to && state != REJECT; i++) {
            state = next(state, buffer.get(i) & 0xFF);
        }
        return state;
    }

    /** Passes over ASCII eight bytes at a time: to the first other byte, or to where fewer than eight are left. */
    private static int skipAscii(ByteBuffer buffer, int from, int to) {
        int i = from;
        while (i <= to - 8) {
            long others = buffer.getLong(i) & HIGH_BITS;
            if (others != 0) {
                return i + (Long.numberOfLeadingZeros(others) >>> 3);
            }
            i += 8;
        }
        return i;
    }

    /** The state after another byte; not for {@link #REJECT}. */
    private static int next(int state, int b) {
        if (state == ACCEPT) {
            return b < 0x80 ? ACCEPT : lead(b);
        }
        if (b < ((state >>> 8) & 0xFF) || b > (state & 0xFF)) {
            return REJECT;
        }
        return switch (state >>> 16) {
            case 1 -> ACCEPT;
            case 2 -> ONE_DUE;
            default -> TWO_DUE;
        };
    }

    /**
     * The length of the code point that four bytes begin with, the first of them in the highest bits and of 80..FF; 0 if they
     * begin with none.
     */
    private static int codePointLength(int four) {
        if ((four & 0xE0C0_0000) == 0xC080_0000) {
            return (four & 0x1E00_0000) != 0 ? 2 : 0; // else overlong
        }
        if ((four & 0xF0C0_C000) == 0xE080_8000) {
            int top = four & 0x0F20_0000; // the upper five of sixteen bits
            return top != 0 && top != 0x0D20_0000 ? 3 : 0; // else overlong, or a surrogate
        }
        if ((four & 0xF8C0_C0C0) == 0xF080_8080) {
            int plane = four & 0x0730_0000;
            return plane != 0 && plane <= 0x0400_0000 ? 4 : 0; // else overlong, or above U+10FFFF
        }
        return 0;
    }

    /** The state after a lead byte of 80..FF: C2..DF begin two bytes, E0..EF three, F0..F4 four. */
    private static int lead(int b) {
        if (b >= 0xC2 && b <= 0xDF) {
            return ONE_DUE;
        }
        if (b >= 0xE0 && b <= 0xEF) {
            return state(2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
        }
        if (b >= 0xF0 && b <= 0xF4) {
            return state(3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
        }
        return REJECT;
    }
}
