package dev.bowline.session.client;

import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.Payload;
import org.jspecify.annotations.Nullable;

/** A command without a result. Its number, and with that its bytes, are settled when it is first sent in a session. */
public final class Pending {
    /** What of a message is its header, at most, for accounts. */
    private static final int HEADER_BYTES = 64;

    /** What of a subscription is where it begins, at most. */
    private static final int START_BYTES = 64;

    /** What becomes of a command in a new session if it was not sent. */
    enum Kind {
        /** Superseded: what is wanted is known, and said anew. */
        SUBSCRIBE,
        UNSUBSCRIBE,
        /** Sent. */
        OTHER;

        boolean isOfSubscriptions() {
            return this != OTHER;
        }
    }

    /** Makes the message, once its number is known. */
    @FunctionalInterface
    interface Maker {
        /**
         * The message.
         *
         * @param credit of a stream: how many parts it may have by then
         */
        ClientMessage.Command make(long seq, long credit);
    }

    private final Maker maker;
    private final ResultListener listener;
    private final int payloadBytes;
    private final Kind kind;
    private final String pattern; // that it subscribes to; else empty
    private final ResultListener subscriber;
    private boolean cancelled;
    private long seq; // 0 until it was sent
    private @Nullable Payload wire;
    private long credit; // of a stream: how many parts it may have in all; 0 of other commands
    private long parts; // that came

    Pending(Maker maker, ResultListener listener, int payloadBytes, long credit) {
        this(maker, listener, payloadBytes, credit, Kind.OTHER, "", listener);
    }

    private Pending(
            Maker maker,
            ResultListener listener,
            int payloadBytes,
            long credit,
            Kind kind,
            String pattern,
            ResultListener subscriber) {
        this.maker = maker;
        this.listener = listener;
        this.payloadBytes = payloadBytes;
        this.credit = credit;
        this.kind = kind;
        this.pattern = pattern;
        this.subscriber = subscriber;
    }

    /**
     * Subscribes.
     *
     * @param listener is told the result of this very command
     * @param subscriber is told the result of whichever command subscribes in the end
     */
    static Pending ofSubscription(String pattern, Maker maker, ResultListener listener, ResultListener subscriber) {
        int bytes = pattern.length() + START_BYTES;
        return new Pending(maker, listener, bytes, 0, Kind.SUBSCRIBE, pattern, subscriber);
    }

    /** Unsubscribes. */
    static Pending ofUnsubscription(String pattern, ResultListener listener) {
        return new Pending(
                (seq, credit) -> new ClientMessage.Unsubscribe(seq, pattern),
                listener,
                pattern.length(),
                0,
                Kind.UNSUBSCRIBE,
                "",
                listener);
    }

    Kind kind() {
        return kind;
    }

    /** What it subscribes to; empty for all other commands. */
    String pattern() {
        return pattern;
    }

    /** Whom to tell how subscribing went, whichever command did it. */
    ResultListener subscriber() {
        return subscriber;
    }

    ResultListener listener() {
        return listener;
    }

    /** Its number in the session; 0 until it was sent. */
    long seq() {
        return seq;
    }

    long credit() {
        return credit;
    }

    /** Raises the credit; false if it was as much before. */
    boolean raiseCredit(long total) {
        boolean more = total > credit;
        credit = Math.max(credit, total);
        return more;
    }

    /** Whether the application has given it up. */
    boolean isCancelled() {
        return cancelled;
    }

    /** Gives it up; false if that was done before. */
    boolean cancel() {
        boolean first = !cancelled;
        cancelled = true;
        return first;
    }

    /** A part came; false if there was no credit for it. */
    boolean takePart() {
        return ++parts <= credit;
    }

    /** What it counts for, in bytes: at least what it is on the wire. */
    int bytes() {
        return payloadBytes + HEADER_BYTES;
    }

    /** Settles its number. Returns its bytes. */
    Payload number(long number) {
        seq = number;
        Payload numbered = maker.make(number, credit).toWire();
        wire = numbered;
        return numbered;
    }

    /** Its bytes, once it has its number. */
    Payload wire() {
        if (wire == null) {
            throw new IllegalStateException("the command has no number yet");
        }
        return wire;
    }
}
