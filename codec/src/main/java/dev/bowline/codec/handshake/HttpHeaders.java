package dev.bowline.codec.handshake;

import dev.bowline.codec.Tokens;
import dev.bowline.codec.Visible;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP header fields in the order of the wire; names are compared without regard to case (RFC 9110 §5.1). Immutable.
 */
public final class HttpHeaders {
    public static final HttpHeaders EMPTY = new HttpHeaders("", 0);

    private static final char COLON = ':'; // in no name
    private static final char END = '\n'; // in no name and no value

    /** What an opening handshake takes that is no browser's. */
    private static final int USUAL_LENGTH = 160;

    // One string for all fields, name:value and END: a server keeps them as long as the connection lasts, and each
    // string of
    // its own would cost more than it holds.
    private final String fields;
    private final int size;

    private HttpHeaders(String fields, int size) {
        this.fields = fields;
        this.size = size;
    }

    /**
     * Header fields from names and values in turn.
     *
     * @throws IllegalArgumentException as {@link Builder#add}, or for an odd number of strings
     */
    public static HttpHeaders of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("header fields come as pairs of name and value, but "
                    + namesAndValues.length + " strings were given");
        }
        Builder builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** How many fields there are. */
    public int size() {
        return size;
    }

    /** The value of the first field of that name, or null. */
    public @Nullable String first(String name) {
        int at = find(name, 0);
        return at < 0 ? null : fields.substring(at, fields.indexOf(END, at));
    }

    /** Where the value of the next field of that name begins, from the given line on; negative if there is none. */
    private int find(String name, int from) {
        int length = name.indexOf(COLON) < 0 ? name.length() : fields.length(); // no name has one
        for (int at = from; at < fields.length(); at = fields.indexOf(END, at) + 1) {
            if (fields.regionMatches(true, at, name, 0, length) && fields.charAt(at + length) == COLON) {
                return at + length + 1;
            }
        }
        return -1;
    }

    /** The values of all fields of that name, in order; empty where there is none. */
    public List<String> all(String name) {
        int at = find(name, 0);
        if (at < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        while (at >= 0) {
            int end = fields.indexOf(END, at);
            values.add(fields.substring(at, end));
            at = find(name, end + 1);
        }
        return Collections.unmodifiableList(values);
    }

    /** The elements of a list-valued field, over all its lines, without white space and empty ones (RFC 9110 §5.6.1). */
    public List<String> list(String name) {
        List<String> values = all(name);
        if (values.isEmpty()) {
            return List.of();
        }
        List<String> elements = new ArrayList<>(2);
        for (String value : values) {
            for (String element : value.split(",", -1)) {
                String trimmed = element.strip();
                if (!trimmed.isEmpty()) {
                    elements.add(trimmed);
                }
            }
        }
        return Collections.unmodifiableList(elements);
    }

    /** Whether a list-valued field holds the token, without regard to case. */
    public boolean listContains(String name, String token) {
        for (String element : list(name)) {
            if (element.equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    public boolean contains(String name) {
        return find(name, 0) >= 0;
    }

    /** The distinct names in lower case, in order. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        forEach((name, value) -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /** Calls the action with name and value of each field, in order. */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int at = 0; at < fields.length(); ) {
            int colon = fields.indexOf(COLON, at);
            int end = fields.indexOf(END, colon);
            action.accept(fields.substring(at, colon), fields.substring(colon + 1, end));
            at = end + 1;
        }
    }

    /** The fields as they stand in a head, each line with its end. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(fields.length() + 2 * size);
        for (int at = 0; at < fields.length(); ) {
            int colon = fields.indexOf(COLON, at);
            int end = fields.indexOf(END, colon);
            text.append(fields, at, colon)
                    .append(": ")
                    .append(fields, colon + 1, end)
                    .append("\r\n");
            at = end + 1;
        }
        return text.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpHeaders that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** Collects header fields. Not thread-safe. */
    public static final class Builder {
        private final StringBuilder fields = new StringBuilder(USUAL_LENGTH);
        private int size;

        private Builder() {}

        /**
         * Adds a field.
         *
         * @param name a token (RFC 9110 §5.6.2)
         * @param value visible characters, spaces and tabs of ISO-8859-1; white space around it is cut
         * @throws IllegalArgumentException for anything else, saying which character is wrong and where it stands: a CR,
         *     LF or NUL would let a value forge further fields
         */
        public Builder add(String name, String value) {
            Tokens.requireToken("header name", name);
            return addParsed(
                    name, requireValue("value of header " + name, value).strip());
        }

        /** Adds all fields of another set. */
        public Builder addAll(HttpHeaders headers) {
            fields.append(headers.fields);
            size += headers.size;
            return this;
        }

        private Builder addParsed(String name, String value) {
            fields.append(name).append(COLON).append(value).append(END);
            size++;
            return this;
        }

        /** Adds a field from a line without its end, whose characters have been looked at; white space around the value is cut. */
        void addLine(String line, int colon) {
            int from = colon + 1;
            int to = line.length();
            while (from < to && isBlank(line.charAt(from))) {
                from++;
            }
            while (from < to && isBlank(line.charAt(to - 1))) {
                to--;
            }
            fields.append(line, 0, colon + 1).append(line, from, to).append(END);
            size++;
        }

        /** Optional white space (RFC 9110 §5.6.3). */
        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }

        int size() {
            return size;
        }

        public HttpHeaders build() {
            return size == 0 ? EMPTY : new HttpHeaders(fields.toString(), size);
        }
    }

    /** {@code field-vchar}, space or tab, and {@code obs-text} up to U+00FF (RFC 9110 §5.5). */
    static boolean isValueChar(int c) {
        return (c >= 0x20 && c != 0x7F && c <= 0xFF) || c == '\t';
    }

    /**
     * Returns the text if it can be the value of a header field.
     *
     * @param what what it is, for the message; the text itself may be secret and is not shown
     * @throws IllegalArgumentException if it can't, saying which character is wrong and where it stands
     */
    public static String requireValue(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isValueChar(text.charAt(i))) {
                throw new IllegalArgumentException(what + " has " + Visible.at(text, i)
                        + ", allowed are visible ISO-8859-1 characters, spaces and tabs (RFC 9110 §5.5)");
            }
        }
        return text;
    }
}
