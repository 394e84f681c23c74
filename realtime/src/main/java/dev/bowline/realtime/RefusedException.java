package dev.bowline.realtime;

import dev.bowline.session.wire.Grammar;

/** What a handler throws, or completes its stage with, to refuse a request: the client gets its code and its message. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;

    /**
     * @param code of {@code bowline-v1.md}, section 10.1, such as {@code not-found}; or with a dot the application's own, such as
     *     {@code orders.sold-out}
     * @param message for people
     */
    public RefusedException(String code, String message) {
        super(message, null, false, false); // where it comes from is nobody's concern
        if (!Grammar.isCode(code)) {
            throw new IllegalArgumentException(
                    "code is \"" + code + "\", must be 1 to 64 letters, digits, hyphens and dots");
        }
        this.code = code;
    }

    public String code() {
        return code;
    }
}
