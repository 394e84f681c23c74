package dev.bowline.codec;

/**
 * The verdict on something a peer did wrong: data, not an exception.
 *
 * @param violation the entry of the catalogue
 * @param detail what was found and what was allowed, or an empty string; never holds payload bytes
 */
public record ProtocolError(Violation violation, String detail) {

    /** The HTTP status (below 1000) or the close code (from 1000) with which the peer is answered. */
    public int answer() {
        return violation.answer();
    }

    /** One sentence for people: what was wrong, the numbers, the clause. */
    public String message() {
        String numbers = detail.isEmpty() ? "" : ": " + detail;
        return violation.description() + numbers + " (" + violation.clause() + ")";
    }

    /**
     * The reason to put into the Close frame: the message, cut to the 123 bytes that fit (RFC 6455 §5.5). The
     * catalogue is ASCII but for the section sign, and details are ASCII, so no character is cut in two.
     */
    public String closeReason() {
        String text = detail.isEmpty() ? violation.description() : violation.description() + ": " + detail;
        return text.length() <= 123 ? text : text.substring(0, 123);
    }

    @Override
    public String toString() {
        return violation.code() + ": " + message();
    }
}
