package dev.bowline.session.engine;

import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Logs that know a client's message again, whichever node appends it. */
final class KeptLog implements Log {
    /** Told of each message that a log has more. */
    interface Growths {
        void grown(String topic, String name, Cursor place);
    }

    private final Log inner;
    private final Map<String, Cursor> appended; // by all nodes: where what clients published is
    private final Growths growths;

    KeptLog(Log inner, Map<String, Cursor> appended, Growths growths) {
        this.inner = inner;
        this.appended = appended;
        this.growths = growths;
    }

    @Override
    public void append(
            String topic,
            String name,
            Retention retention,
            Payload payload,
            @Nullable String key,
            @Nullable Origin origin,
            long nowMillis,
            Callback<Cursor> done) {
        Cursor before = origin == null ? null : appended.get(topic + " " + origin);
        Cursor known = before == null ? null : carriedOver(topic, before, nowMillis);
        if (known != null) {
            done.done(known);
            return;
        }
        inner.append(
                topic,
                name,
                retention,
                payload,
                key,
                origin,
                nowMillis,
                Callback.of(
                        cursor -> {
                            if (origin != null) {
                                appended.put(topic + " " + origin, cursor);
                            }
                            growths.grown(topic, name, cursor);
                            done.done(cursor);
                        },
                        done::failed));
    }

    private @Nullable Cursor carriedOver(String topic, Cursor cursor, long nowMillis) {
        Slice[] now = new Slice[1];
        inner.read(topic, Long.MAX_VALUE, 0, nowMillis, Callback.of(slice -> now[0] = slice, failure -> {}));
        return now[0].carriedOver(cursor);
    }

    @Override
    public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
        inner.read(topic, after, maxBytes, nowMillis, done);
    }
}
