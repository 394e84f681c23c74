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
        while (i < to) {
            if (state == ACCEPT) {
                // Text is mostly ASCII: pass over it eight bytes at a time.
                while (i <= to - 8 && (buffer.getLong(i) & HIGH_BITS) == 0) {
                    i += 8;
                }
                while (i < to && buffer.get(i) >= 0) {
                    i++;
                }
                if (i == to) {
                    return ACCEPT;
                }
                state = lead(buffer.get(i++) & 0xFF);
            } else {
                int next = buffer.get(i++) & 0xFF;
                if (next < ((state >>> 8) & 0xFF) || next > (state & 0xFF)) {
                    return REJECT;
                }
                state = switch (state >>> 16) {
                    case 1 -> ACCEPT;
                    case 2 -> ONE_DUE;
                    default -> TWO_DUE;
                };
            }
            if (state == REJECT) {
                return REJECT;
            }
        }
        return state;
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
