package dev.bowline.cli;

/**
 * A command could not do its work; the program ends with exit code 1. The message is one sentence for people: what went
 * wrong, and what to do.
 */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    public CommandFailure(String message) {
        super(message);
    }
}
