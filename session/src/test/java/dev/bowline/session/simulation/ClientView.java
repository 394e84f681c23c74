package dev.bowline.session.simulation;

import static dev.bowline.session.simulation.Truth.wrong;

import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.TopicPattern;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a client was told of topics and presence, compared with the truth. */
final class ClientView {
    /** A subscription that is wanted; confirmed when its result came. */
    private static final class Wanted {
        final TopicPattern pattern;
        final boolean saysWhere; // its topic begins, which may be where the log never was
        final boolean presence;
        final long order;
        boolean confirmed;
        final Map<String, Cursor> endsThen = new HashMap<>(); // of the topics, when it was confirmed

        Wanted(TopicPattern pattern, boolean saysWhere, boolean presence, long order) {
            this.pattern = pattern;
            this.saysWhere = saysWhere;
            this.presence = presence;
            this.order = order;
        }
    }

    /** A subscription that was given up, until that has a result. */
    private record Ending(TopicPattern pattern, boolean saysWhere, long began, long order) {}

    /**
     * How far it is.
     *
     * @param told whether the application was told something behind the position where it began
     */
    private record Position(String epoch, long offset, boolean told) {
        Position(Cursor cursor, boolean told) {
            this(cursor.epoch(), cursor.offset(), told);
        }

        Cursor cursor() {
            return new Cursor(epoch, offset);
        }
    }

    private final String name;
    private final @Nullable String user;
    private final Truth truth;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();
    private final Set<Ending> endings = new HashSet<>();
    private long count;
    private final Map<String, Position> positions = new HashMap<>();
    private final Map<String, Set<String>> leftOut = new HashMap<>(); // keys of whose messages a later one is to come
    private final Map<String, Cursor> words = new HashMap<>(); // where the server said last that a topic goes on
    private final Set<String> doubtful =
            new HashSet<>(); // topics whose position may be that of a subscription that ended
    private final Map<String, Cursor> starts = new HashMap<>(); // where the first message must follow
    private boolean mayHaveMoved; // the session, to a node that does not know what was left out of topics
    private final Set<String> unlogged = new HashSet<>();
    private final Map<String, Set<String>> present = new HashMap<>();

    ClientView(String name, @Nullable String user, Truth truth) {
        this.name = name;
        this.user = user;
        this.truth = truth;
    }

    // ---- Subscriptions ----

    boolean isWanted(String pattern) {
        return wanted.containsKey(pattern);
    }

    List<String> wanted() {
        return List.copyOf(wanted.keySet());
    }

    /** A subscription is asked for; returns what {@link #confirmed} is to be called with. */
    Object wants(String pattern, Start start, boolean presence) {
        if (wanted.containsKey(pattern)) {
            return wanted; // nothing that could be confirmed
        }
        if (start instanceof Start.From from && !covers(pattern)) {
            starts.put(pattern, from.cursor());
        }
        Wanted made = new Wanted(new TopicPattern(pattern), start instanceof Start.From, presence, ++count);
        wanted.put(pattern, made);
        return made;
    }

    /** It is in effect. */
    void confirmed(Object subscription) {
        if (subscription instanceof Wanted one && !one.confirmed) {
            one.confirmed = true;
            for (String log : truth.topics()) {
                Truth.History history = truth.history(log);
                if (history != null) {
                    one.endsThen.put(log, new Cursor(history.epoch, history.end()));
                }
            }
        }
    }

    /** The end of a subscription is asked for; returns what {@link #ended} is to be called with. */
    Object givesUp(String pattern) {
        Wanted given = wanted.get(pattern);
        Ending ending = new Ending(
                new TopicPattern(pattern),
                given != null && given.saysWhere,
                given == null ? count : given.order,
                ++count);
        endings.add(ending); // it may be what carries a topic on
        ends(pattern);
        return ending;
    }

    void ended(Object ending) {
        endings.remove(ending);
    }

    /**
     * The server has ended a subscription. Whether one that is on its way goes on from where that was, or begins behind it, is not known: it
     * may have been in effect before its result came.
     */
    void endedByServer(String pattern) {
        ends(pattern);
        doubt();
    }

    /** A subscription did not come about, be it that it was given up meanwhile: topics that it was taken to carry on may begin anew. */
    void refused() {
        doubt();
    }

    private void doubt() {
        for (Map.Entry<String, Position> one : positions.entrySet()) {
            String topic = one.getKey();
            if (!goesOn(topic)) {
                one.setValue(new Position(one.getValue().epoch, one.getValue().offset, false));
                doubtful.add(topic);
            }
        }
    }

    /** Whether one covers a topic that is known to be in effect. */
    private boolean goesOn(String topic) {
        return wanted.values().stream().anyMatch(one -> one.confirmed && one.pattern.matches(topic));
    }

    /** There is no subscription any more. */
    void ends(String pattern) {
        Wanted one = wanted.remove(pattern);
        if (one != null) {
            positions.keySet().removeIf(topic -> !covers(topic) || isOver(topic));
            leftOut.keySet().retainAll(positions.keySet());
            starts.remove(pattern);
            present.remove(pattern);
        }
    }

    /** The session goes on, be it at another node, which has of it what was kept. */
    void resumed() {
        mayHaveMoved = true;
    }

    /** A new session: where a topic begins is not held to what it was in the old one, unless something of it came. */
    void newSession() {
        mayHaveMoved = false;
        leftOut.clear();
        starts.clear();
        wanted.values().forEach(one -> one.endsThen.clear());
        wanted.values().forEach(one -> one.confirmed = false);
    }

    private boolean covers(String topic) {
        return wanted.containsKey(topic) || wanted.values().stream().anyMatch(one -> one.pattern.matches(topic));
    }

    /** Whether what comes of a topic is still of subscriptions that were given up. */
    private boolean isOver(String topic) {
        return endings.stream()
                .anyMatch(ending -> ending.pattern.matches(topic)
                        && wanted.values().stream()
                                .noneMatch(one -> one.order < ending.order && one.pattern.matches(topic))
                        && endings.stream()
                                .noneMatch(other -> other.began < ending.order
                                        && other.order > ending.order
                                        && other.pattern.matches(topic)));
    }

    private String logOf(String topic) {
        return topic.equals("$mailbox") ? "$mailbox " + user : topic;
    }

    // ---- What it is told ----

    /** The server says where a topic goes on. */
    void at(String topic, Cursor cursor) {
        Position position = positions.get(topic);
        words.put(topic, cursor);
        if (goesOn(
                topic)) { // else it may be said of what carries the topic on by name, up to a pattern that was refused
            doubtful.remove(topic);
        }
        if (!covers(topic) || isOver(topic)) {
            return;
        }
        if (position == null) {
            checkBegin(topic, cursor);
            positions.put(topic, new Position(cursor, false));
            return;
        }
        boolean renamed = cursor.offset() == position.offset && !cursor.epoch().equals(position.epoch);
        if (renamed && position.told && !truth.isCarriedOver(logOf(topic), position.cursor(), cursor.epoch())) {
            throw wrong(name + " was told that " + topic + " is at " + cursor + ", which was not " + position);
        }
        if (renamed || !position.told) {
            positions.put(topic, new Position(cursor, position.told));
        }
    }

    /** Whether the client has said where a topic begins, for a subscription that the server may have. */
    private boolean isToldWhere(String topic) {
        return wanted.values().stream().anyMatch(one -> one.saysWhere && one.pattern.matches(topic))
                || endings.stream().anyMatch(one -> one.saysWhere && one.pattern.matches(topic));
    }

    /** A topic does not begin later than where it was when a subscription was in effect: all that came since is to come. */
    private void checkBegin(String topic, Cursor cursor) {
        Truth.History history = truth.history(logOf(topic));
        if (history == null || !history.epoch.equals(cursor.epoch()) || isToldWhere(topic)) {
            return;
        }
        for (Wanted one : wanted.values()) {
            Cursor then = one.endsThen.get(logOf(topic));
            long had = then == null ? 0 : truth.common(logOf(topic), then);
            if (one.confirmed && one.pattern.matches(topic) && cursor.offset() > had) {
                throw wrong(name + " was told that " + topic + " begins behind " + cursor + ", and it was at " + then
                        + " when it subscribed by " + one.pattern);
            }
        }
    }

    /** The server says that a topic goes on elsewhere; if that is to be told, it is told now. */
    void elsewhere(String topic, Cursor cursor) {
        words.put(topic, cursor);
    }

    void message(String topic, long offset, String id) {
        if (!covers(topic)) {
            throw wrong(name + " was told " + id + " of " + topic + ", to which it is not subscribed");
        }
        if (offset == 0) {
            if (!truth.isUnlogged(id) || !unlogged.add(id)) {
                throw wrong(name + " was told " + id + " of " + topic + ", which was not said, or before");
            }
            return;
        }
        Truth.Place place = truth.place(id);
        if (place == null || !place.topic().equals(logOf(topic)) || place.offset() != offset) {
            throw wrong(name + " was told " + id + " at " + offset + " of " + topic + ", and it is at " + place);
        }
        Position last = positions.get(topic);
        doubtful.remove(topic);
        if (last == null) {
            throw wrong(name + " was told " + id + " at " + place + " without a position");
        }
        if (!truth.was(logOf(topic), new Cursor(last.epoch, offset), id) || offset != last.offset + 1) {
            throw wrong(name + " was told " + id + " at " + place + " behind " + last);
        }
        Cursor start = starts.remove(topic);
        if (start != null && truth.isCarriedOver(logOf(topic), start, last.epoch) && offset != start.offset() + 1) {
            throw wrong(name + " asked for " + topic + " from " + start + " and was first told " + place);
        }
        positions.put(topic, new Position(last.epoch, offset, true));
        leftOut.getOrDefault(topic, new HashSet<>()).remove(SimulatedServer.keyOf(id));
    }

    void gap(String topic, long from, long to, String code, @Nullable Cursor begin) {
        Position last = positions.get(topic);
        if (last == null || from != last.offset + 1) {
            throw wrong(name + " was told a gap of " + topic + " from " + from + " behind " + last);
        }
        starts.remove(topic);
        boolean right =
                switch (code) {
                    case "trimmed" -> begin == null || !begin.epoch().equals(last.epoch) || begin.offset() > to;
                    case "dropped" -> topic.startsWith("drop.");
                    case "conflated" -> topic.startsWith("latest.") && conflated(topic, last.epoch, from, to);
                    default -> false;
                };
        if (!right) {
            throw wrong(name + " was told a gap of " + topic + " from " + from + " to " + to + " " + code + ", begin "
                    + begin);
        }
        positions.put(topic, new Position(last.epoch, to, true));
        if (!code.equals("conflated")) {
            leftOut.remove(topic); // it is told that it may lack the later one
        }
    }

    /** Each message that is left out has a later one of its key. */
    private boolean conflated(String topic, String epoch, long from, long to) {
        List<String> payloads = truth.payloads(topic, epoch);
        for (long offset = from; offset <= to; offset++) {
            String key = SimulatedServer.keyOf(payloads.get((int) offset - 1));
            leftOut.computeIfAbsent(topic, some -> new HashSet<>()).add(key);
            boolean later = payloads.subList((int) offset, payloads.size()).stream()
                    .anyMatch(id -> key.equals(SimulatedServer.keyOf(id)));
            if (!later) {
                return false;
            }
        }
        return true;
    }

    /** It is not known any more what is missing of a topic. */
    void reset(String topic, boolean goesOn) {
        Position last = positions.get(topic);
        Cursor word = words.get(topic);
        boolean lacksLater =
                !leftOut.getOrDefault(topic, Set.of()).isEmpty() || (mayHaveMoved && topic.startsWith("latest."));
        starts.remove(topic);
        leftOut.remove(topic);
        if (!goesOn || word == null) {
            positions.remove(topic); // it goes on with what comes next
            return;
        }
        if (last != null
                && last.told
                && !lacksLater
                && truth.isCarriedOver(logOf(topic), last.cursor(), word.epoch())) {
            throw wrong(name + " was told that " + topic + " was lost at " + last + ", all of which is in " + word);
        }
        positions.put(topic, new Position(word, true));
    }

    void here(String topic, List<String> users) {
        present.put(topic, new TreeSet<>(users));
    }

    void joined(String topic, String who) {
        Set<String> there = present.get(topic);
        if (there != null) {
            there.add(who);
        }
    }

    void left(String topic, String who) {
        Set<String> there = present.get(topic);
        if (there != null) {
            there.remove(who);
        }
    }

    // ---- In the end ----

    /**
     * When nothing happens any more: it has everything.
     *
     * @param there who is in a topic
     */
    void checkComplete(SimulatedEngine engine, Function<String, Set<String>> there) {
        for (String log : truth.topics()) {
            String topic = log.startsWith("$mailbox ") ? "$mailbox" : log;
            if (!log.equals(logOf(topic)) || !covers(topic) || topic.startsWith("secret.")) {
                continue;
            }
            Truth.History history = truth.history(log);
            if (history == null) {
                continue;
            }
            Slice now = engine.log(log);
            Position position = positions.get(topic);
            if (position == null || doubtful.contains(topic)) {
                for (Wanted one : wanted.values()) {
                    Cursor then = one.endsThen.get(log);
                    boolean grown = history.end() > (then == null ? 0 : truth.common(log, then));
                    if (grown && one.confirmed && one.pattern.matches(topic)) {
                        throw wrong(name + " has nothing of " + topic + ", which is at " + history.end()
                                + ", and was at " + then + " when it subscribed by " + one.pattern);
                    }
                }
            } else if (truth.isCarriedOver(log, position.cursor(), now.epoch())
                    ? position.offset != now.end()
                    : now.end() > 0) {
                throw wrong(name + " is at " + position + " of " + topic + ", which is at " + now.epoch() + " "
                        + now.end());
            }
        }
        leftOut.forEach((topic, keys) -> {
            if (!keys.isEmpty()) {
                throw wrong(name + " was told that later ones of " + keys + " come in " + topic + ", and got none");
            }
        });
        for (Wanted one : wanted.values()) {
            String topic = one.pattern.text();
            if (one.presence && one.confirmed && !there.apply(topic).equals(present.get(topic))) {
                throw wrong(name + " was told that " + present.get(topic) + " are in " + topic + ", and "
                        + there.apply(topic) + " are");
            }
        }
    }
}
