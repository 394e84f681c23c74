package dev.bowline.websocket;

/**
 * What became of a broadcast.
 *
 * @param accepted how many connections queued the message
 * @param refused how many did not, as they were closing or their queue was full
 */
public record BroadcastResult(int accepted, int refused) {
    /** Both taken together. */
    public BroadcastResult plus(BroadcastResult other) {
        return new BroadcastResult(accepted + other.accepted, refused + other.refused);
    }
}
