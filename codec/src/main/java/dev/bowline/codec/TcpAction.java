package dev.bowline.codec;

/** What a protocol object wants done with the TCP stream. It only ever moves down this list. */
public enum TcpAction {
    /** Read and write on. */
    KEEP,
    /** Send what is queued, then end our side of the stream; read on, and discard, until the peer ends its side. */
    HALF_CLOSE,
    /** Send what is queued, then close. */
    CLOSE,
    /** Close now; what is queued is lost. */
    DROP
}
