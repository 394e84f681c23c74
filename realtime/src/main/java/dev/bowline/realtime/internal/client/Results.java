package dev.bowline.realtime.internal.client;

import dev.bowline.realtime.CommandException;
import dev.bowline.session.client.Result;
import dev.bowline.session.wire.Payload;
import org.jspecify.annotations.Nullable;

/** What the application is told of a result. */
final class Results {
    private Results() {}

    /** Null if the command was done. */
    static @Nullable CommandException failure(Result result) {
        if (result instanceof Result.Refused refused) {
            return CommandException.refused(refused.code(), refused.text());
        }
        if (result instanceof Result.Unknown unknown) {
            return CommandException.unknown(unknown.reason());
        }
        return result instanceof Result.NotSent notSent ? CommandException.notSent(notSent.reason()) : null;
    }

    /** The answer; without one, nothing. */
    static Payload answer(Result result) {
        return result instanceof Result.Answered answered ? answered.payload() : Payload.NONE;
    }
}
