package dev.bowline.session.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a {@code hello} or {@code welcome}: lines of a key and its fields. Read key by key; what is wrong is kept,
 * as in {@link Fields}.
 */
final class Lines {
    private final String verb;
    private final List<String[]> lines = new ArrayList<>(); // the key first
    private @Nullable Malformed problem;

    Lines(String verb, Payload payload) {
        this.verb = verb;
        if (!payload.isText()) {
            problem = new Malformed(Malformed.TEXT, verb + " is a binary message, must be text");
            return;
        }
        String[] texts = payload.asText().split("\n", -1);
        for (int at = 0; at < texts.length; at++) {
            String text = texts[at];
            if (!text.isEmpty() || at + 1 < texts.length) { // else the end of the last one
                String[] fields = text.split(" ", -1);
                lines.add(fields);
                for (int i = 1; i < fields.length; i++) {
                    if (!Grammar.isField(fields[i])) {
                        wrong("a field in the line \"" + fields[0] + "\" is not of visible ASCII characters");
                    }
                }
                if (!Grammar.isKey(fields[0])) {
                    wrong("a line begins with its key, small letters and hyphens");
                }
            }
        }
    }

    void wrong(String detail) {
        if (problem == null) {
            problem = new Malformed(Malformed.HELLO, verb + ": " + detail);
        }
    }

    @Nullable
    Malformed problem() {
        return problem;
    }

    /** Fails what a check of a value did not allow. */
    String checked(boolean right, String key, String value) {
        if (!right) {
            wrong("\"" + value + "\" in the line \"" + key + "\" is not in its grammar");
        }
        return value;
    }

    /** The fields of all lines with that key, each with so many fields. */
    List<String[]> all(String key, int least, int most) {
        List<String[]> found = new ArrayList<>();
        for (String[] line : lines) {
            if (line[0].equals(key)) {
                int count = line.length - 1;
                if (count < least || count > most) {
                    wrong("the line \"" + key + "\" has " + count + " fields, must have " + least
                            + (least == most ? "" : " to " + most));
                } else {
                    found.add(Arrays.copyOfRange(line, 1, line.length));
                }
            }
        }
        return found;
    }

    /** The fields of the only line with that key; null if there is none. */
    String @Nullable [] only(String key, int least, int most) {
        List<String[]> found = all(key, least, most);
        if (found.size() > 1) {
            wrong("the line \"" + key + "\" stands there " + found.size() + " times, must once");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /** As {@link #only}, of a line that must be there; what it returns without one means nothing. */
    String[] required(String key, int count) {
        String[] found = only(key, count, count);
        if (found == null) {
            wrong("the line \"" + key + "\" is missing");
            found = new String[count];
            Arrays.fill(found, "1");
        }
        return found;
    }

    long number(String key, String field) {
        long value = Grammar.number(field);
        if (value < 0) {
            wrong("\"" + field + "\" in the line \"" + key + "\" must be a number of 0 to " + Grammar.MAX_NUMBER);
            return 1;
        }
        return value;
    }

    long positive(String key, String field) {
        long value = number(key, field);
        if (value == 0) {
            wrong("the number in the line \"" + key + "\" is 0, must be more");
            return 1;
        }
        return value;
    }

    /** Puts lines together. */
    static final class Writer {
        private final StringBuilder text = new StringBuilder(256);

        Writer line(String key, Object... fields) {
            if (text.length() > 0) {
                text.append('\n');
            }
            text.append(key);
            for (Object field : fields) {
                text.append(' ').append(field);
            }
            return this;
        }

        Payload payload() {
            return Payload.text(text.toString());
        }
    }
}
