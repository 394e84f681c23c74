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
    /** A subscription that the application wants. */
    static final class Subscription {
        private final TopicPattern pattern;
        private final Start start;
        private final boolean presence;
        private final long order; // which one it is, among all that begin and end
        private boolean agreed; // the server has, in this session

        private Subscription(TopicPattern pattern, Start start, boolean presence, long order) {
            this.pattern = pattern;
            this.start = start;
            this.presence = presence;
            this.order = order;
        }

        TopicPattern pattern() {
            return pattern;
        }

        /** Where it began. */
        Start start() {
            return start;
        }

        boolean presence() {
            return presence;
        }

        /** It is in effect. */
        void agreed() {
            agreed = true;
        }
    }

    /**
     * One that the application wants no more, until the server has said that it has ended.
     *
     * @param began its order
     * @param order of its end, among all that begin and end
     */
    record Ending(TopicPattern pattern, long began, long order) {}

    /** What is to be sent to get the same subscriptions in a new session. */
    interface Restoring {
        void subscribe(Subscription subscription, Start start);

        void bridge(String topic, Cursor cursor);

        void endBridge(String topic);
    }

    private final Map<String, Subscription> wanted = new LinkedHashMap<>();
    private final List<Ending> endings = new ArrayList<>(0);
    private final Map<String, Position> positions = new LinkedHashMap<>(16, 0.75f, true); // that used last stands last
    private long count;

    /** Adds one; null if there is one of that pattern. */
    @Nullable
    Subscription add(TopicPattern pattern, Start start, boolean presence) {
        if (wanted.containsKey(pattern.text())) {
            return null;
        }
        Subscription added = new Subscription(pattern, start, presence, ++count);
        wanted.put(pattern.text(), added);
        return added;
    }

    /**
     * The server has ended the one of a pattern. False if there is none, or if it has not agreed to it yet: then it has ended one of before, and
     * the one that is wanted comes behind that (section 9).
     */
    boolean endedByServer(String pattern) {
        Subscription known = wanted.get(pattern);
        return known != null && known.agreed && remove(known);
    }

    /** Takes one out; its topics' cursors are forgotten, unless another one covers them. False if it is not there any more. */
    boolean remove(Subscription subscription) {
        if (!wanted.remove(subscription.pattern.text(), subscription)) {
            return false;
        }
        positions.keySet().removeIf(topic -> !covers(topic));
        return true;
    }

    /** Takes one out that the server still has, until {@link #ended}; null if there is none of that pattern. */
    @Nullable
    Ending end(String pattern) {
        Subscription known = wanted.get(pattern);
        if (known == null) {
            return null;
        }
        remove(known);
        Ending ending = new Ending(known.pattern, known.order, ++count);
        endings.add(ending);
        return ending;
    }

    void ended(Ending ending) {
        endings.remove(ending);
    }

    private boolean covers(String topic) {
        return wanted.containsKey(topic) || wanted.values().stream().anyMatch(one -> one.pattern.matches(topic));
    }

    /**
     * Whether what comes of a topic is for a subscription that is wanted. It is not while one ends that was the last of the topic then, though
     * there is another one by now: that begins with what comes behind the end.
     */
    boolean receives(String topic) {
        return covers(topic)
                && endings.stream()
                        .noneMatch(ending -> ending.pattern().matches(topic) && !goesOn(topic, ending.order()));
    }

    /** Whether a subscription of a topic went on when another one ended. */
    private boolean goesOn(String topic, long end) {
        return wanted.values().stream().anyMatch(one -> one.order < end && one.pattern.matches(topic))
                || endings.stream()
                        .anyMatch(other -> other.began() < end
                                && other.order() > end
                                && other.pattern().matches(topic));
    }

    /**
     * The cursors of the topics of which something came, as many as there is room for: where that was longest ago, they are left out, and what comes of
     * these for a second time will be dropped.
     *
     * @param room for their lines in a hello, in bytes
     */
    Map<String, Cursor> cursors(int room) {
        List<Map.Entry<String, Position>> known = new ArrayList<>(positions.entrySet());
        Collections.reverse(known);
        Map<String, Cursor> cursors = new LinkedHashMap<>();
        int left = room;
        for (Map.Entry<String, Position> entry : known) {
            Position position = entry.getValue();
            int bytes = ("\ntopic " + entry.getKey() + " " + position.cursor()).length();
            if (bytes <= left) {
                left -= bytes;
                cursors.put(entry.getKey(), position.cursor());
                position.named();
            } else {
                position.leftOut();
            }
        }
        return cursors;
    }

    /** How far a topic was received; null if nothing came of it. */
    @Nullable
    Position position(String topic) {
        return positions.get(topic);
    }

    /** Forgets how far a topic was received; false if that was not known. */
    boolean forget(String topic) {
        return positions.remove(topic) != null;
    }

    /** A topic begins behind a cursor. */
    void begin(String topic, Cursor cursor) {
        positions.put(topic, new Position(cursor));
    }

    /**
     * Says what restores the subscriptions in a new session with nothing left out. A pattern can't begin elsewhere than now, so each of its
     * topics that was received is subscribed to by name first, from its cursor, and given up by name when the patterns cover it.
     */
    void restore(Restoring restoring) {
        List<Subscription> patterns = new ArrayList<>();
        positions.values().forEach(Position::named);
        wanted.forEach((text, subscription) -> {
            subscription.agreed = false;
            Position position = positions.get(text);
            if (!subscription.pattern.isTopic()) {
                patterns.add(subscription);
            } else {
                restoring.subscribe(
                        subscription, position == null ? subscription.start : new Start.From(position.cursor()));
            }
        });
        List<String> bridges = new ArrayList<>();
        positions.forEach((topic, position) -> {
            if (!wanted.containsKey(topic)) {
                bridges.add(topic);
                restoring.bridge(topic, position.cursor());
            }
        });
        patterns.forEach(pattern -> restoring.subscribe(pattern, pattern.start));
        bridges.forEach(restoring::endBridge);
    }
}
