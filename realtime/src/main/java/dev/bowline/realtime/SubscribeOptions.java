package dev.bowline.realtime;

import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Cursor;

/**
 * How to subscribe. Immutable: each method returns other options.
 *
 * @param start where to begin; default: with what comes next. A pattern can begin nowhere else
 * @param presence whether to be told who is there; default no
 */
public record SubscribeOptions(Start start, boolean presence) {
    public static final SubscribeOptions DEFAULT = new SubscribeOptions(new Start.Now(), false);

    /** Begins behind a place in the topic's log that is known from before. */
    public SubscribeOptions from(String epoch, long offset) {
        return new SubscribeOptions(new Start.From(new Cursor(epoch, offset)), presence);
    }

    /** Begins with so many of the last messages, as far as the log has them. */
    public SubscribeOptions last(long messages) {
        return new SubscribeOptions(new Start.Last(messages), presence);
    }

    /** Tells who is there, who comes and who goes. */
    public SubscribeOptions withPresence() {
        return new SubscribeOptions(start, true);
    }
}
