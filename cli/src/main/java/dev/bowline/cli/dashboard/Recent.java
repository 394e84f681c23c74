package dev.bowline.cli.dashboard;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was answered last, which is asked for again when somebody wants it and it is too old. From any thread.
 *
 * <p>Who is asked are event loops: one that is blocked holds up its answer, and nobody who wants to see that it is.
 */
final class Recent<T> {
    /** After that, what was answered before has to do. */
    static final Duration MAX_WAIT = Duration.ofMillis(500);

    private final Supplier<? extends CompletionStage<T>> source;
    private final long maxAgeNanos;
    private final LongSupplier nanoTime;

    // Under this object's lock.
    private T latest;
    private @Nullable CompletableFuture<T> asked; // while its answer is awaited
    private long askedNanos;

    /** @param first what there is before the first answer */
    Recent(T first, Duration maxAge, Supplier<? extends CompletionStage<T>> source, LongSupplier nanoTime) {
        this.latest = first;
        this.source = source;
        this.maxAgeNanos = maxAge.toNanos();
        this.nanoTime = nanoTime;
        this.askedNanos = nanoTime.getAsLong() - maxAgeNanos;
    }

    synchronized CompletionStage<T> get() {
        long now = nanoTime.getAsLong();
        CompletableFuture<T> answer = asked;
        if (answer == null && now - askedNanos >= maxAgeNanos) {
            askedNanos = now;
            answer = source.get().handle(this::answered).toCompletableFuture();
            asked = answer.isDone() ? null : answer; // until this lock is free, no other thread can have answered
        }
        return answer == null
                ? CompletableFuture.completedFuture(latest)
                : answer.copy().completeOnTimeout(latest, MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized T answered(T answer, @Nullable Throwable failure) {
        asked = null;
        if (failure == null) { // else whoever was asked is closed: what it had last is the end of its numbers
            latest = answer;
        }
        return latest;
    }
}
