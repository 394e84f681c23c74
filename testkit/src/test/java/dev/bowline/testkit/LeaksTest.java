package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LeaksTest {
    @Test
    void findsThreadsByThePrefixOfTheirNames() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "leaky-7");
        thread.start();
        assertThat(Leaks.countThreads("leaky-")).isEqualTo(1);
        assertThat(Leaks.countThreads("eaky-")).isZero();
        assertThatThrownBy(() -> Leaks.assertNoThreads("leaky-", Duration.ofMillis(20)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("leaky-7 (WAITING)")
                .hasMessageContaining("CountDownLatch.await");
        end.countDown();
        Leaks.assertNoThreads("leaky-");
        thread.join();
    }
}
