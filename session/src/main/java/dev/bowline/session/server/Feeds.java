package dev.bowline.session.server;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.TopicPattern;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The topics that this node's sessions are subscribed to. Touched on the node's thread alone. */
final class Feeds {
    private static final Comparator<TopicView> BY_TRAFFIC =
            Comparator.comparingLong(TopicView::delivered).thenComparingInt(TopicView::subscribers);

    private final Node node;
    private final Bus bus;
    private final Map<String, Feed> feeds = new HashMap<>();
    private final Map<TopicPattern, Set<Session>> patterns = new LinkedHashMap<>();

    Feeds(Node node, Bus bus) {
        this.node = node;
        this.bus = bus;
    }

    @Nullable
    Feed get(String topic) {
        return feeds.get(topic);
    }

    int count() {
        return feeds.size();
    }

    /** Those with the most traffic, in no order. Mailboxes are not among them: they are users. */
    List<TopicView> busiest(int limit) {
        PriorityQueue<TopicView> busiest = new PriorityQueue<>(BY_TRAFFIC);
        for (Feed feed : feeds.values()) {
            if (feed.subscriberCount() > 0 && !feed.name.equals(TopicRules.MAILBOX)) {
                busiest.add(feed.view());
                if (busiest.size() > limit) {
                    busiest.remove();
                }
            }
        }
        return List.copyOf(busiest);
    }

    /** The feed of a topic that a session names. */
    Feed open(String topic, String name) {
        Feed feed = feeds.computeIfAbsent(
                topic, some -> new Feed(node, topic, name, node.rules().of(name)));
        if (!feed.followed) {
            feed.followed = true;
            bus.follow(topic);
        }
        return feed;
    }

    void forgetIfEmpty(Feed feed) {
        if (feed.isEmpty() && feeds.remove(feed.topic, feed) && feed.followed) {
            bus.unfollow(feed.topic);
        }
    }

    // ---- Patterns ----

    /**
     * Brings a session to the topics of a pattern.
     *
     * @param sinceMillis {@link Bus#FROM_NOW}, or since when another node followed it for the session
     * @param done is told when that is in effect, and since when
     */
    void follow(TopicPattern pattern, Session session, long sinceMillis, Callback<Long> done) {
        patterns.computeIfAbsent(pattern, some -> new LinkedHashSet<>()).add(session);
        bus.followAll(pattern, sinceMillis, done); // though others do: whether that is in effect yet is not known
    }

    void unfollow(TopicPattern pattern, Session session) {
        Set<Session> sessions = patterns.get(pattern);
        if (sessions != null && sessions.remove(session) && sessions.isEmpty()) {
            patterns.remove(pattern);
            bus.unfollowAll(pattern);
        }
    }

    private Set<Session> covering(String topic) {
        if (patterns.isEmpty()) {
            return Set.of();
        }
        Set<Session> found = new LinkedHashSet<>();
        patterns.forEach((pattern, sessions) -> {
            if (pattern.matches(topic)) {
                found.addAll(sessions);
            }
        });
        return found;
    }

    /** The feed of a topic that a pattern brought to a session at another node. */
    Feed openCovered(String topic) {
        return feeds.computeIfAbsent(
                topic, some -> new Feed(node, topic, topic, node.rules().of(topic)));
    }

    // ---- What comes ----

    /** A topic has grown: whoever a pattern brings to it begins with that; whoever is there goes on. */
    void grown(String topic, String name, String epoch, long before) {
        Feed feed = withCovered(topic, name, new Cursor(epoch, before));
        if (feed != null) {
            feed.beginBehind(epoch, before);
            feed.toldOfGrowth();
        }
    }

    void unlogged(String topic, Entry entry) {
        Feed feed = withCovered(topic, topic, null);
        if (feed != null) {
            feed.unlogged(entry);
        }
    }

    private @Nullable Feed withCovered(String topic, String name, @Nullable Cursor before) {
        Set<Session> covering = covering(topic);
        Feed feed = feeds.get(topic);
        if (feed == null) {
            if (covering.isEmpty()) {
                return null;
            }
            feed = new Feed(node, topic, name, node.rules().of(name));
            feeds.put(topic, feed);
        }
        for (Session session : List.copyOf(covering)) {
            session.subscriptions.addCovered(feed, before);
        }
        forgetIfEmpty(feed);
        return feeds.get(topic);
    }
}
