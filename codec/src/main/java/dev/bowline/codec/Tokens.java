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
        return isToken(text, 0, text.length());
    }

    /** Whether the characters from index {@code from} to {@code to} are a token. */
    public static boolean isToken(CharSequence text, int from, int to) {
        for (int i = from; i < to; i++) { // not by a stream: a head asks for each of its fields
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return from < to;
    }

    /**
     * Returns the text if it is a token.
     *
     * @param what what it is, for the message, such as {@code header name}
     * @throws IllegalArgumentException if it is not, saying which character is wrong and where it stands: it goes into a
     *     head, where a CR or LF would let it forge further lines
     */
    public static String requireToken(String what, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty, must be a token (RFC 9110 §5.6.2)");
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                throw new IllegalArgumentException(what + " \"" + Visible.of(text) + "\" is not a token: it has "
                        + Visible.at(text, i) + " (RFC 9110 §5.6.2)");
            }
        }
        return text;
    }
}
