package dev.bowline.codec;

/** Text of unknown origin, made fit for a message or a line of a log. */
public final class Visible {
    private Visible() {}

    /** The text with each character that is not visible ASCII or a space as an escape, such as {@code \}{@code u000A}. */
    public static String of(String text) {
        return of(text, Integer.MAX_VALUE);
    }

    /** As {@link #of(String)}, of the first characters alone where there are more; an ellipsis says so. */
    public static String of(String text, int maxCharacters) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (i == maxCharacters) {
                return shown.append('…').toString();
            }
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7F) {
                shown.append(c);
            } else {
                shown.append(String.format("\\u%04X", (int) c));
            }
        }
        return shown.toString();
    }

    /** Where a character that must not be stands, for messages: {@code \}{@code u000A at index 3}. */
    public static String at(String text, int index) {
        return of(text.substring(index, index + 1)) + " at index " + index;
    }
}
