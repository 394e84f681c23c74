package dev.bowline.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RecentTest {
    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    private long now;
    private final List<CompletableFuture<String>> asked = new ArrayList<>();
    private final Recent<String> recent = new Recent<>(
            "first",
            MAX_AGE,
            () -> {
                asked.add(new CompletableFuture<>());
                return asked.get(asked.size() - 1);
            },
            () -> now);

    private CompletableFuture<String> get() {
        return recent.get().toCompletableFuture();
    }

    @Test
    void asksOnceForAllWhoWantItMeanwhile() {
        CompletableFuture<String> one = get();
        CompletableFuture<String> two = get();
        assertThat(one).isNotDone();
        asked.get(0).complete("second");
        assertThat(one).isCompletedWithValue("second");
        assertThat(two).isCompletedWithValue("second");
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksAgainWhenItIsTooOld() {
        assertThat(get()).isNotDone();
        asked.get(0).complete("second");
        now = MAX_AGE.toNanos() - 1;
        assertThat(get()).isCompletedWithValue("second");
        now = MAX_AGE.toNanos();
        CompletableFuture<String> later = get();
        assertThat(asked).hasSize(2);
        asked.get(1).complete("third");
        assertThat(later).isCompletedWithValue("third");
    }

    @Test
    void hasWhatWasBeforeWhileNobodyAnswers() {
        assertThat(get()).isNotDone();
        asked.get(0).complete("second");
        now = MAX_AGE.toNanos();
        assertThat(get().join()).isEqualTo("second");
        now *= 2;
        assertThat(get().join()).isEqualTo("second");
        assertThat(asked).as("who has not answered is not asked again").hasSize(2);
    }

    @Test
    void keepsWhatItHasWhereNobodyCanAnswer() {
        CompletableFuture<String> one = get();
        asked.get(0).completeExceptionally(new IllegalStateException("closed"));
        assertThat(one).isCompletedWithValue("first");
        now = MAX_AGE.toNanos();
        assertThat(get()).isNotDone();
        assertThat(asked).hasSize(2);
    }
}
