package dev.bowline.verification.nodes;

import java.util.HashMap;
import java.util.Map;

/**
 * Compares, when all is quiet, what everybody was told with what there is: each message stands in its log as its sender was told, each
 * handler was called as the result says, each direct message came, each listener has what the logs have.
 */
final class Verdict {
    private final Crowd crowd;
    private final Ledger ledger;
    private final Map<String, Segment> logs;
    private final Map<Long, String> places = new HashMap<>(); // in which log a message stands

    Verdict(Crowd crowd, Ledger ledger, Map<String, Segment> logs) {
        this.crowd = crowd;
        this.ledger = ledger;
        this.logs = logs;
    }

    void find() {
        logs.forEach(this::readLog);
        ledger.commands().forEach(this::check);
        for (long label : ledger.handled()) {
            if (ledger.command(Label.unpacked(label)) == null) {
                ledger.wrong("a handler was called for " + Label.text(label) + ", which nobody asked for");
            }
        }
        for (View view : crowd.views()) {
            view.compare(logs);
            view.checkDirects();
        }
    }

    private void readLog(String log, Segment segment) {
        Map<Integer, Integer> lastNumbers = new HashMap<>(); // of each client
        for (int i = 0; i < segment.count(); i++) {
            Label label = Label.unpacked(segment.label(i));
            ledger.counts().add("in logs", 1);
            String other = places.put(label.packed(), log);
            if (other != null) {
                ledger.counts().add("doubled", 1);
                ledger.wrong(ledger.command(label) + " is in a log twice: at " + (i + 1) + " of " + log + ", and in "
                        + other);
                continue;
            }
            Command command = ledger.command(label);
            if (command == null || !command.kind.isLogged() || !command.place.equals(log)) {
                ledger.wrong(log + " has " + label + " at " + (i + 1) + ", which is " + command);
                continue;
            }
            Integer last = lastNumbers.put(label.client(), label.number());
            // Requests of one client may be handled by two nodes at a time.
            if (last != null && last > label.number() && command.kind == Command.Kind.PUBLISH) {
                ledger.wrong(log + " has " + label + " behind " + new Label(label.client(), last));
            }
        }
    }

    private void check(Command command) {
        if (command.isOpen()) {
            ledger.wrong(command + " has no result");
            return;
        }
        if (command.outcome().startsWith("failed:")) {
            ledger.wrong(command + " has a result that is none");
        }
        boolean handled = ledger.wasHandled(command.label);
        if (command.kind.isHandled() && command.isDone() && !handled) {
            ledger.wrong(command + ", and no handler was called");
        }
        switch (command.kind) {
            case PUBLISH, MAIL -> checkLogged(command);
            case RELAY -> checkRelayed(command);
            case WORK, COUNT, NOTE -> {
                if (command.isWithoutEffect() && handled) {
                    ledger.wrong(command + ", and a handler was called");
                }
            }
        }
    }

    private void checkLogged(Command command) {
        boolean there = places.containsKey(command.label.packed());
        if (there && command.isWithoutEffect()) {
            ledger.wrong(command + ", and it is in the log");
        } else if (!there && command.isDone()) {
            if (ledger.mayBeLost(command)) {
                ledger.counts().add("lost by fail-over", 1);
            } else {
                ledger.counts().add("lost", 1);
                ledger.wrong(command + ", and it is not in the log");
            }
        }
    }

    private void checkRelayed(Command command) {
        View target = crowd.view(Integer.parseInt(command.place));
        boolean came = target.hasDirect(command.label);
        if (came && command.isWithoutEffect()) {
            ledger.wrong(command + ", and it came");
        } else if (!came && command.isDone()) {
            if (target.isNewSince(command.givenMillis)) {
                ledger.counts().add("direct ended with their session", 1);
            } else {
                ledger.counts().add("lost", 1);
                ledger.wrong(command + ", and it did not come");
            }
        }
    }
}
