package dev.bowline.realtime;

import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.List;

/**
 * A part of what a topic keeps. Immutable.
 *
 * @param epoch the incarnation of the topic's log: while it is the same, an offset stands for the same message
 * @param begin the lowest offset that is kept; {@code end + 1} where none is. What was asked for and is below it is gone
 * @param end the highest offset that was given; 0 for none
 * @param reset whether the cursor that was asked for is of another log, or further than this one: the messages are from the beginning then
 * @param messages in order, without holes
 */
public record History(String epoch, long begin, long end, boolean reset, List<Message> messages) {
    /** A message and its place in the log, from 1. */
    public record Message(long offset, Payload payload) {}

    public History {
        messages = List.copyOf(messages);
    }

    /** Whether the topic keeps more behind these. */
    public boolean hasMore() {
        return !messages.isEmpty() && messages.get(messages.size() - 1).offset() < end;
    }

    /** How far this goes: from where to read on. */
    public Cursor cursor() {
        return new Cursor(
                epoch,
                messages.isEmpty() ? end : messages.get(messages.size() - 1).offset());
    }
}
