package dev.bowline.realtime;

import java.util.concurrent.CompletionStage;

/**
 * What becomes of a message to a user or a session. The stages complete on an event loop: what depends on them without
 * {@code …Async} must not block.
 *
 * @param stored completed when the message is kept and will be delivered: for a user, its offset in the mailbox, for a session 0.
 *     Exceptionally with {@link RefusedException} where that can't be: {@code not-found} for a session that there is not
 * @param received completed when a client has got it. It may stay open for ever: for a user, until any device comes; for a session that
 *     ends before, exceptionally with {@link RefusedException} and the code {@code session-ended}
 */
public record Delivery(CompletionStage<Long> stored, CompletionStage<Void> received) {}
