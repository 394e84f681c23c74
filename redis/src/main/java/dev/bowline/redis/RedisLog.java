package dev.bowline.redis;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The logs of topics. Safe from any thread; stages end on any. */
final class RedisLog {
    /**
     * How long a publisher's last number is known to a topic: as long as a node may try again, and a session may resume. A key of the
     * application's is a publisher of one message.
     */
    private static final long REMEMBER_PUBLISHERS_MILLIS = Log.KEY_KNOWN_MILLIS;

    private final RedisLink link;
    private final Keys keys;
    private final Supplier<String> epochs;
    private final String remember;

    /**
     * @param epochs gives names that nothing else has: 1 to 32 characters of base64url
     */
    RedisLog(RedisLink link, Keys keys, Supplier<String> epochs, RedisOptions options) {
        this.link = link;
        this.keys = keys;
        this.epochs = epochs;
        this.remember = Long.toString(options.remember().toMillis());
    }

    /**
     * A message to be appended.
     *
     * @param key null for none
     * @param number as the publisher has given it; with each message a higher one, but where it is tried again
     */
    record Message(Payload payload, @Nullable String key, String publisher, long number) {}

    /**
     * Appends messages in one step; done again with the same publishers and numbers, it does nothing.
     *
     * @param now in milliseconds; empty for the server's clock
     * @return of each message the place; null where it is not known whether the message was there: it has a lower number than its publisher's
     *     last one, and the log has not kept all that came before
     */
    CompletionStage<List<@Nullable Cursor>> append(
            String topic, String name, Retention retention, List<Message> messages, String now) {
        List<byte[]> arguments = new ArrayList<>(9 + 4 * messages.size());
        for (String one : List.of(
                now,
                epochs.get(),
                name,
                Integer.toString(retention.maxCount()),
                Long.toString(retention.maxBytes()),
                Long.toString(retention.maxAgeMillis()),
                Long.toString(REMEMBER_PUBLISHERS_MILLIS),
                remember,
                keys.channel(topic))) {
            arguments.add(RedisLink.bytes(one));
        }
        for (Message message : messages) {
            arguments.add(message.payload.pack());
            arguments.add(RedisLink.bytes(Published.kept(message.key)));
            arguments.add(RedisLink.bytes(message.publisher));
            arguments.add(RedisLink.bytes(Long.toString(message.number)));
        }
        return link.run(Script.APPEND, keys.log(topic), arguments.toArray(byte[][]::new))
                .thenApply(RedisLog::places);
    }

    private static List<@Nullable Cursor> places(List<Object> found) {
        List<@Nullable Cursor> places = new ArrayList<>(found.size() - 1);
        for (int i = 1; i < found.size(); i++) {
            long offset = number(found, i);
            places.add(offset == 0 ? null : new Cursor(text(found, 0), offset));
        }
        return places;
    }

    /** Reads what is kept behind an offset. */
    CompletionStage<Slice> read(String topic, long after, long maxBytes, String now) {
        return link.run(
                        Script.READ,
                        keys.log(topic).subList(0, 2),
                        RedisLink.bytes(now),
                        RedisLink.bytes(epochs.get()),
                        RedisLink.bytes(Long.toString(after == Long.MAX_VALUE ? after : after + 1)),
                        RedisLink.bytes(Long.toString(maxBytes)),
                        RedisLink.bytes(remember))
                .thenApply(RedisLog::slice);
    }

    private static Slice slice(List<Object> found) {
        String name = text(found, 4);
        List<Entry> entries = new ArrayList<>();
        for (int i = 5; i < found.size(); i += 3) {
            byte[] kept = (byte[]) found.get(i + 1);
            entries.add(Entry.of(
                    name, number(found, i), Published.key(text(found, i + 2)), Payload.unpack(kept, 0, kept.length)));
        }
        return new Slice(text(found, 0), number(found, 1), number(found, 2), entries, Published.former(text(found, 3)));
    }

    private static String text(List<Object> found, int index) {
        return RedisLink.text((byte[]) found.get(index));
    }

    private static long number(List<Object> found, int index) {
        return Long.parseLong(text(found, index));
    }
}
