package dev.bowline.verification.nodes;

import org.jspecify.annotations.Nullable;

/** What a client asked for, and what became of it. Touched under its own lock. */
final class Command {
    /** What is asked for. */
    enum Kind {
        /** A message to a topic. */
        PUBLISH,
        /** A message into a mailbox, by a request. */
        MAIL,
        /** A direct message to another client, by a request. */
        RELAY,
        /** A request. */
        WORK,
        /** A request for a stream. */
        COUNT,
        /** A message to the application. */
        NOTE;

        /** Whether the message is to stand in a log that all can read. */
        boolean isLogged() {
            return this == PUBLISH || this == MAIL;
        }

        /** Whether a handler is called for it. */
        boolean isHandled() {
            return this != PUBLISH;
        }
    }

    final Label label;
    final Kind kind;

    /** Where to: of a publish the topic, of mail the mailbox, of a relay the client's number; else empty. */
    final String place;

    final long givenMillis;
    private @Nullable String outcome;
    private long toldMillis;
    private int results;

    Command(Label label, Kind kind, String place, long givenMillis) {
        this.label = label;
        this.kind = kind;
        this.place = place;
        this.givenMillis = givenMillis;
    }

    /**
     * Its result came.
     *
     * @param told {@code done}, {@code unknown}, {@code not-sent}; or the code of the refusal, behind {@code refused:}
     */
    synchronized int result(String told, long nowMillis) {
        if (outcome == null) {
            outcome = told;
            toldMillis = nowMillis;
        }
        return ++results;
    }

    synchronized boolean isOpen() {
        return outcome == null;
    }

    /** Empty without one. */
    synchronized String outcome() {
        return outcome == null ? "" : outcome;
    }

    synchronized long toldMillis() {
        return toldMillis;
    }

    synchronized boolean isDone() {
        return "done".equals(outcome);
    }

    /** Whether its sender was told that it had no effect. */
    synchronized boolean isWithoutEffect() {
        if (outcome == null) {
            return false;
        }
        return switch (outcome) {
            case "not-sent",
                    "refused:unavailable",
                    "refused:forbidden",
                    "refused:bad-request",
                    "refused:unauthorized" -> true;
            // there was no such session, or no such handler
            case "refused:not-found" -> true;
            default -> false;
        };
    }

    @Override
    public synchronized String toString() {
        return kind + " " + label + (place.isEmpty() ? "" : " to " + place) + " ("
                + (outcome == null ? "open" : outcome) + ")";
    }
}
