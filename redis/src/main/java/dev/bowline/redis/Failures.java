package dev.bowline.redis;

import dev.bowline.session.engine.Failure;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What clients are told of a command that failed. {@code unavailable} promises that it had no effect, so it is said only of what was
 * certainly never sent, and of what Redis refused at the door: of a script, these refusals come before its first write or not at all.
 */
final class Failures {
    /** Behind a hyphen where Redis 6 tells of a script's command. */
    private static final Pattern REFUSAL =
            Pattern.compile("(?:^|[\\s:]-)(OOM|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN"
                    + "|NOREPLICAS|MISCONF|BUSY|NOAUTH|WRONGPASS|NOPERM|DENIED)\\b");

    /** How Lettuce says that too much waits already; it has no type for that. */
    private static final Pattern FULL = Pattern.compile("(Request queue|Command buffer) size exceeded.*");

    /** What nobody knows of a message that may have been appended before, or not. */
    static final Failure NOT_KNOWN = new Failure(Failure.TIMEOUT, "whether it had an effect is not known");

    private Failures() {}

    /** A command that was not sent before its time was up, and will not be. */
    static final class NotSent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotSent(Throwable cause) {
            super("there was no connection to Redis", cause);
        }
    }

    static Failure of(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof RedisCommandExecutionException) {
            Matcher refusal = REFUSAL.matcher(message);
            return refusal.find() // what else it says may name keys
                    ? new Failure(Failure.UNAVAILABLE, "Redis refused: " + refusal.group(1))
                    : new Failure(Failure.INTERNAL, "Redis failed: " + firstWord(message));
        }
        if (cause instanceof NotSent
                || cause instanceof RedisConnectionException) { // the latter: on the way to a node of a cluster
            return new Failure(Failure.UNAVAILABLE, "Redis can't be reached");
        }
        if (cause instanceof RedisException && FULL.matcher(message).matches()) {
            return new Failure(Failure.UNAVAILABLE, "too much waits for Redis");
        }
        return new Failure(Failure.TIMEOUT, "no answer from Redis in time; whether it had an effect is not known");
    }

    /** Whether Redis said that it is a replica: the client is connected to the wrong one. */
    static boolean isReadOnly(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        Matcher refusal = REFUSAL.matcher(String.valueOf(cause.getMessage()));
        return cause instanceof RedisCommandExecutionException && refusal.find() && "READONLY".equals(refusal.group(1));
    }

    static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    private static String firstWord(String message) {
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }
}
