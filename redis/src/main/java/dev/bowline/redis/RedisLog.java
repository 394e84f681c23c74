package dev.bowline.redis;

import dev.bowline.session.engine.Entry;
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
    /** How long a publisher's last number is known to a topic: as long as a node may try again, and a session may resume. */
    private static final long REMEMBER_PUBLISHERS_MILLIS = 10 * 60_000;

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
     * Appends a message; done again with the same publisher and number, it does nothing.
     *
     * @param now in milliseconds; empty for the server's clock
     */
    CompletionStage<Cursor> append(
            String topic,
            String name,
            Retention retention,
            Payload payload,
            @Nullable String key,
            String publisher,
            long number,
            String now) {
        return link.run(
                        Script.APPEND,
                        keys.log(topic),
                        RedisLink.bytes(now),
                        RedisLink.bytes(epochs.get()),
                        RedisLink.bytes(name),
                        Published.kept(payload),
                        RedisLink.bytes(Published.kept(key)),
                        RedisLink.bytes(Integer.toString(retention.maxCount())),
                        RedisLink.bytes(Long.toString(retention.maxBytes())),
                        RedisLink.bytes(Long.toString(retention.maxAgeMillis())),
                        RedisLink.bytes(publisher),
                        RedisLink.bytes(Long.toString(number)),
                        RedisLink.bytes(Long.toString(REMEMBER_PUBLISHERS_MILLIS)),
                        RedisLink.bytes(remember),
                        RedisLink.bytes(keys.channel(topic)))
                .thenApply(found -> new Cursor(text(found, 0), number(found, 1)));
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
            entries.add(
                    Entry.of(name, number(found, i), Published.key(text(found, i + 2)), Published.payload(kept, 0)));
        }
        List<Cursor> former = new ArrayList<>(0);
        for (String one : text(found, 3).split(",", -1)) {
            int colon = one.indexOf(':');
            if (colon > 0) {
                former.add(new Cursor(one.substring(0, colon), Long.parseLong(one.substring(colon + 1))));
            }
        }
        return new Slice(text(found, 0), number(found, 1), number(found, 2), entries, former);
    }

    private static String text(List<Object> found, int index) {
        return RedisLink.text((byte[]) found.get(index));
    }

    private static long number(List<Object> found, int index) {
        return Long.parseLong(text(found, index));
    }
}
