package dev.bowline.verification.nodes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** All that was asked, answered, done and told, and what of it is wrong. Safe from any thread. */
final class Ledger {
    private static final int MOST_WRONGS = 200;

    /** A time in which Redis may have lost what it had acknowledged. */
    private record Lossy(long fromMillis, long toMillis) {}

    private final Map<Long, Command> commands = new ConcurrentHashMap<>();
    private final Map<Long, String> handled = new ConcurrentHashMap<>(); // by whom
    private final Set<Long> open = ConcurrentHashMap.newKeySet();
    private final Collection<String> wrongs = new ConcurrentLinkedQueue<>();
    private final List<Lossy> lossy = new CopyOnWriteArrayList<>();
    private final Counts counts = new Counts();
    private volatile boolean newEpochs; // whether logs may have other epochs than in the beginning

    Counts counts() {
        return counts;
    }

    void wrong(String what) {
        counts.add("wrong", 1);
        if (counts.of("wrong") <= MOST_WRONGS) {
            wrongs.add(what);
        }
    }

    /** What is wrong, so far; of very much only the first. */
    List<String> wrongs() {
        return List.copyOf(wrongs);
    }

    // ---- Commands ----

    void given(Label label, Command.Kind kind, String place) {
        counts.add("asked: " + kind, 1);
        open.add(label.packed());
        commands.put(label.packed(), new Command(label, kind, place, System.currentTimeMillis()));
    }

    /** @param outcome as {@link Command#result} */
    void told(Label label, String outcome) {
        Command command = commands.get(label.packed());
        if (command == null) {
            wrong("there is a result of " + label + ", which nobody asked for: " + outcome);
            return;
        }
        int times = command.result(outcome, System.currentTimeMillis());
        open.remove(label.packed());
        counts.add("told: " + (outcome.equals("done") ? command.kind + " done" : outcome), 1);
        if (times > 1) {
            wrong(command + " has another result: " + outcome);
        }
    }

    /** A node's handler was called. It may be known before the asking is: they come by different ways. */
    void handled(Label label, String node) {
        counts.add("handled", 1);
        String before = handled.put(label.packed(), node);
        if (before != null) {
            wrong(label + " was handled twice: by " + before + ", and by " + node);
        }
    }

    boolean wasHandled(Label label) {
        return handled.containsKey(label.packed());
    }

    /** All that handlers were called for. */
    Set<Long> handled() {
        return handled.keySet();
    }

    @Nullable
    Command command(Label label) {
        return commands.get(label.packed());
    }

    Collection<Command> commands() {
        return commands.values();
    }

    int open() {
        return open.size();
    }

    /** Those without a result that were given before. */
    List<Command> openSince(long millis) {
        List<Command> all = new ArrayList<>();
        for (long label : open) {
            Command command = commands.get(label);
            if (command != null && command.givenMillis <= millis) {
                all.add(command);
            }
        }
        return all;
    }

    // ---- What Redis may have lost ----

    /** Logs may have other epochs from now on. */
    void newEpochs() {
        newEpochs = true;
    }

    /** What Redis acknowledged between these times may be lost. */
    void mayBeLost(long fromMillis, long toMillis) {
        lossy.add(new Lossy(fromMillis, toMillis));
    }

    boolean mayBeLost(Command command) {
        return lossy.stream()
                .anyMatch(time -> command.givenMillis <= time.toMillis && command.toldMillis() >= time.fromMillis);
    }

    /** A client's session was not there any more. None expires here: all come back long before. */
    void isNew(int client, String session, String reason) {
        if (!reason.equals("lost")) {
            wrong("client " + client + " was told that its session " + session + " is gone: " + reason);
        } else if (!newEpochs) {
            wrong("client " + client + " has lost its session " + session + ", though Redis was there");
        }
    }

    void reset(int client, String log) {
        if (!newEpochs) {
            wrong("client " + client + " was told a reset of " + log + ", whose epoch can't be another one");
        }
    }

    /** Messages that came without a break in between: each was published there, and came once. */
    void checkOnce(int client, String topic, Segment segment) {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < segment.count(); i++) {
            if (!seen.add(segment.label(i))) {
                wrong("client " + client + " was told " + Label.text(segment.label(i)) + " of " + topic
                        + " twice without a reset");
            }
        }
    }
}
