package dev.bowline.session.wire;

/** The grammar of fields ({@code bowline-v1.md}, section 2), as predicates. */
public final class Grammar {
    /** The longest header, without the line feed behind it, in bytes. */
    public static final int MAX_HEADER_BYTES = 1024;

    /** The largest number: 2^53 - 1, the last up to which JavaScript counts without holes. */
    public static final long MAX_NUMBER = (1L << 53) - 1;

    public static final int MAX_TOPIC = 255;
    public static final int MAX_USER = 255;
    public static final int MAX_CODE = 64;
    public static final int MAX_EPOCH = 32;
    public static final int MAX_ID = 128;
    public static final int MAX_AGENT = 128;

    private static final int MAX_VERB = 16;
    private static final int MAX_KEY = 32;
    private static final int MAX_DIGITS = 16;
    private static final int NO_NUMBER = -1;

    private interface CharacterTest {
        boolean test(char c);
    }

    private Grammar() {}

    /** The number that a field is; -1 if it is none, or too large. */
    static long number(String field) {
        int length = field.length();
        if (length == 0 || length > MAX_DIGITS || (field.charAt(0) == '0' && length > 1)) {
            return NO_NUMBER;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            char c = field.charAt(i);
            if (c < '0' || c > '9') {
                return NO_NUMBER;
            }
            value = value * 10 + (c - '0');
        }
        return value <= MAX_NUMBER ? value : NO_NUMBER;
    }

    /** Whether it is a topic, or the name of a request or message: segments between dots. */
    public static boolean isTopic(String text) {
        return isPath(text, false);
    }

    /** Whether it is a topic or a pattern of topics: {@code *} stands for one segment, {@code >} for one or more at the end. */
    public static boolean isPattern(String text) {
        return isPath(text, true);
    }

    /** Whether a pattern, by its grammar, is more than the name of one topic. */
    public static boolean hasWildcard(String pattern) {
        return pattern.indexOf('*') >= 0 || pattern.indexOf('>') >= 0;
    }

    private static boolean isPath(String text, boolean wildcards) {
        if (text.length() > MAX_TOPIC) {
            return false;
        }
        int from = 0;
        while (true) {
            int dot = text.indexOf('.', from);
            int end = dot < 0 ? text.length() : dot;
            boolean wild =
                    wildcards && end == from + 1 && (text.charAt(from) == '*' || (text.charAt(from) == '>' && dot < 0));
            if (!wild && !isSegment(text, from, end)) {
                return false;
            }
            if (dot < 0) {
                return true;
            }
            from = dot + 1;
        }
    }

    private static boolean isSegment(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && "-_~:@%$".indexOf(c) < 0) {
                return false;
            }
        }
        return from < to;
    }

    public static boolean isEpoch(String text) {
        return isAll(text, MAX_EPOCH, c -> isLetterOrDigit(c) || c == '-' || c == '_');
    }

    /** Whether it is a session's id or its token. */
    public static boolean isId(String text) {
        return isAll(text, MAX_ID, c -> isLetterOrDigit(c) || c == '-' || c == '_');
    }

    public static boolean isCode(String text) {
        return isAll(text, MAX_CODE, c -> isLetterOrDigit(c) || c == '-' || c == '.');
    }

    public static boolean isUser(String text) {
        return isAll(text, MAX_USER, Grammar::isVisible);
    }

    static boolean isVerb(String text) {
        return isAll(text, MAX_VERB, c -> c >= 'a' && c <= 'z');
    }

    static boolean isKey(String text) {
        return isAll(text, MAX_KEY, c -> (c >= 'a' && c <= 'z') || c == '-');
    }

    /** Whether it can be a field at all. */
    public static boolean isField(String text) {
        return isAll(text, Integer.MAX_VALUE, Grammar::isVisible);
    }

    static boolean isVisible(char c) {
        return c >= 0x21 && c <= 0x7E;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isAll(String text, int most, CharacterTest allowed) {
        for (int i = 0; i < text.length(); i++) {
            if (!allowed.test(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= most;
    }

    /** Returns the number if it may stand on the wire. */
    static long requireNumber(String what, long value, long least) {
        if (value < least || value > MAX_NUMBER) {
            throw new IllegalArgumentException(what + " is " + value + ", must be " + least + " to " + MAX_NUMBER);
        }
        return value;
    }

    /** Throws where a value is not what it must be. */
    static void require(boolean right, String what, String value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(what + " is \"" + value + "\", must be " + expected);
        }
    }

    static void requireTopic(String what, String value) {
        require(
                isTopic(value),
                what,
                value,
                "segments of letters, digits and -_~:@%$ between dots, at most 255 characters");
    }

    public static void requirePattern(String value) {
        require(isPattern(value), "pattern", value, "a topic, perhaps with * for segments and > for the last ones");
    }

    public static void requireCode(String value) {
        require(isCode(value), "code", value, "1 to 64 letters, digits, hyphens and dots");
    }

    static void requireEpoch(String value) {
        require(isEpoch(value), "epoch", value, "1 to 32 letters, digits, hyphens and underscores");
    }

    static void requireId(String what, String value) {
        require(isId(value), what, value, "1 to 128 letters, digits, hyphens and underscores");
    }

    static void requireUser(String value) {
        require(isUser(value), "user", value, "1 to 255 visible ASCII characters, others percent-encoded");
    }
}
