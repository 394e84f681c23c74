package dev.bowline.session.wire;

/**
 * What was no message of the protocol: a violation by whoever sent it (section 10).
 *
 * @param code the reason of the close 4500, such as {@link #HEADER}
 * @param detail for people: what was wrong and what is allowed
 */
public record Malformed(String code, String detail) implements ClientMessage, ServerMessage {
    /** Outside the grammar. */
    public static final String HEADER = "header";

    /** No verb of this side's. */
    public static final String VERB = "verb";

    /** The parameters of a {@code hello} or {@code welcome} are not what they must be. */
    public static final String HELLO = "hello";

    /** Binary, where lines of text are due. */
    public static final String TEXT = "text";

    static Malformed verb(String verb, String side) {
        return new Malformed(VERB, "\"" + verb + "\" is no verb of a " + side);
    }

    @Override
    public Payload toWire() {
        throw new IllegalStateException("what is malformed is not sent on: " + this);
    }
}
