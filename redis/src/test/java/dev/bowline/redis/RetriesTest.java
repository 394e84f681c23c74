package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final int AT_A_TIME = 64;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final Retries retries = new Retries(new Pauses(scheduler));
    private final List<CompletableFuture<Void>> begun = Collections.synchronizedList(new ArrayList<>());

    private CompletableFuture<Void> begin() {
        CompletableFuture<Void> one = new CompletableFuture<>();
        begun.add(one);
        return one;
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void tryUntilItIsDone() {
        AtomicInteger tries = new AtomicInteger();
        retries.wish(
                "one",
                () -> tries.incrementAndGet() < 3
                        ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                        : CompletableFuture.completedFuture(null));
        Await.until("three tries", () -> tries.get() == 3);
    }

    @Test
    void tryOnlyTheLatestWishOfAKey() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        retries.wish("one", () -> {
            first.incrementAndGet();
            return CompletableFuture.failedFuture(new IllegalStateException("away"));
        });
        retries.wish(
                "one",
                () -> second.incrementAndGet() < 2
                        ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                        : CompletableFuture.completedFuture(null));
        Await.until("the second is tried again", () -> second.get() == 2);
        assertThat(first).hasValue(1);
    }

    @Test
    void haveManyGoInTurn() {
        for (int i = 0; i < AT_A_TIME + 3; i++) {
            retries.wishInTurn("wish " + i, this::begin);
        }
        assertThat(begun).hasSize(AT_A_TIME);
        begun.get(5).complete(null);
        Await.until("the turn of one more", () -> begun.size() == AT_A_TIME + 1);
        begun.get(6).completeExceptionally(new IllegalStateException("away"));
        begun.get(7).complete(null);
        Await.until("the turn of two more", () -> begun.size() >= AT_A_TIME + 3);
    }

    @Test
    void letNoSingleOneWaitForThem() {
        for (int i = 0; i < AT_A_TIME; i++) {
            retries.wishInTurn("wish " + i, this::begin);
        }
        retries.wish("single", this::begin);
        assertThat(begun).hasSize(AT_A_TIME + 1);
    }

    @Test
    void haveWhatIsTriedAgainGoInTurnToo() {
        for (int i = 0; i < AT_A_TIME; i++) {
            retries.wishInTurn("wish " + i, this::begin);
        }
        AtomicInteger tries = new AtomicInteger();
        retries.wish("single", () -> {
            tries.incrementAndGet();
            return CompletableFuture.failedFuture(new IllegalStateException("away"));
        });
        assertThat(tries).hasValue(1);
        begun.get(0).complete(null);
        Await.until("it is tried again", () -> tries.get() >= 2);
    }
}
