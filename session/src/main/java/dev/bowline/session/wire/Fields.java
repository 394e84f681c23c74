package dev.bowline.session.wire;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes a header apart: first the verb, then field by field. What is wrong with one is kept, so that whoever reads asks once,
 * at the end; what is read after that means nothing.
 */
final class Fields {
    private final String[] fields;
    private final Payload payload;
    private int next = 1;
    private @Nullable Malformed problem;

    private Fields(String[] fields, Payload payload, @Nullable Malformed problem) {
        this.fields = fields;
        this.payload = payload;
        this.problem = problem;
    }

    static Fields of(Payload message) {
        int end = 0;
        while (end < message.size() && message.at(end) != '\n') {
            if (end == Grammar.MAX_HEADER_BYTES) {
                return broken("the header has more than " + Grammar.MAX_HEADER_BYTES + " bytes");
            }
            if (message.at(end) < ' ' || message.at(end) > '~') {
                return broken("the header has the byte 0x" + Integer.toHexString(message.at(end) & 0xFF) + " at index "
                        + end + "; allowed are visible ASCII characters, and a space between fields");
            }
            end++;
        }
        byte[] ascii = new byte[end];
        message.bytes().get(ascii);
        String[] fields = new String(ascii, StandardCharsets.ISO_8859_1).split(" ", -1);
        for (String field : fields) {
            if (field.isEmpty()) {
                return broken(
                        "the header has an empty field: one space parts two fields, and there is none at its ends");
            }
        }
        if (!Grammar.isVerb(fields[0])) {
            return broken("a header begins with its verb, 1 to 16 small letters");
        }
        return new Fields(fields, end < message.size() ? message.from(end + 1) : Payload.NONE, null);
    }

    private static Fields broken(String detail) {
        return new Fields(new String[] {""}, Payload.NONE, new Malformed(Malformed.HEADER, detail));
    }

    String verb() {
        return fields[0];
    }

    /** What stands behind the header. */
    Payload payload() {
        return payload;
    }

    boolean hasMore() {
        return next < fields.length;
    }

    /** Passes over the next field if it is this word. */
    boolean takes(String word) {
        boolean there = hasMore() && fields[next].equals(word);
        if (there) {
            next++;
        }
        return there;
    }

    /** A number from 1 on, as sequence numbers are. */
    long counted(String what) {
        return number(what, 1);
    }

    long number(String what, long least) {
        String field = field(what);
        long value = Grammar.number(field);
        if (value < least) {
            wrong(what + " is \"" + field + "\", must be a number of " + least + " to " + Grammar.MAX_NUMBER);
            return least;
        }
        return value;
    }

    String topic(String what) {
        return field(what, Grammar::isTopic);
    }

    String pattern() {
        return field("the pattern", Grammar::isPattern);
    }

    String code() {
        return field("the code", Grammar::isCode);
    }

    String epoch() {
        return field("the epoch", Grammar::isEpoch);
    }

    String user() {
        return field("the user", Grammar::isUser);
    }

    private String field(String what, Predicate<String> grammar) {
        String field = field(what);
        if (!grammar.test(field)) {
            wrong(what + " is \"" + field + "\", which is not in its grammar");
        }
        return field;
    }

    private String field(String what) {
        if (!hasMore()) {
            wrong(what + " is missing");
            return "";
        }
        return fields[next++];
    }

    private void wrong(String detail) {
        if (problem == null) {
            problem = new Malformed(Malformed.HEADER, verb() + ": " + detail);
        }
    }

    /** What is wrong with the header whatever its verb is; null if nothing is. To be asked before any field is read. */
    @Nullable
    Malformed brokenHeader() {
        return problem;
    }

    /** What is wrong, now that all fields should have been read; null if nothing is. */
    @Nullable
    Malformed problem() {
        if (hasMore()) {
            wrong("\"" + fields[next] + "\" is a field too many");
        }
        return problem;
    }

    /** As {@link #problem}, of a message that has no payload. */
    @Nullable
    Malformed problemOrPayload() {
        if (payload.size() > 0) {
            wrong("this message has no payload");
        }
        return problem();
    }
}
