package dev.bowline.verification.interop;

import dev.bowline.testkit.Recorder;

/**
 * One end of a connection, Bowline's or another implementation's, with what a test can make it do.
 *
 * <p>What it sees it records in the same words as all ends: {@code open SUBPROTOCOL} ("-" for none),
 * {@code text BYTES SHA256}, {@code binary BYTES SHA256}, {@code ping HEX}, {@code pong HEX}, {@code close CODE REASON},
 * {@code refused STATUS}.
 */
public interface End {
    Recorder<String> events();

    void send(Message message);

    /** Begins the closing handshake; with 1005 without a code. */
    void close(int code, String reason);

    /** Cuts the TCP stream. */
    void terminate();

    /** Sends a ping. */
    default void ping(byte... payload) {
        throw new UnsupportedOperationException("this implementation cannot ping");
    }

    /** Sends a fragment of a message. */
    default void sendPart(boolean isText, byte[] part, boolean last) {
        throw new UnsupportedOperationException("this implementation cannot send fragments");
    }
}
