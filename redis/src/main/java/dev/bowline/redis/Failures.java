package dev.bowline.redis;

import dev.bowline.session.engine.Failure;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What clients are told of a command that failed. */
final class Failures {
    private Failures() {}

    static Failure of(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof RedisCommandTimeoutException || cause instanceof TimeoutException) {
            return new Failure(Failure.TIMEOUT, "no answer from Redis in time; whether it had an effect is not known");
        }
        if (cause
                instanceof RedisCommandExecutionException) { // Redis's own word: OOM, READONLY, LOADING, CLUSTERDOWN …
            return new Failure(Failure.UNAVAILABLE, "Redis refused: " + firstWord(cause.getMessage()));
        }
        return new Failure(Failure.UNAVAILABLE, "Redis can't be reached");
    }

    /** The kind of an error; what follows may name keys. */
    private static String firstWord(@Nullable String message) {
        if (message == null) {
            return "without a word";
        }
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }
}
