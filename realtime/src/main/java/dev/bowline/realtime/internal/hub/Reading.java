package dev.bowline.realtime.internal.hub;

import dev.bowline.realtime.History;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.server.Node;
import dev.bowline.session.wire.Cursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a topic keeps, for the application. On the node's thread. */
final class Reading {
    private final Node node;
    private final String topic;
    private final int maxCount;
    private final long maxBytes;
    private final Callback<History> done;

    Reading(Node node, String topic, int maxCount, long maxBytes, Callback<History> done) {
        this.node = node;
        this.topic = topic;
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
        this.done = done;
    }

    /** @param epoch of the offset; null for whichever the log has */
    void behind(@Nullable String epoch, long after, long now) {
        node.read(
                topic,
                after,
                maxBytes,
                now,
                Callback.of(
                        slice -> {
                            if (epoch != null && slice.carriedOver(new Cursor(epoch, after)) == null) {
                                fromTheBeginning(now);
                            } else {
                                done.done(history(slice, false));
                            }
                        },
                        done::failed));
    }

    private void fromTheBeginning(long now) {
        node.read(topic, 0, maxBytes, now, Callback.of(slice -> done.done(history(slice, true)), done::failed));
    }

    /** Of the log's state first, then of what is behind there: messages that come in between are not among them. */
    void latest(long now) {
        node.read(
                topic,
                0,
                0,
                now,
                Callback.of(state -> behind(null, Math.max(0, state.end() - maxCount), now), done::failed));
    }

    private History history(Slice slice, boolean reset) {
        List<History.Message> messages = slice.entries().stream()
                .limit(maxCount)
                .map(entry -> new History.Message(entry.offset(), entry.payload()))
                .toList();
        return new History(slice.epoch(), slice.begin(), slice.end(), reset, messages);
    }
}
