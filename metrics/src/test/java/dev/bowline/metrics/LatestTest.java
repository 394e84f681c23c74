package dev.bowline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LatestTest {
    private final List<CompletableFuture<String>> asked = new ArrayList<>();
    private long nowNanos = -5;
    private final Latest<String> latest = new Latest<>(
            "nothing",
            () -> {
                CompletableFuture<String> answer = new CompletableFuture<>();
                asked.add(answer);
                return answer;
            },
            () -> nowNanos);

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    @Test
    void isAskedForNoMoreThanOnceASecond() {
        Latest<String> atOnce = new Latest<>(
                "nothing",
                () -> {
                    asked.add(new CompletableFuture<>());
                    return CompletableFuture.completedFuture("answer " + asked.size());
                },
                () -> nowNanos);
        assertThat(atOnce.get()).isEqualTo("answer 1");
        pass(Latest.MAX_AGE.minusNanos(1));
        assertThat(atOnce.get()).isEqualTo("answer 1");
        pass(Duration.ofNanos(1));
        assertThat(atOnce.get()).isEqualTo("answer 2");
        assertThat(asked).hasSize(2);
    }

    @Test
    void isWhatItWasWhereNobodyAnswersAndWaitedForOnce() {
        long beganNanos = System.nanoTime();
        assertThat(latest.get()).isEqualTo("nothing");
        assertThat(System.nanoTime() - beganNanos).isGreaterThan(Latest.MAX_WAIT.toNanos() / 2);
        pass(Latest.MAX_WAIT);
        beganNanos = System.nanoTime();
        for (int i = 0; i < 1_000; i++) { // the other meters of the scrape
            assertThat(latest.get()).isEqualTo("nothing");
        }
        assertThat(System.nanoTime() - beganNanos).isLessThan(Latest.MAX_WAIT.toNanos() * 100);
        pass(Duration.ofMinutes(1));
        assertThat(latest.get()).isEqualTo("nothing");
        assertThat(asked).as("one question at a time").hasSize(1);
        asked.get(0).complete("at last");
        assertThat(latest.get()).isEqualTo("at last");
    }

    @Test
    void staysWhenWhoWasAskedIsClosed() {
        asked.clear();
        List<CompletableFuture<String>> answers = List.of(
                CompletableFuture.completedFuture("last"),
                CompletableFuture.failedFuture(new IllegalStateException("the hub is closed")));
        Latest<String> closing = new Latest<>(
                "nothing",
                () -> {
                    asked.add(new CompletableFuture<>());
                    return answers.get(asked.size() - 1);
                },
                () -> nowNanos);
        assertThat(closing.get()).isEqualTo("last");
        pass(Latest.MAX_AGE);
        assertThat(closing.get()).isEqualTo("last");
        assertThat(asked).hasSize(2);
    }
}
