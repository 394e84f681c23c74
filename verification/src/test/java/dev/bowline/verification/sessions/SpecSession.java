package dev.bowline.verification.sessions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a client knows of its session beyond its connections: who it is, what has come, and what it may send next. It insists on the
 * numbers of sections 5 and 6.2: none twice, none left out. Used by one thread.
 */
final class SpecSession {
    /** The position in a topic's log. */
    record Cursor(String epoch, long offset) {}

    private final Map<String, Cursor> cursors = new TreeMap<>();
    private String id = "";
    private String token = "";
    private long seen;
    private long sent;
    private long attempts; // to go on with it

    /** Is told of the session's name, which stays the same for its life. */
    void begin(String givenId, String givenToken) {
        id = givenId;
        token = givenToken;
    }

    String id() {
        return id;
    }

    String token() {
        return token;
    }

    /** The highest n that came. */
    long seen() {
        return seen;
    }

    /** Goes back to an earlier n, as a client does that was ended before it could keep what came. */
    void forgetBehind(long n) {
        seen = n;
    }

    /** The number of the next command. */
    long nextSeq() {
        return ++sent;
    }

    /** Where a topic is; fails if nothing of it came. */
    Cursor cursor(String topic) {
        Cursor cursor = cursors.get(topic);
        if (cursor == null) {
            throw new AssertionError("no position of " + topic + " came, but those of " + cursors);
        }
        return cursor;
    }

    /** Goes back to an earlier position, or to any other one. */
    void setCursor(String topic, Cursor cursor) {
        cursors.put(topic, cursor);
    }

    /** The cursors are gone, as with a page that was loaded anew. */
    void forgetCursors() {
        cursors.clear();
    }

    Map<String, Cursor> cursors() {
        return Collections.unmodifiableMap(cursors);
    }

    /** The lines of a {@code hello} that goes on with it. */
    List<String> resumption() {
        List<String> lines = new ArrayList<>();
        lines.add("resume " + id + " " + token + " " + seen + " " + ++attempts);
        cursors.forEach((topic, cursor) -> lines.add("topic " + topic + " " + cursor.epoch() + " " + cursor.offset()));
        return lines;
    }

    /** The lines of a {@code hello} that asks once more with the number of the last attempt. */
    String[] sameAttempt() {
        attempts--;
        return resumption().toArray(String[]::new);
    }

    /** A message came; fails if its number is not the one that has to follow. */
    void accept(SpecMessage message) {
        switch (message.verb()) {
            case "ok", "err", "res", "part", "end", "msg", "out" -> {
                require(message, message.number(1) == seen + 1, "n follows " + seen);
                seen++;
            }
            case "at" -> {
                Cursor told = new Cursor(message.field(2), message.number(3));
                Cursor known = cursors.getOrDefault(message.field(1), told);
                boolean isSame = known.epoch().equals(told.epoch()) || known.offset() == told.offset();
                require(message, isSame, "another epoch begins at " + known);
                cursors.put(message.field(1), told);
            }
            case "pub" -> {
                if (!message.field(2).equals("-")) {
                    Cursor before = cursor(message.field(1));
                    require(message, message.number(2) == before.offset() + 1, "follows " + before);
                    cursors.put(message.field(1), new Cursor(before.epoch(), message.number(2)));
                }
            }
            case "gap" -> {
                Cursor before = cursor(message.field(1));
                require(message, message.number(2) == before.offset() + 1, "follows " + before);
                require(message, message.number(3) >= message.number(2), "ends behind its begin");
                cursors.put(message.field(1), new Cursor(before.epoch(), message.number(3)));
            }
            case "reset" -> {
                cursor(message.field(1)); // an "at" came before it
                cursors.put(message.field(1), new Cursor(message.field(2), message.number(3)));
            }
            default -> {
                // Not numbered.
            }
        }
    }

    private static void require(SpecMessage message, boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(message + ": not so: " + what);
        }
    }
}
