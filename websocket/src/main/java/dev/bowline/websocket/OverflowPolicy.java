package dev.bowline.websocket;

/** What happens when a message does not fit the outgoing queue of a connection whose peer reads too slowly. */
public enum OverflowPolicy {
    /** {@code send} refuses the message with {@link SendResult#QUEUE_FULL}; the connection goes on. The default. */
    REFUSE_MESSAGE,
    /** The message is refused, and the connection is closed with 1013 "try again later" behind what is queued. */
    CLOSE,
    /** The message is refused, and the connection is terminated; what is queued is lost. */
    TERMINATE
}
