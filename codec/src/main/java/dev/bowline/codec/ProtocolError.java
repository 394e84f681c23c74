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
     * The reason to put into the Close frame: what was wrong, with the detail, cut between two characters to the 123
     * bytes of UTF-8 that fit (RFC 6455 §5.5).
     */
    public String closeReason() {
        String text = detail.isEmpty() ? violation.description() : violation.description() + ": " + detail;
        int end = 0;
        for (int bytes = 0; end < text.length(); ) {
            int codePoint = text.codePointAt(end);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x1_0000 ? 3 : 4;
            if (bytes > 123) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
    }

    @Override
    public String toString() {
        return violation.code() + ": " + message();
    }
}
