package dev.bowline.realtime;

import org.jspecify.annotations.Nullable;

/** Why a command was not done, as far as that is known. Immutable. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What became of a command that was not done. */
    public enum Outcome {
        /** The server refused it, or it failed there. {@link CommandException#code} says why. */
        REFUSED,
        /**
         * It was sent, and the session is gone before a result came: it may have been handled, or not. It is never sent again by itself.
         */
        UNKNOWN,
        /** It was never sent, and will not be: it had no effect. */
        NOT_SENT
    }

    private final Outcome outcome;
    private final @Nullable String code;

    private CommandException(Outcome outcome, @Nullable String code, String message) {
        // Without a stack: it would show the event loop, and not who gave the command.
        super(message, null, false, false);
        this.outcome = outcome;
        this.code = code;
    }

    /**
     * The server's refusal.
     *
     * @param text for people; may be empty
     */
    public static CommandException refused(String code, String text) {
        return new CommandException(Outcome.REFUSED, code, text.isEmpty() ? code : code + ": " + text);
    }

    public static CommandException unknown(String reason) {
        return new CommandException(Outcome.UNKNOWN, null, reason);
    }

    public static CommandException notSent(String reason) {
        return new CommandException(Outcome.NOT_SENT, null, reason);
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Of {@link Outcome#REFUSED}: the code, such as {@code forbidden} (bowline-v1.md, section 10.1). Else null. */
    public @Nullable String code() {
        return code;
    }
}
