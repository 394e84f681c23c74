package dev.bowline.session.server;

import dev.bowline.session.engine.Retention;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a topic is kept and delivered. Immutable.
 *
 * @param pattern the topics that it holds for
 * @param retention how much of the log is kept; null where there is no log
 * @param slow what becomes of messages that a subscriber is too slow for
 * @param maxBehind with {@link SlowConsumer#DROP_OLDEST}: how many messages a slow subscriber may be behind
 * @param key what a message says something about, for {@link SlowConsumer#CONFLATE}; a message without a key is always delivered.
 *     Called on nodes' threads; must not block
 */
public record TopicRule(
        TopicPattern pattern,
        @Nullable Retention retention,
        SlowConsumer slow,
        int maxBehind,
        Function<? super Payload, @Nullable String> key) {
    /** What holds for topics without a rule: 1,000 messages or 1 MiB for a day, all of them delivered. */
    public static final TopicRule DEFAULT = of(">");

    /** What holds for mailboxes without a rule: 1,000 messages or 1 MiB for a week. */
    public static final TopicRule MAILBOX =
            of("$mailbox").retention(new Retention(1_000, 1_048_576, 7L * 24 * 60 * 60 * 1_000));

    public TopicRule {
        if (retention == null && slow != SlowConsumer.KEEP) {
            throw new IllegalArgumentException(
                    pattern + " keeps no log, so that there is nothing to choose from for slow subscribers");
        }
        if (slow == SlowConsumer.DROP_OLDEST && maxBehind < 1) {
            throw new IllegalArgumentException("maxBehind is " + maxBehind + ", must be at least 1");
        }
    }

    /** The default rule, for the topics of a pattern. */
    public static TopicRule of(String pattern) {
        return new TopicRule(
                new TopicPattern(pattern),
                new Retention(1_000, 1_048_576, 24L * 60 * 60 * 1_000),
                SlowConsumer.KEEP,
                0,
                payload -> null);
    }

    public TopicRule retention(Retention kept) {
        return new TopicRule(pattern, kept, slow, maxBehind, key);
    }

    /** Keeps nothing: who is away, or too slow, misses messages, and is not told. */
    public TopicRule unlogged() {
        return new TopicRule(pattern, null, SlowConsumer.KEEP, 0, payload -> null);
    }

    /** Leaves out, for a subscriber that is too slow, all but the last so many. */
    public TopicRule dropOldest(int behind) {
        return new TopicRule(pattern, retention, SlowConsumer.DROP_OLDEST, behind, key);
    }

    /** Delivers, to a subscriber that is behind, only the latest message of each key, looking a MiB of messages ahead. */
    public TopicRule conflate(Function<? super Payload, @Nullable String> keyOf) {
        return new TopicRule(pattern, retention, SlowConsumer.CONFLATE, 0, keyOf);
    }
}
