package dev.bowline.verification.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON into maps, lists, strings, doubles and booleans. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if it is not JSON */
    static @Nullable Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at != text.length()) {
            throw json.fault("the end");
        }
        return value;
    }

    /** A member of an object, or of an object in it, and so on. */
    static @Nullable Object at(@Nullable Object json, String... path) {
        Object value = json;
        for (String name : path) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    private @Nullable Object value() {
        space();
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> literal();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        while (!skip('}')) {
            String name = string();
            if (!skip(':')) {
                throw fault("a colon");
            }
            members.put(name, value());
            skip(',');
        }
        return members;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> elements = new ArrayList<>();
        at++;
        while (!skip(']')) {
            elements.add(value());
            skip(',');
        }
        return elements;
    }

    private String string() {
        if (!skip('"')) {
            throw fault("a string");
        }
        StringBuilder string = new StringBuilder();
        for (; text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                c = text.charAt(++at);
                if (c == 'u') {
                    c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
                    at += 4;
                } else {
                    int control = "bfnrt".indexOf(c);
                    c = control < 0 ? c : "\b\f\n\r\t".charAt(control);
                }
            }
            string.append(c);
        }
        at++;
        return string.toString();
    }

    private @Nullable Object literal() {
        int from = at;
        while (at < text.length() && "+-.0123456789aeflnrstuE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String word = text.substring(from, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> Double.valueOf(word);
        };
    }

    private boolean skip(char expected) {
        space();
        boolean found = text.charAt(at) == expected;
        at += found ? 1 : 0;
        return found;
    }

    private void space() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private IllegalArgumentException fault(String expected) {
        return new IllegalArgumentException("expected " + expected + " at " + at);
    }
}
