package dev.bowline.session.simulation;

import dev.bowline.session.client.Result;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What really happened, known by nobody in the simulation: the checker compares what everybody was told with it. */
final class Truth {
    /** Where a message is. */
    record Place(String topic, String epoch, long offset) {}

    /** A log in one epoch, with what was ever in it. */
    static final class History {
        final String epoch;
        final List<String> payloads = new ArrayList<>(); // the one at offset 1 first
        private final @Nullable History before; // the epoch that it had before
        private final long reach; // how far that one reaches into this

        History(String epoch, @Nullable History before, long reach) {
            this.epoch = epoch;
            this.before = before;
            this.reach = reach;
            if (before != null) {
                payloads.addAll(before.payloads.subList(0, (int) reach));
            }
        }

        long end() {
            return payloads.size();
        }
    }

    /** A command that was handled behind a later one of its client's. */
    private record Overtaken(String id, String later, String channel) {}

    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, History> histories = new LinkedHashMap<>(); // the logs as they are now
    private final Map<String, Map<String, History>> epochs = new HashMap<>(); // of each topic, all that it ever was
    private final Map<String, Long> lastNumbers = new HashMap<>(); // per client and channel
    private final Set<String> handled = new HashSet<>(); // messages and requests that the application was given
    private final List<Overtaken> overtaken = new ArrayList<>();
    private final Set<String> unknown = new HashSet<>(); // commands whose sender was told that nothing is known of them
    private final Set<String> overSessions = new HashSet<>();
    private final Set<String> unlogged = new HashSet<>();

    static AssertionError wrong(String what) {
        return new AssertionError(what);
    }

    /** The first word of a payload is what it is known by. */
    static String idOf(Payload payload) {
        String text = payload.asText();
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    // ---- Logs ----

    void appended(String topic, Cursor cursor, Payload payload) {
        String id = idOf(payload);
        Place before = places.put(id, new Place(topic, cursor.epoch(), cursor.offset()));
        if (before != null) { // it came again, from another node
            boolean there = before.topic.equals(topic)
                    && isCarriedOver(topic, new Cursor(before.epoch, before.offset), cursor.epoch());
            if (there && before.offset == cursor.offset()) {
                return; // and was recognised
            }
            if (there || !before.topic.equals(topic)) {
                throw wrong(id + " is in a log twice: " + before + " and " + places.get(id));
            }
        }
        History history = histories.get(topic);
        if (history == null || !history.epoch.equals(cursor.epoch())) {
            history = epoch(topic, cursor.epoch());
            histories.put(topic, history);
        }
        if (cursor.offset() != history.end() + 1) {
            throw wrong(id + " got " + cursor + " in " + topic + ", behind " + history.end());
        }
        if (before == null) { // what was lost a node may bring again that stood still meanwhile: its place is gone
            inOrder(id, lastOf(id, history), topic);
        }
        history.payloads.add(id);
    }

    /** A topic in an epoch, be it that nothing was in it. */
    private History epoch(String topic, String epoch) {
        return epochs.computeIfAbsent(topic, some -> new LinkedHashMap<>())
                .computeIfAbsent(epoch, some -> new History(epoch, null, 0));
    }

    /** A log goes on in another epoch, with what it had up to a cursor. */
    void renamed(String topic, Cursor reach, String epoch) {
        History before = epoch(topic, reach.epoch());
        History now = new History(epoch, before, reach.offset());
        epochs.getOrDefault(topic, Map.of()).put(epoch, now);
        if (histories.containsKey(topic)) {
            histories.put(topic, now);
        }
    }

    /** Whether all that a log had up to a cursor is in another epoch of it: what comes behind that there is all that was missed. */
    boolean isCarriedOver(String topic, Cursor cursor, String epoch) {
        History now = epoch(topic, epoch);
        while (!now.epoch.equals(cursor.epoch())) {
            if (now.before == null || cursor.offset() > now.reach) {
                return false;
            }
            now = now.before;
        }
        return true;
    }

    /** Up to where a log, as it is now, is what it was up to a cursor. */
    long common(String topic, Cursor cursor) {
        long common = cursor.offset();
        for (History now = histories.get(topic); now != null; now = now.before) {
            if (now.epoch.equals(cursor.epoch())) {
                return common;
            }
            common = Math.min(common, now.reach);
        }
        return 0;
    }

    /** Whether a message was at an offset of an epoch. */
    boolean was(String topic, Cursor cursor, String id) {
        List<String> payloads = payloads(topic, cursor.epoch());
        return cursor.offset() <= payloads.size()
                && payloads.get((int) cursor.offset() - 1).equals(id);
    }

    /** What was ever in an epoch; the one at offset 1 first. */
    List<String> payloads(String topic, String epoch) {
        return epoch(topic, epoch).payloads;
    }

    /** The epochs that a topic has had. */
    List<String> epochs(String topic) {
        return List.copyOf(epochs.getOrDefault(topic, Map.of()).keySet());
    }

    void published(Payload payload) {
        if (!unlogged.add(idOf(payload))) {
            throw wrong(idOf(payload) + " was published twice");
        }
    }

    /** All that was kept is gone. */
    void forgetLogs() {
        histories.clear();
    }

    boolean isUnlogged(String id) {
        return unlogged.contains(id);
    }

    /** Where a message was put. */
    @Nullable
    Place place(String id) {
        return places.get(id);
    }

    @Nullable
    History history(String topic) {
        return histories.get(topic);
    }

    long end(String topic) {
        History history = histories.get(topic);
        return history == null ? 0 : history.end();
    }

    Set<String> topics() {
        return histories.keySet();
    }

    /**
     * A client's commands to one place are handled in its order; the application's come from any node. Those of a session that is over may
     * come late, from a node that was taken for dead; then the client was told that nothing is known of them.
     */
    private void inOrder(String id, long last, String channel) {
        if (!id.startsWith("app.") && last >= numberOf(id)) {
            overtaken.add(new Overtaken(id, clientOf(id) + "." + last, channel));
        }
    }

    /** When everybody has their results: whatever was handled behind a later one, nobody was told that it was. */
    void checkOrder() {
        for (Overtaken one : overtaken) {
            if (!unknown.contains(one.id) && !unknown.contains(one.later)) {
                throw wrong(one.id + " was handled behind " + one.later + ", by " + one.channel);
            }
        }
    }

    /** The number of the latest of the same client's that is in a log; what that has lost is sent again. */
    private long lastOf(String id, History history) {
        for (int i = history.payloads.size() - 1; i >= 0; i--) {
            String before = history.payloads.get(i);
            if (clientOf(before).equals(clientOf(id)) && !unknown.contains(before)) {
                return numberOf(before);
            }
        }
        return 0;
    }

    private static String clientOf(String id) {
        return id.substring(0, id.indexOf('.'));
    }

    private static long numberOf(String id) {
        return Long.parseLong(id.substring(id.indexOf('.') + 1));
    }

    // ---- The application ----

    void handled(String id, String channel) {
        if (!handled.add(id)) {
            throw wrong(id + " was handled twice");
        }
        String client = clientOf(id) + " " + channel;
        inOrder(id, lastNumbers.getOrDefault(client, 0L), channel);
        lastNumbers.merge(client, numberOf(id), Math::max);
    }

    void over(String session) {
        overSessions.add(session);
    }

    boolean isOver(String session) {
        return overSessions.contains(session);
    }

    // ---- Results ----

    boolean wasHandled(String id) {
        return handled.contains(id) || places.containsKey(id) || unlogged.contains(id);
    }

    /** What a sender was told must be so. */
    void check(String id, Result result) {
        if (result instanceof Result.Unknown
                || (result instanceof Result.Refused refused && refused.code().equals("unknown"))) {
            unknown.add(id);
        }
        boolean was = wasHandled(id);
        if (result instanceof Result.Done || result instanceof Result.Answered) {
            if (!was) {
                throw wrong(id + " has the result " + result + ", and was not handled");
            }
        } else if (result instanceof Result.NotSent) {
            if (was) {
                throw wrong(id + " has the result " + result + ", and was handled");
            }
        } else if (result instanceof Result.Refused refused) {
            boolean without =
                    switch (refused.code()) {
                        case "forbidden", "unavailable", "bad-request", "unauthorized" -> true;
                        default -> false;
                    };
            if (without && was) {
                throw wrong(id + " has the result " + result + ", and was handled");
            }
        }
    }
}
