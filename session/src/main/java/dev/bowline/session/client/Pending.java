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
    private long seq; // 0 until it was sent
    private @Nullable Payload wire;
    private long credit; // of a stream: how many parts it may have in all; 0 of other commands

    Pending(Maker maker, ResultListener listener, int payloadBytes, long credit) {
        this.maker = maker;
        this.listener = listener;
        this.payloadBytes = payloadBytes;
        this.credit = credit;
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
