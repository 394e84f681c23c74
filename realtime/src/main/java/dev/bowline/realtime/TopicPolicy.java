package dev.bowline.realtime;

import dev.bowline.session.engine.Retention;
import dev.bowline.session.server.Action;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.server.TopicRule;
import dev.bowline.session.wire.Payload;
import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything about the topics of a pattern: what is kept, what becomes of slow subscribers, and who may do what. Immutable: each method
 * returns a new policy.
 *
 * <p>By default a topic keeps 1,000 messages or 1 MiB for a day, delivers all of them, and lets every session subscribe and see who is
 * there, and none publish.
 */
public final class TopicPolicy {
    private final TopicRule rule;
    private final BiPredicate<SessionInfo, String> subscribers;
    private final BiPredicate<SessionInfo, String> publishers;
    private final BiPredicate<SessionInfo, String> observers;

    private TopicPolicy(
            TopicRule rule,
            BiPredicate<SessionInfo, String> subscribers,
            BiPredicate<SessionInfo, String> publishers,
            BiPredicate<SessionInfo, String> observers) {
        this.rule = rule;
        this.subscribers = subscribers;
        this.publishers = publishers;
        this.observers = observers;
    }

    /**
     * The defaults, for the topics of a pattern: {@code *} stands for one segment, {@code >} for one or more at the end.
     *
     * @throws IllegalArgumentException for what is no pattern
     */
    public static TopicPolicy of(String pattern) {
        return new TopicPolicy(
                TopicRule.of(pattern), (session, topic) -> true, (session, topic) -> false, (session, topic) -> true);
    }

    private TopicPolicy with(TopicRule other) {
        return new TopicPolicy(other, subscribers, publishers, observers);
    }

    /**
     * How much is kept: the oldest messages go when any of these is exceeded.
     *
     * @param count messages, at least 1; default 1,000
     * @param bytes of messages with their headers, at least 1; default 1 MiB
     * @param age at least 1 ms; default a day
     */
    public TopicPolicy retain(int count, long bytes, Duration age) {
        return with(rule.retention(new Retention(count, bytes, age.toMillis())));
    }

    /** Keeps nothing, as for cursors or typing: who is away, or too slow, misses messages and is not told. */
    public TopicPolicy ephemeral() {
        return with(rule.unlogged());
    }

    /**
     * A subscriber that is too slow misses the oldest messages, and is told which.
     *
     * @param behind how many messages it may be behind, at least 1
     */
    public TopicPolicy dropOldest(int behind) {
        return with(rule.dropOldest(behind));
    }

    /**
     * A subscriber that is behind gets only the latest message of each key, and is told which it missed. What counts as the latest is seen a
     * MiB of messages ahead: who is further behind gets earlier ones too.
     *
     * @param key of a payload; null for a message that is always delivered. Called on event loops; must not block
     */
    public TopicPolicy conflate(Function<? super Payload, @Nullable String> key) {
        return with(rule.conflate(key));
    }

    /** Who may subscribe; called on event loops, with the topic; must not block. Default: every session. */
    public TopicPolicy subscribers(BiPredicate<SessionInfo, String> who) {
        return new TopicPolicy(rule, who, publishers, observers);
    }

    /** Who may publish, of the clients; as {@link #subscribers}. Default: none. */
    public TopicPolicy publishers(BiPredicate<SessionInfo, String> who) {
        return new TopicPolicy(rule, subscribers, who, observers);
    }

    /** Lets every session publish. */
    public TopicPolicy anyonePublishes() {
        return publishers((session, topic) -> true);
    }

    /** Who may see who is there; as {@link #subscribers}. Default: every session. */
    public TopicPolicy observers(BiPredicate<SessionInfo, String> who) {
        return new TopicPolicy(rule, subscribers, publishers, who);
    }

    TopicRule rule() {
        return rule;
    }

    boolean allows(SessionInfo session, Action action, String topic) {
        return switch (action) {
            case SUBSCRIBE -> subscribers.test(session, topic);
            case PUBLISH -> publishers.test(session, topic);
            case SEE_PRESENCE -> observers.test(session, topic);
            case REQUEST, SEND -> true;
        };
    }
}
