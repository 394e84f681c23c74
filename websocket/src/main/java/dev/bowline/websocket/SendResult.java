package dev.bowline.websocket;

/** What became of a message handed to {@code send}. */
public enum SendResult {
    /**
     * Queued, and sent in order unless the connection ends first. Whether the peer has received it only the peer can
     * tell.
     */
    ACCEPTED,
    /** Not queued: the outgoing queue has no room for it. See {@link OverflowPolicy}. */
    QUEUE_FULL,
    /** Not queued: the connection is closing or closed. */
    CLOSED;

    public boolean isAccepted() {
        return this == ACCEPTED;
    }
}
