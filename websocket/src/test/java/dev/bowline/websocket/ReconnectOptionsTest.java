package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReconnectOptionsTest {
    @Test
    void theDefaultsAreThoseOfTheirJavadoc() {
        ReconnectOptions options = ReconnectOptions.DEFAULT;
        assertThat(options.backoff()).isEqualTo(new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(30)));
        assertThat(options.maxAttempts()).isEqualTo(Integer.MAX_VALUE);
        assertThat(options.stableAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.maxQueuedBytes()).isEqualTo(1 << 20);
        assertThat(options.rule()).isSameAs(ReconnectRule.DEFAULT);
        assertThat(options.client()).isSameAs(ClientOptions.DEFAULT);
        assertThat(options.random().nextDouble()).isNotEqualTo(options.random().nextDouble());
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> ReconnectOptions.builder().maxAttempts(-1).build())
                .hasMessageContaining("maxAttempts");
        assertThatThrownBy(() -> ReconnectOptions.builder()
                        .stableAfter(Duration.ofNanos(-1))
                        .build())
                .hasMessageContaining("stableAfter");
        assertThatThrownBy(() -> ReconnectOptions.builder().maxQueuedBytes(-1).build())
                .hasMessageContaining("maxQueuedBytes");
    }
}
