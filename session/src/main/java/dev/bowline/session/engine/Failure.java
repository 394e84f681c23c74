package dev.bowline.session.engine;

import dev.bowline.session.wire.Grammar;

/**
 * Why something was not done.
 *
 * @param code for programs: of {@code bowline-v1.md}, section 10.1, or with a dot the application's own
 * @param text for people; may be empty
 */
public record Failure(String code, String text) {
    public static final String BAD_REQUEST = "bad-request";
    public static final String UNAUTHORIZED = "unauthorized";
    public static final String FORBIDDEN = "forbidden";
    public static final String NOT_FOUND = "not-found";
    public static final String TOO_LARGE = "too-large";
    public static final String TIMEOUT = "timeout";
    public static final String UNAVAILABLE = "unavailable";
    public static final String UNKNOWN = "unknown";
    public static final String CANCELLED = "cancelled";
    public static final String USER = "user";
    public static final String INTERNAL = "internal";

    public Failure {
        if (!Grammar.isCode(code)) {
            throw new IllegalArgumentException(
                    "code is \"" + code + "\", must be 1 to 64 letters, digits, hyphens and dots");
        }
    }
}
