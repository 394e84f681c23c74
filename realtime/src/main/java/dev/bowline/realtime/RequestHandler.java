package dev.bowline.realtime;

import dev.bowline.session.wire.Payload;
import java.util.concurrent.CompletionStage;

/** Answers requests of one name. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Answers, now or later.
     *
     * @return completed with the answer, by any thread; exceptionally, as if thrown here, with {@link RefusedException} to refuse. Anything
     *     else that is thrown is logged, and the client gets {@code internal}
     */
    CompletionStage<Payload> answer(Request request) throws Exception;
}
