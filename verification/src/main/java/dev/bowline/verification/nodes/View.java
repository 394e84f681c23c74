package dev.bowline.verification.nodes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What one client was told. Safe from any thread; told in the order in which the client was. */
final class View {
    private final int client;
    private final String user; // empty for none
    private final Ledger ledger;
    private final Map<String, Segment> segments = new HashMap<>(); // those that go on
    private final Map<String, List<Segment>> former = new HashMap<>(); // those that a reset has ended
    private final Set<Long> directs = new LinkedHashSet<>(); // in their order
    private final Map<String, Set<String>> present = new HashMap<>();
    private final List<Long> newSessions = new ArrayList<>(); // when they were told, but for the first
    private final Set<String> missedSince = new LinkedHashSet<>(); // what subscriptions covered that have ended
    private String session = "";
    private boolean open;

    View(int client, String user, Ledger ledger) {
        this.client = client;
        this.user = user;
        this.ledger = ledger;
    }

    /** The log that a topic is, for this client: a mailbox is the user's. */
    String log(String topic) {
        return topic.equals("$mailbox") ? mailbox(user) : topic;
    }

    static String mailbox(String user) {
        return "$mailbox " + user;
    }

    synchronized void opened(String id, boolean resumed, String reason) {
        open = true;
        if (session.isEmpty()) {
            ledger.counts().add("sessions", 1);
        } else if (resumed) {
            ledger.counts().add("resumed", 1);
            if (!id.equals(session)) {
                ledger.wrong("client " + client + " was resumed as " + id + ", and was " + session);
            }
        } else {
            ledger.counts().add("new: " + reason, 1);
            ledger.isNew(client, session, reason);
            newSessions.add(System.currentTimeMillis());
        }
        session = id;
    }

    synchronized void open(boolean isOpen) {
        open = isOpen;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** Its session's id; empty before the first one. */
    synchronized String session() {
        return session;
    }

    synchronized void message(String topic, long offset, Label label) {
        ledger.counts().add("delivered", 1);
        Segment segment = segments.get(topic);
        if (segment == null) {
            boolean mayMiss = former.containsKey(topic)
                    || !newSessions.isEmpty()
                    || missedSince.stream().anyMatch(topic::startsWith);
            if (offset != 1 && !mayMiss) {
                ledger.wrong("client " + client + " was first told " + label + " at " + offset + " of " + topic);
            }
            segment = new Segment(offset);
            segments.put(topic, segment);
        } else if (offset != segment.next()) {
            ledger.wrong("client " + client + " was told " + label + " at " + offset + " of " + topic + ", and "
                    + segment.next() + " was next, behind " + Label.text(segment.last()));
            return;
        }
        segment.add(label.packed());
    }

    synchronized void gap(String topic, long from, long to, String code) {
        ledger.counts().add("gaps", 1);
        Segment segment = segments.get(topic);
        ledger.wrong("client " + client + " was told a gap " + code + " of " + topic + " from " + from + " to " + to
                + (segment == null ? "" : ", and " + segment.next() + " was next")
                + ": but these logs keep everything");
    }

    synchronized void reset(String topic, String code) {
        ledger.counts().add("resets: " + code, 1);
        Segment ended = segments.remove(topic);
        List<Segment> ends = former.computeIfAbsent(topic, some -> new ArrayList<>());
        if (ended != null) {
            ends.add(ended);
        }
        ledger.reset(client, log(topic));
    }

    /**
     * A subscription has ended, and is asked for again: what comes in between may be missed.
     *
     * @return whether that may be: Redis was not there
     */
    synchronized boolean ended(String pattern, String code) {
        ledger.counts().add("subscriptions ended: " + code, 1);
        if (!code.equals("timeout") && !code.equals("unavailable")) {
            ledger.wrong("client " + client + " lost its subscription to " + pattern + ": " + code);
            return false;
        }
        String prefix = pattern.endsWith(".*") ? pattern.substring(0, pattern.length() - 1) : pattern;
        missedSince.add(prefix);
        for (String topic : List.copyOf(segments.keySet())) {
            if (topic.startsWith(prefix) && (pattern.endsWith(".*") || topic.equals(pattern))) {
                former.computeIfAbsent(topic, some -> new ArrayList<>()).add(segments.remove(topic));
            }
        }
        return true;
    }

    synchronized void direct(Label label) {
        ledger.counts().add("direct", 1);
        if (!directs.add(label.packed())) {
            ledger.wrong("client " + client + " was told the direct message " + label + " twice");
        }
    }

    synchronized void here(String topic, Collection<String> users) {
        present.put(topic, new TreeSet<>(users));
    }

    synchronized void joined(String topic, String who) {
        present.computeIfAbsent(topic, some -> new TreeSet<>()).add(who);
    }

    synchronized void left(String topic, String who) {
        present.computeIfAbsent(topic, some -> new TreeSet<>()).remove(who);
    }

    synchronized Set<String> present(String topic) {
        return new TreeSet<>(present.getOrDefault(topic, Set.of()));
    }

    // ---- In the end ----

    /** Whether a message was the last of a topic. */
    synchronized boolean isAt(String topic, Label label) {
        Segment segment = segments.get(topic);
        return segment != null && segment.endsWith(label.packed());
    }

    synchronized boolean hasDirect(Label label) {
        return directs.contains(label.packed());
    }

    /** The direct messages were for it, and those of each sender came in order, as far as there was one. */
    synchronized void checkDirects() {
        Map<Integer, Command> lastOf = new HashMap<>();
        for (long packed : directs) {
            Command command = ledger.command(Label.unpacked(packed));
            if (command == null
                    || command.kind != Command.Kind.RELAY
                    || !command.place.equals(Integer.toString(client))) {
                ledger.wrong("client " + client + " was told " + Label.text(packed) + ", which is " + command);
                continue;
            }
            Command last = lastOf.put(command.label.client(), command);
            if (last != null && command.isDone() && command.toldMillis() < last.givenMillis) {
                ledger.wrong("client " + client + " was told " + command + " behind " + last);
            }
        }
    }

    synchronized boolean isNewSince(long millis) {
        return newSessions.stream().anyMatch(when -> when >= millis);
    }

    /** Compares all that came with the logs as they are in the end. */
    synchronized void compare(Map<String, Segment> logs) {
        segments.forEach((topic, segment) -> {
            Segment log = logs.get(log(topic));
            if (log != null) {
                compare(topic, segment, log);
            }
        });
        former.forEach((topic, ends) -> ends.forEach(segment -> ledger.checkOnce(client, topic, segment)));
    }

    private void compare(String topic, Segment told, Segment log) {
        for (int i = 0; i < told.count(); i++) {
            long index = told.first() + i - log.first();
            if (index < 0 || index >= log.count() || told.label(i) != log.label((int) index)) {
                ledger.wrong("client " + client + " was told " + Label.text(told.label(i)) + " at " + (told.first() + i)
                        + " of " + log(topic) + ", where the log has "
                        + (index >= 0 && index < log.count() ? Label.text(log.label((int) index)) : "nothing"));
                return; // the rest is likely to be wrong too
            }
        }
    }

    @Override
    public String toString() {
        return "client " + client;
    }
}
