package dev.bowline.codec;

import org.jspecify.annotations.Nullable;

/**
 * How a connection ended; told once for each connection that was open.
 *
 * @param code the code of the Close frame that the peer sent, {@link CloseCode#NO_STATUS_RECEIVED} if it had none,
 *     {@link CloseCode#ABNORMAL_CLOSURE} if no Close frame came (RFC 6455 §7.1.5); where this endpoint refused what the
 *     peer sent, the code with which it did so
 * @param reason the reason in that Close frame, or what happened, in English; may be empty
 * @param wasClean whether the closing handshake was completed (§7.1.4)
 * @param closedBy who began it
 * @param error what the peer did wrong, where that is the cause
 */
public record CloseEvent(
        int code,
        String reason,
        boolean wasClean,
        Origin closedBy,
        @Nullable ProtocolError error) {

    /** Who began to close. */
    public enum Origin {
        /** This endpoint: the application, a limit, the heartbeat, or a verdict on what the peer sent. */
        LOCAL,
        /** The peer, by a Close frame. */
        REMOTE,
        /** Nobody: the TCP stream ended or failed. */
        NETWORK
    }
}
