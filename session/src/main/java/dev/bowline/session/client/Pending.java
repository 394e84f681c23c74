package dev.bowline.session.client;

import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.Payload;
import org.jspecify.annotations.Nullable;

/** A command without a result. Its number, and with that its bytes, are settled when it is first sent in a session. */
public final class Pending {
    /** What of a message is its header, at most, for accounts. */
    private static final int HEADER_BYTES = 64;

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
    private final boolean ofSubscriptions;
    private final @Nullable String subscribes;
    private final ResultListener subscriber;
    private long seq; // 0 until it was sent
    private @Nullable Payload wire;
    private long credit; // of a stream: how many parts it may have in all; 0 of other commands
    private long parts; // that came

    Pending(Maker maker, ResultListener listener, int payloadBytes, long credit) {
        this(maker, listener, payloadBytes, credit, false, null, listener);
    }

    private Pending(
            Maker maker,
            ResultListener listener,
            int payloadBytes,
            long credit,
            boolean ofSubscriptions,
            @Nullable String subscribes,
            ResultListener subscriber) {
        this.maker = maker;
        this.listener = listener;
        this.payloadBytes = payloadBytes;
        this.credit = credit;
        this.ofSubscriptions = ofSubscriptions;
        this.subscribes = subscribes;
        this.subscriber = subscriber;
    }

    /**
     * Subscribes.
     *
     * @param listener is told the result of this very command
     * @param subscriber is told the result of whichever command subscribes in the end
     */
    static Pending ofSubscription(String pattern, Maker maker, ResultListener listener, ResultListener subscriber) {
        return new Pending(maker, listener, pattern.length(), 0, true, pattern, subscriber);
    }

    /** Unsubscribes. */
    static Pending ofUnsubscription(String pattern, ResultListener listener) {
        return new Pending(
                (seq, credit) -> new ClientMessage.Unsubscribe(seq, pattern),
                listener,
                pattern.length(),
                0,
                true,
                null,
                listener);
    }

    /** Whether it subscribes or unsubscribes: in a new session it is superseded by what is wanted then. */
    boolean isOfSubscriptions() {
        return ofSubscriptions;
    }

    /** What it subscribes to; null of all other commands. */
    @Nullable
    String subscribes() {
        return subscribes;
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
