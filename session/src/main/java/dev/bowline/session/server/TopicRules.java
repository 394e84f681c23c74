package dev.bowline.session.server;

import java.util.ArrayList;
import java.util.List;

/** The rules of all topics. The first one whose pattern covers a topic holds. Immutable. */
public final class TopicRules {
    /** No rule but the defaults. */
    public static final TopicRules DEFAULT = new TopicRules(List.of());

    /** The topic of a session's own user, as clients name it. */
    public static final String MAILBOX = "$mailbox";

    private final List<TopicRule> rules;

    private TopicRules(List<TopicRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * These rules and one more, behind them.
     *
     * @throws IllegalArgumentException if mailboxes would keep no log by it
     */
    public TopicRules and(TopicRule rule) {
        if (rule.retention() == null && rule.pattern().matches(MAILBOX)) {
            throw new IllegalArgumentException(MAILBOX + " must keep a log: it is for those who are away");
        }
        List<TopicRule> more = new ArrayList<>(rules);
        more.add(rule);
        return new TopicRules(more);
    }

    /** The rule of a topic, as clients name it. */
    public TopicRule of(String topic) {
        for (TopicRule rule : rules) {
            if (rule.pattern().matches(topic)) {
                return rule;
            }
        }
        return topic.equals(MAILBOX) ? TopicRule.MAILBOX : TopicRule.DEFAULT;
    }

    /** The log of a user's mailbox. No client can name it: a topic has no space. */
    static String mailboxOf(String user) {
        return MAILBOX + " " + user;
    }

    /** What subscribers call a log. */
    static String nameOf(String log) {
        return log.startsWith(MAILBOX + " ") ? MAILBOX : log;
    }
}
