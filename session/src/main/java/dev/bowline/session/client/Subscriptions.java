package dev.bowline.session.client;

import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client is subscribed to, and how far it has received each topic. Not thread-safe. */
final class Subscriptions {
    /**
     * A subscription that the application wants.
     *
     * @param start where it began
     */
    record Subscription(TopicPattern pattern, Start start, boolean presence) {}

    /** What is to be sent to get the same subscriptions in a new session. */
    interface Restoring {
        void subscribe(Subscription subscription);

        void unsubscribe(TopicPattern pattern);
    }

    private final Map<String, Subscription> wanted = new LinkedHashMap<>();
    private final Map<String, Cursor> cursors = new LinkedHashMap<>();

    /** Adds one; false if there is one of that pattern. */
    boolean add(Subscription subscription) {
        return wanted.putIfAbsent(subscription.pattern().text(), subscription) == null;
    }

    /** Takes one out; its topics' cursors are forgotten, unless another one covers them. */
    boolean remove(String pattern) {
        boolean removed = wanted.remove(pattern) != null;
        if (removed) {
            cursors.keySet().removeIf(topic -> !covers(topic));
        }
        return removed;
    }

    boolean contains(String pattern) {
        return wanted.containsKey(pattern);
    }

    /** Whether a topic is covered by any subscription. */
    boolean covers(String topic) {
        return wanted.containsKey(topic)
                || wanted.values().stream()
                        .anyMatch(subscription -> subscription.pattern().matches(topic));
    }

    /** The cursors of all topics of which something came. */
    Map<String, Cursor> cursors() {
        return Collections.unmodifiableMap(cursors);
    }

    @Nullable
    Cursor cursor(String topic) {
        return cursors.get(topic);
    }

    void moveTo(String topic, Cursor cursor) {
        cursors.put(topic, cursor);
    }

    /**
     * Says what restores the subscriptions in a new session with nothing left out. A pattern can't begin elsewhere than now, so each of its
     * topics that was received is subscribed to by name first, from its cursor, and given up by name when the pattern covers it.
     */
    void restore(Restoring restoring) {
        List<TopicPattern> bridges = new ArrayList<>();
        wanted.values().forEach(subscription -> {
            if (subscription.pattern().isTopic()) {
                restoring.subscribe(from(subscription));
                return;
            }
            cursors.forEach((topic, cursor) -> {
                if (subscription.pattern().matches(topic) && !wanted.containsKey(topic)) {
                    TopicPattern bridge = new TopicPattern(topic);
                    bridges.add(bridge);
                    restoring.subscribe(new Subscription(bridge, new Start.From(cursor), false));
                }
            });
            restoring.subscribe(subscription);
        });
        bridges.forEach(restoring::unsubscribe);
    }

    private Subscription from(Subscription subscription) {
        Cursor cursor = cursors.get(subscription.pattern().text());
        return cursor == null
                ? subscription
                : new Subscription(subscription.pattern(), new Start.From(cursor), subscription.presence());
    }
}
