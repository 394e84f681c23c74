package dev.bowline.session.wire;

/**
 * How far a topic has been received.
 *
 * @param epoch the incarnation of the topic's log
 * @param offset the highest offset that came, with all below it; 0 for none
 */
public record Cursor(String epoch, long offset) {
    public Cursor {
        Grammar.requireEpoch(epoch);
        Grammar.requireNumber("offset", offset, 0);
    }

    @Override
    public String toString() {
        return epoch + " " + offset;
    }
}
