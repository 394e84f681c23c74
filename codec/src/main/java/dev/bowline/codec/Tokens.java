package dev.bowline.codec;

import java.util.BitSet;

/** The {@code token} rule that header names, methods, subprotocols and extensions share (RFC 9110 §5.6.2). */
public final class Tokens {
    private static final BitSet CHARS = new BitSet(128);

    static {
        "!#$%&'*+-.^_`|~0123456789".chars().forEach(CHARS::set);
        CHARS.set('A', 'Z' + 1);
        CHARS.set('a', 'z' + 1);
    }

    private Tokens() {}

    public static boolean isTokenChar(int c) {
        return CHARS.get(c);
    }

    /** Whether the text is a token: at least one character, all of them allowed. */
    public static boolean isToken(CharSequence text) {
        return text.length() > 0 && text.chars().allMatch(Tokens::isTokenChar);
    }
}
