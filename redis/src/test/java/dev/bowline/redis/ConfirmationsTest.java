package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.redis.Confirmations.Kind;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
    private final Confirmations confirmations = new Confirmations();

    private CompletableFuture<Void> await(Kind kind, String name, CompletableFuture<Void> command) {
        return confirmations.await(kind, name, () -> command).toCompletableFuture();
    }

    @Test
    void endWithTheirOwnChannelWhateverTheCommandSays() {
        CompletableFuture<Void> command = new CompletableFuture<>();
        CompletableFuture<Void> first = await(Kind.SUBSCRIBED, "a", command);
        command.complete(null);
        confirmations.confirmed(Kind.SUBSCRIBED, "b");
        confirmations.confirmed(Kind.UNSUBSCRIBED, "a");
        confirmations.confirmed(Kind.SUBSCRIBED_ALL, "a");
        assertThat(first).isNotDone();
        confirmations.confirmed(Kind.SUBSCRIBED, "a");
        assertThat(first).isCompleted();
    }

    @Test
    void endOneAfterTheOther() {
        CompletableFuture<Void> first = await(Kind.SUBSCRIBED, "a", new CompletableFuture<>());
        CompletableFuture<Void> second = await(Kind.SUBSCRIBED, "a", new CompletableFuture<>());
        confirmations.confirmed(Kind.SUBSCRIBED, "a");
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        confirmations.confirmed(Kind.SUBSCRIBED, "a");
        assertThat(second).isCompleted();
    }

    @Test
    void failAsTheCommandDoesAndLeaveTheirPlace() {
        CompletableFuture<Void> command = new CompletableFuture<>();
        CompletableFuture<Void> first = await(Kind.SUBSCRIBED, "a", command);
        CompletableFuture<Void> second = await(Kind.SUBSCRIBED, "a", new CompletableFuture<>());
        command.completeExceptionally(new IllegalStateException("late"));
        assertThat(first).isCompletedExceptionally();
        confirmations.confirmed(Kind.SUBSCRIBED, "a");
        assertThat(second).isCompleted();
    }
}
