package dev.bowline.session.server;

import dev.bowline.session.engine.SessionRecord;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a session is kept: its head, which changes with everything; the client's agent and attributes; each message of its direct log, and
 * where its receipt goes; each subscription; each command that a handler has. Text, but for payloads.
 */
final class SessionParts {
    static final String HEAD = "head";
    static final String AGENT = "agent";
    static final String ATTRIBUTES = "attributes";
    private static final String MESSAGE = "m:";
    private static final String RECEIPT = "a:";
    private static final String SUBSCRIPTION = "s:";
    private static final String STARTED = "c:";
    private static final String WAITING = "w:";
    private static final String NONE = "-";

    private SessionParts() {}

    /**
     * What stands in the head.
     *
     * @param handled commands up to here have their effect and result, or are among those that were started
     * @param beyond those behind it of which the same is true
     * @param last the highest number in the direct log
     * @param authMillis how long the authentication was valid when this was kept; {@link Timed#NEVER} for ever
     */
    record Head(long handled, List<Long> beyond, long last, long authMillis) {
        byte[] encode() {
            StringBuilder numbers = new StringBuilder();
            beyond.forEach(seq -> numbers.append(numbers.isEmpty() ? "" : ",").append(seq));
            return utf8(handled + " " + last + " " + authMillis + " " + (numbers.isEmpty() ? NONE : numbers));
        }

        static Head decode(byte[] part) {
            String[] fields = text(part).split(" ", -1);
            List<Long> beyond = new ArrayList<>(0);
            if (!fields[3].equals(NONE)) {
                for (String seq : fields[3].split(",", -1)) {
                    beyond.add(Long.parseLong(seq));
                }
            }
            return new Head(Long.parseLong(fields[0]), beyond, Long.parseLong(fields[1]), Long.parseLong(fields[2]));
        }
    }

    /**
     * A subscription.
     *
     * @param sinceMillis of a pattern: since when, by the engine's clock
     * @param start of a topic: where it began; null of one without a log
     */
    record Subscribed(
            boolean presence, long sinceMillis, @Nullable Cursor start) {
        byte[] encode() {
            return utf8((presence ? "p " : NONE + " ")
                    + sinceMillis
                    + (start == null ? "" : " " + start.epoch() + " " + start.offset()));
        }

        static Subscribed decode(byte[] part) {
            String[] fields = text(part).split(" ", -1);
            Cursor start = fields.length == 2 ? null : new Cursor(fields[2], Long.parseLong(fields[3]));
            return new Subscribed(!fields[0].equals(NONE), Long.parseLong(fields[1]), start);
        }
    }

    /**
     * A command that a handler has.
     *
     * @param process where it runs
     * @param bytes the command's size
     * @param request whether it is a request; else it is a message for the application
     * @param credit of a stream: how many parts may be sent in all; -1 where it is none
     * @param sent how many parts were
     * @param finished whether the end waits behind the parts
     */
    record Started(String process, int bytes, boolean request, long credit, long sent, boolean finished) {
        byte[] encode() {
            return utf8(process + " " + bytes + " " + (request ? "r" : "m") + " " + credit + " " + sent + " "
                    + (finished ? "f" : NONE));
        }

        static Started decode(byte[] part) {
            String[] fields = text(part).split(" ", -1);
            return new Started(
                    fields[0],
                    Integer.parseInt(fields[1]),
                    fields[2].equals("r"),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    !fields[5].equals(NONE));
        }
    }

    // ---- Its client ----

    /** The session as the application sees it. */
    static SessionInfo info(SessionRecord record) {
        byte[] agent = record.parts().get(AGENT);
        byte[] attributes = record.parts().get(ATTRIBUTES);
        return new SessionInfo(
                record.id(),
                record.user(),
                agent == null ? null : text(agent),
                attributes == null ? Map.of() : decodeAttributes(text(attributes)));
    }

    /** Adds what is known of the client: a part where there is anything. */
    static void add(SessionInfo info, BiConsumer<String, byte[]> parts) {
        if (info.agent() != null) {
            parts.accept(AGENT, utf8(info.agent()));
        }
        if (!info.attributes().isEmpty()) {
            parts.accept(ATTRIBUTES, encode(info.attributes()));
        }
    }

    /** Each name and value behind the lengths of both. */
    static byte[] encode(Map<String, String> attributes) {
        StringBuilder all = new StringBuilder();
        new TreeMap<>(attributes).forEach((name, value) -> all.append(name.length())
                .append(' ')
                .append(value.length())
                .append(' ')
                .append(name)
                .append(value));
        return utf8(all.toString());
    }

    private static Map<String, String> decodeAttributes(String all) {
        Map<String, String> attributes = new TreeMap<>();
        int at = 0;
        while (at < all.length()) {
            int first = all.indexOf(' ', at);
            int second = all.indexOf(' ', first + 1);
            int value = second + 1 + Integer.parseInt(all.substring(at, first));
            int end = value + Integer.parseInt(all.substring(first + 1, second));
            attributes.put(all.substring(second + 1, value), all.substring(value, end));
            at = end;
        }
        return attributes;
    }

    // ---- Names ----

    static String message(long n) {
        return MESSAGE + n;
    }

    static String receipt(long n) {
        return RECEIPT + n;
    }

    static String subscription(String pattern) {
        return SUBSCRIPTION + pattern;
    }

    static String started(long seq) {
        return STARTED + seq;
    }

    /** A part of a stream that waits for credit; they are counted from 1, those that were sent too. */
    static String waiting(long seq, long count) {
        return WAITING + seq + ":" + count;
    }

    /** The messages of the direct log, by number. */
    static Map<Long, Payload> messages(Map<String, byte[]> parts) {
        Map<Long, Payload> found = new TreeMap<>();
        parts.forEach((name, part) -> {
            if (name.startsWith(MESSAGE)) {
                found.put(number(name), unpack(part));
            }
        });
        return found;
    }

    /** Where the receipts of messages go, by the messages' numbers. */
    static Map<Long, String> receipts(Map<String, byte[]> parts) {
        Map<Long, String> found = new TreeMap<>();
        parts.forEach((name, part) -> {
            if (name.startsWith(RECEIPT)) {
                found.put(number(name), text(part));
            }
        });
        return found;
    }

    /** Commands that handlers have, by number. */
    static Map<Long, Started> started(Map<String, byte[]> parts) {
        Map<Long, Started> found = new TreeMap<>();
        parts.forEach((name, part) -> {
            if (name.startsWith(STARTED)) {
                found.put(number(name), Started.decode(part));
            }
        });
        return found;
    }

    /** The parts of a stream that wait for credit, in order. */
    static List<Payload> waiting(Map<String, byte[]> parts, long seq, long sent) {
        List<Payload> found = new ArrayList<>(0);
        byte[] next = parts.get(waiting(seq, sent + 1));
        while (next != null) {
            found.add(unpack(next));
            next = parts.get(waiting(seq, sent + found.size() + 1));
        }
        return found;
    }

    /** Subscriptions, by pattern. */
    static Map<String, Subscribed> subscriptions(Map<String, byte[]> parts) {
        Map<String, Subscribed> found = new TreeMap<>();
        parts.forEach((name, part) -> {
            if (name.startsWith(SUBSCRIPTION)) {
                found.put(name.substring(SUBSCRIPTION.length()), Subscribed.decode(part));
            }
        });
        return found;
    }

    private static long number(String name) {
        return Long.parseLong(name.substring(name.indexOf(':') + 1));
    }

    // ---- Values ----

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Payload unpack(byte[] part) {
        return Payload.unpack(part, 0, part.length);
    }
}
