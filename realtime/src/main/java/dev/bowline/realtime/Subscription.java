package dev.bowline.realtime;

import java.util.concurrent.CompletionStage;

/** A subscription of a {@link SessionClient}. Every method may be called from any thread, and none blocks. */
public interface Subscription {
    /** The topic or pattern. */
    String pattern();

    /**
     * Completed when the server has agreed; exceptionally with a {@link CommandException} if it did not, if the session has ended before,
     * or if the subscription was given up before.
     */
    CompletionStage<Void> ready();

    /**
     * Ends it. The listener may still be called for what was on its way, until the stage is completed. Where the client has other
     * subscriptions to the same pattern, they go on.
     *
     * @return completed when it has ended; exceptionally with a {@link CommandException} if the server, or the session's end, left that
     *     unknown
     */
    CompletionStage<Void> unsubscribe();
}
