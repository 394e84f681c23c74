package dev.bowline.session.engine;

import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import org.jspecify.annotations.Nullable;

/** The logs of topics. What one node appends to one topic stands there in the order in which it did so. */
public interface Log {
    /** A limit for {@link #read} that is none. */
    long UNLIMITED = Long.MAX_VALUE;

    /** How long a message is known by its key at least: for as long as whoever gave it may try again. */
    long KEY_KNOWN_MILLIS = 10 * 60_000;

    /**
     * What a message is known by that is to stand in a log once, however often and by whichever node it is appended. An engine that keeps no
     * sessions need not know commands again, as no second node appends them; keys, every engine knows for {@link #KEY_KNOWN_MILLIS}.
     *
     * @param session whose command it is; or behind a number sign, which no session's id has, the application's key
     * @param seq the command's number; 1 of a key
     */
    record Origin(String session, long seq) {
        private static final String KEY = "#";

        /**
         * Of a message that the application has given a key.
         *
         * @throws IllegalArgumentException for anything but 1 to 255 visible ASCII characters
         */
        public static Origin ofKey(String key) {
            if (!Grammar.isUser(key)) {
                throw new IllegalArgumentException("key is \"" + key + "\", must be 1 to 255 visible ASCII characters");
            }
            return new Origin(KEY + key, 1);
        }

        public boolean isKey() {
            return session.startsWith(KEY);
        }
    }

    /**
     * Appends a message, and tells the nodes that follow the topic ({@link NodePort#onGrown}).
     *
     * @param topic the log's name
     * @param name what subscribers call it
     * @param key what the message says something about; null for nothing
     * @param origin null for a message of the node's own: it is appended once by itself
     * @param done is told the message's place, be it that it was there before; until then it is nowhere, or on its way
     */
    void append(
            String topic,
            String name,
            Retention retention,
            Payload payload,
            @Nullable String key,
            @Nullable Origin origin,
            long nowMillis,
            Callback<Cursor> done);

    /**
     * Reads what is kept behind an offset.
     *
     * @param after 0 for the beginning
     * @param maxBytes how much, though never less than one message where there is one; 0 for the log's state alone
     */
    void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done);
}
