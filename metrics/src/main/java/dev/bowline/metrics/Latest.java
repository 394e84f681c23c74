package dev.bowline.metrics;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The latest statistics that are to be had without much waiting. From any thread. */
final class Latest<S> {
    /** So all meters of one scrape, unless it is a slow one, show the same moment. */
    static final Duration MAX_AGE = Duration.ofSeconds(1);

    /** How long the meters of a scrape wait for an answer, all of them together. */
    static final Duration MAX_WAIT = Duration.ofMillis(500);

    private final Supplier<? extends CompletionStage<S>> source;
    private final LongSupplier nanoTime;

    // Under this object's lock.
    private S latest;
    private @Nullable CompletableFuture<S> asked; // while its answer is awaited
    private long askedNanos;

    /**
     * @param first what there is before the first answer
     * @param source gives an answer, now or later
     */
    Latest(S first, Supplier<? extends CompletionStage<S>> source, LongSupplier nanoTime) {
        this.latest = first;
        this.source = source;
        this.nanoTime = nanoTime;
        this.askedNanos = nanoTime.getAsLong() - MAX_AGE.toNanos();
    }

    synchronized S get() {
        long now = nanoTime.getAsLong();
        if (asked == null && now - askedNanos >= MAX_AGE.toNanos()) {
            asked = source.get().toCompletableFuture();
            askedNanos = now;
        }
        CompletableFuture<S> answer = asked;
        if (answer != null) {
            await(answer, Math.max(0, askedNanos + MAX_WAIT.toNanos() - now));
        }
        return latest;
    }

    private void await(CompletableFuture<S> answer, long nanos) {
        try {
            latest = answer.get(nanos, TimeUnit.NANOSECONDS);
            asked = null;
        } catch (TimeoutException e) {
            // An event loop is blocked. What was true before is shown, and the answer is still awaited.
        } catch (ExecutionException e) {
            asked = null; // whoever was asked is closed: what it had last is the end of its numbers
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
