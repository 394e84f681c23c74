package dev.bowline.session.client;

import dev.bowline.session.wire.Payload;

/** What became of a command. Each has exactly one. */
public sealed interface Result {
    /** The server has handled it; of a stream: all parts came. */
    record Done() implements Result {}

    /** The application has answered. */
    record Answered(Payload payload) implements Result {}

    /**
     * It was refused, or failed.
     *
     * @param code for programs (section 10.1)
     * @param text for people; may be empty
     */
    record Refused(String code, String text) implements Result {}

    /**
     * It was sent, and the session is gone before a result came: it may have been handled, or not. It is never sent again by itself.
     *
     * @param reason why the session is gone
     */
    record Unknown(String reason) implements Result {}

    /**
     * It was never sent, and will not be.
     *
     * @param reason why
     */
    record NotSent(String reason) implements Result {}
}
