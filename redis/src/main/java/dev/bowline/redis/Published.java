package dev.bowline.redis;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.wire.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is said on a topic's channel: a line, and behind a line feed the message's key and its payload as the scripts keep them, which is
 * behind a letter that says whether it is text.
 */
sealed interface Published {
    /** A log has grown by a message. */
    record Logged(String epoch, Entry entry, String name) implements Published {}

    /** A message of a topic without a log. */
    record Unlogged(Entry entry) implements Published {}

    /** The first field of a message that stands in no log: no epoch is one character of this kind. */
    String UNLOGGED = "-";

    static Published parse(byte[] message) {
        int feed = 0;
        while (message[feed] != '\n') {
            feed++;
        }
        String[] fields = new String(message, 0, feed, StandardCharsets.UTF_8).split(" ", 4);
        if (fields[0].equals(UNLOGGED)) {
            return new Unlogged(Entry.unlogged(fields[1], payload(message, feed + 1)));
        }
        int keyLength = Integer.parseInt(fields[3]);
        String key = key(new String(message, feed + 1, keyLength, StandardCharsets.UTF_8));
        Entry entry = Entry.of(fields[2], Long.parseLong(fields[1]), key, payload(message, feed + 1 + keyLength));
        return new Logged(fields[0], entry, fields[2]);
    }

    /** A message of a topic without a log, as it is published: its header is the topic's, and is made again where it arrives. */
    static byte[] unlogged(String topic, Entry entry) {
        byte[] header = (UNLOGGED + " " + topic + "\n").getBytes(StandardCharsets.UTF_8);
        Payload message = entry.message();
        ByteBuffer bytes = message.bytes();
        int empty = Entry.unlogged(topic, Payload.NONE).bytes();
        bytes.position(Math.min(bytes.limit(), bytes.position() + empty + 1));
        byte[] kept = kept(message.isText() ? Payload.text(bytes) : Payload.binary(bytes));
        return ByteBuffer.allocate(header.length + kept.length)
                .put(header)
                .put(kept)
                .array();
    }

    // ---- How payloads and keys are kept ----

    static byte[] kept(Payload payload) {
        return ByteBuffer.allocate(1 + payload.size())
                .put((byte) (payload.isText() ? 't' : 'b'))
                .put(payload.bytes())
                .array();
    }

    static Payload payload(byte[] message, int from) {
        ByteBuffer bytes = ByteBuffer.wrap(message, from + 1, message.length - from - 1);
        return message[from] == 't' ? Payload.text(bytes) : Payload.binary(bytes);
    }

    static String kept(@Nullable String key) {
        return key == null ? "" : "k" + key;
    }

    static @Nullable String key(String kept) {
        return kept.isEmpty() ? null : kept.substring(1);
    }
}
