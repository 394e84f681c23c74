package dev.bowline.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for Redis to confirm that a subscription begins or ends. Lettuce's commands won't do: while it subscribes again it takes any
 * channel's confirmation for that of the oldest command. Safe from any thread.
 */
final class Confirmations {
    /** What is confirmed. */
    enum Kind {
        SUBSCRIBED,
        UNSUBSCRIBED,
        SUBSCRIBED_ALL,
        UNSUBSCRIBED_ALL
    }

    private record What(Kind kind, String name) {}

    private final Map<What, Deque<CompletableFuture<Void>>> waiting = new HashMap<>(); // under this object's lock

    /**
     * Sends a command.
     *
     * @return ends on the connection's thread with the confirmation, before anything that Redis sends behind that is told; or as the command
     *     fails
     */
    CompletionStage<Void> await(Kind kind, String name, Supplier<? extends CompletionStage<?>> command) {
        What what = new What(kind, name);
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        synchronized (this) {
            waiting.computeIfAbsent(what, unknown -> new ArrayDeque<>(1)).add(confirmed);
        }
        command.get().whenComplete((done, failure) -> {
            if (failure != null) {
                forget(what, confirmed);
                confirmed.completeExceptionally(Failures.unwrapped(failure));
            }
        });
        return confirmed;
    }

    private synchronized void forget(What what, CompletableFuture<Void> confirmed) {
        Deque<CompletableFuture<Void>> all = waiting.get(what);
        if (all != null && all.removeIf(one -> one == confirmed) && all.isEmpty()) {
            waiting.remove(what);
        }
    }

    /** Redis has said so; perhaps unasked, as it does when Lettuce subscribes again. */
    void confirmed(Kind kind, String name) {
        CompletableFuture<Void> first = oldest(new What(kind, name));
        if (first != null) {
            first.complete(null);
        }
    }

    private synchronized @Nullable CompletableFuture<Void> oldest(What what) {
        Deque<CompletableFuture<Void>> all = waiting.get(what);
        if (all == null) {
            return null;
        }
        CompletableFuture<Void> first = all.poll();
        if (all.isEmpty()) {
            waiting.remove(what);
        }
        return first;
    }
}
