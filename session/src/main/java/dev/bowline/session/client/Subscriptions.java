package dev.bowline.session.client;

import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client is subscribed to, and how far it has received each topic. Not thread-safe. */
final class Subscriptions {
    /** A subscription: one that the application wants, one that ends, or a bridge to others (see {@link #restore}). */
    static final class Subscription {
        private final TopicPattern pattern;
        private final Start start;
        private final boolean presence;
        private long began; // which it was, among all that begin and end
        private long ended = WANTED; // likewise
        private boolean agreed; // the server has, in this session

        private Subscription(TopicPattern pattern, Start start, boolean presence, long began) {
            this.pattern = pattern;
            this.start = start;
            this.presence = presence;
            this.began = began;
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

    /** What is to be sent to get the same subscriptions in a new session. */
    interface Restoring {
        void subscribe(Subscription subscription, Start start);

        void bridge(Subscription bridge);

        void endBridge(Subscription bridge);
    }

    private static final long WANTED = Long.MAX_VALUE; // it has no end

    private final Map<String, Subscription> wanted = new LinkedHashMap<>();
    private final List<Subscription> endings = new ArrayList<>(0); // until the server has said that they have ended
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
     * What the server's end of a subscription means.
     *
     * @param wanted whether it was wanted
     * @param broken if not, the topics that it was to carry on to others that are
     */
    record End(boolean wanted, List<String> broken) {}

    /**
     * The server has ended the one of a pattern. If it has not agreed yet to the one that is wanted, it has ended one of before, and that comes
     * behind it (section 9). Topics go on by others that have their results; by those without they begin anew.
     */
    End endedByServer(String pattern) {
        Subscription known = wanted.get(pattern);
        boolean isWanted = known != null && known.agreed;
        if (isWanted) {
            wanted.remove(pattern);
        }
        TopicPattern over = new TopicPattern(pattern);
        boolean wasEnding = endings.removeIf(ending -> ending.agreed && ending.pattern.equals(over));
        if (!isWanted && !wasEnding) {
            return new End(false, List.of());
        }
        List<String> broken = positions.keySet().stream()
                .filter(topic ->
                        over.matches(topic) && !(covering(topic).anyMatch(one -> one.agreed) && receives(topic)))
                .toList();
        broken.forEach(positions::remove);
        return new End(
                isWanted,
                isWanted ? List.of() : broken.stream().filter(this::covers).toList());
    }

    /** Takes one out that the server does not have, or never had. False if it is not wanted any more. */
    boolean remove(Subscription subscription) {
        boolean wasWanted = wanted.remove(subscription.pattern.text(), subscription);
        if (wasWanted || endings.remove(subscription)) {
            forgetWhatDoesNotGoOn();
        }
        return wasWanted;
    }

    /** Takes one out that the server may still have, until {@link #ended}; null if there is none of that pattern. */
    @Nullable
    Subscription end(String pattern) {
        Subscription known = wanted.remove(pattern);
        if (known != null) {
            known.ended = ++count;
            endings.add(known);
            forgetWhatDoesNotGoOn();
        }
        return known;
    }

    void ended(Subscription ending) {
        endings.remove(ending);
    }

    private void forgetWhatDoesNotGoOn() {
        positions.keySet().removeIf(topic -> !receives(topic));
    }

    /** Whether one that is wanted covers a topic. */
    private boolean covers(String topic) {
        return wanted.containsKey(topic) || wanted.values().stream().anyMatch(one -> one.pattern.matches(topic));
    }

    private Stream<Subscription> covering(String topic) {
        return Stream.concat(wanted.values().stream(), endings.stream()).filter(one -> one.pattern.matches(topic));
    }

    /**
     * Whether what comes of a topic is for a subscription that is wanted: whether the topic goes on, from the first subscription that the server has, or
     * is to have, up to now without a break. Behind a break there may be another subscription, but that begins anew.
     */
    boolean receives(String topic) {
        if (endings.isEmpty()) {
            return covers(topic);
        }
        long end = 0;
        for (Subscription one : covering(topic)
                .sorted(Comparator.comparingLong(some -> some.began))
                .toList()) {
            if (end != 0 && one.began > end) {
                return false;
            }
            end = Math.max(end, one.ended);
        }
        return end == WANTED;
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
        endings.clear();
        positions.values().forEach(Position::named);
        List<Subscription> patterns = new ArrayList<>();
        wanted.forEach((text, subscription) -> {
            if (subscription.pattern.isTopic()) {
                Position position = positions.get(text);
                restore(
                        subscription,
                        position == null ? subscription.start : new Start.From(position.cursor()),
                        restoring);
            } else {
                patterns.add(subscription);
            }
        });
        positions.forEach((topic, position) -> {
            if (!wanted.containsKey(topic)) {
                Subscription bridge =
                        new Subscription(new TopicPattern(topic), new Start.From(position.cursor()), false, ++count);
                endings.add(bridge);
                restoring.bridge(bridge);
            }
        });
        patterns.forEach(pattern -> restore(pattern, pattern.start, restoring));
        endings.forEach(bridge -> {
            bridge.ended = ++count;
            restoring.endBridge(bridge);
        });
    }

    private void restore(Subscription subscription, Start start, Restoring restoring) {
        subscription.began = ++count;
        subscription.agreed = false;
        restoring.subscribe(subscription, start);
    }
}
