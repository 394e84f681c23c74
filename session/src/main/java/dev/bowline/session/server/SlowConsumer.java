package dev.bowline.session.server;

/** What becomes of messages that a subscriber is too slow for (section 6.3). */
public enum SlowConsumer {
    /** All are delivered, from the log; who is too slow for too long is disconnected, and goes on from the log later. */
    KEEP,
    /** The oldest are left out, beyond so many as the topic's rule says; the gap is told. */
    DROP_OLDEST,
    /** Of those with one key, among a MiB of messages each time, only the latest is delivered; the gaps are told. */
    CONFLATE
}
