package dev.bowline.redis;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said on a topic's channel: a line, and behind a line feed of each message the key and the payload as the scripts keep them, which
 * is behind a letter that says whether it is text.
 */
sealed interface Published {
    /**
     * A log has grown.
     *
     * @param begin the lowest offset that was kept then
     * @param former the epochs before this one, as of {@link dev.bowline.session.engine.Slice}
     * @param entries at least one, in order, without holes
     */
    record Logged(String epoch, long begin, List<Cursor> former, String name, List<Entry> entries)
            implements Published {
        public Logged {
            former = List.copyOf(former);
            entries = List.copyOf(entries);
        }

        /** The offset behind which it has grown. */
        long before() {
            return entries.get(0).offset() - 1;
        }
    }

    /** A message of a topic without a log. */
    record Unlogged(Entry entry) implements Published {}

    /** The first field of a message that stands in no log: no epoch is one character of this kind. */
    String UNLOGGED = "-";

    static Published parse(byte[] message) {
        int feed = 0;
        while (message[feed] != '\n') {
            feed++;
        }
        String[] fields = new String(message, 0, feed, StandardCharsets.UTF_8).split(" ", -1);
        return fields[0].equals(UNLOGGED)
                ? new Unlogged(Entry.unlogged(fields[1], Payload.unpack(message, feed + 1, message.length)))
                : logged(fields, message, feed + 1);
    }

    /** The fields: epoch, begin, former epochs, name, the first offset, and of each message the lengths of key and payload. */
    private static Logged logged(String[] fields, byte[] message, int from) {
        String name = fields[3];
        long offset = Long.parseLong(fields[4]);
        List<Entry> entries = new ArrayList<>((fields.length - 5) / 2);
        int at = from;
        for (int i = 5; i < fields.length; i += 2) {
            int behindKey = at + Integer.parseInt(fields[i]);
            int end = behindKey + Integer.parseInt(fields[i + 1]);
            String key = key(new String(message, at, behindKey - at, StandardCharsets.UTF_8));
            entries.add(Entry.of(name, offset, key, Payload.unpack(message, behindKey, end)));
            offset++;
            at = end;
        }
        return new Logged(fields[0], Long.parseLong(fields[1]), former(fields[2]), name, entries);
    }

    /** Former epochs as the scripts keep them, each with its reach. */
    static List<Cursor> former(String kept) {
        List<Cursor> former = new ArrayList<>(0);
        for (String one : kept.split(",", -1)) {
            int colon = one.indexOf(':');
            if (colon > 0) {
                former.add(new Cursor(one.substring(0, colon), Long.parseLong(one.substring(colon + 1))));
            }
        }
        return former;
    }

    /** A message of a topic without a log, as it is published: its header is the topic's, and is made again where it arrives. */
    static byte[] unlogged(String topic, Entry entry) {
        byte[] header = (UNLOGGED + " " + topic + "\n").getBytes(StandardCharsets.UTF_8);
        Payload message = entry.message();
        ByteBuffer bytes = message.bytes();
        int empty = Entry.unlogged(topic, Payload.NONE).bytes();
        bytes.position(Math.min(bytes.limit(), bytes.position() + empty + 1));
        byte[] kept = (message.isText() ? Payload.text(bytes) : Payload.binary(bytes)).pack();
        return ByteBuffer.allocate(header.length + kept.length)
                .put(header)
                .put(kept)
                .array();
    }

    // ---- How keys are kept ----

    static String kept(@Nullable String key) {
        return key == null ? "" : "k" + key;
    }

    static @Nullable String key(String kept) {
        return kept.isEmpty() ? null : kept.substring(1);
    }
}
