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
    public static final HttpHeaders EMPTY = new HttpHeaders(List.of());

    private final List<String> namesAndValues;

    private HttpHeaders(List<String> namesAndValues) {
        this.namesAndValues = namesAndValues;
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
        return namesAndValues.size() / 2;
    }

    /** The value of the first field of that name, or null. */
    public @Nullable String first(String name) {
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            if (namesAndValues.get(i).equalsIgnoreCase(name)) {
                return namesAndValues.get(i + 1);
            }
        }
        return null;
    }

    /** The values of all fields of that name, in order; empty where there is none. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        forEach((n, value) -> {
            if (n.equalsIgnoreCase(name)) {
                values.add(value);
            }
        });
        return Collections.unmodifiableList(values);
    }

    /** The elements of a list-valued field, over all its lines, without white space and empty ones (RFC 9110 §5.6.1). */
    public List<String> list(String name) {
        List<String> elements = new ArrayList<>(2);
        for (String value : all(name)) {
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
        return list(name).stream().anyMatch(token::equalsIgnoreCase);
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    /** The distinct names in lower case, in order. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        forEach((name, value) -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /** Calls the action with name and value of each field, in order. */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            action.accept(namesAndValues.get(i), namesAndValues.get(i + 1));
        }
    }

    /** The fields as they stand in a head, each line with its end. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpHeaders that && namesAndValues.equals(that.namesAndValues);
    }

    @Override
    public int hashCode() {
        return namesAndValues.hashCode();
    }

    /** Collects header fields. Not thread-safe. */
    public static final class Builder {
        private final List<String> namesAndValues = new ArrayList<>();

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
            namesAndValues.addAll(headers.namesAndValues);
            return this;
        }

        Builder addParsed(String name, String value) {
            namesAndValues.add(name);
            namesAndValues.add(value);
            return this;
        }

        int size() {
            return namesAndValues.size() / 2;
        }

        boolean contains(String name) {
            for (int i = 0; i < namesAndValues.size(); i += 2) {
                if (namesAndValues.get(i).equalsIgnoreCase(name)) {
                    return true;
                }
            }
            return false;
        }

        public HttpHeaders build() {
            return namesAndValues.isEmpty() ? EMPTY : new HttpHeaders(List.copyOf(namesAndValues));
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
