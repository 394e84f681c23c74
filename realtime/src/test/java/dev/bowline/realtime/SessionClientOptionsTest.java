package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocketClient;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SessionClientOptionsTest {
    private static void refuses(String words, Consumer<SessionClientOptions.Builder> mistake) {
        SessionClientOptions.Builder builder = SessionClientOptions.builder();
        mistake.accept(builder);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void theDefaultsAreThoseOfTheirJavadoc() {
        SessionClientOptions options = SessionClientOptions.DEFAULT;
        assertThat(options.token()).isNull();
        assertThat(options.tokens()).isNull();
        assertThat(options.agent()).isNull();
        assertThat(options.maxOutboxBytes()).isEqualTo(1_048_576);
        assertThat(options.client()).isSameAs(ClientOptions.DEFAULT);
        assertThat(options.webSocketClient()).isSameAs(WebSocketClient.shared());
        assertThat(options.callbackExecutor()).isNull();
        assertThat(options.random().nextLong()).isNotEqualTo(options.random().nextLong());
    }

    @Test
    void refusesWhatCannotBe() {
        refuses("maxOutboxBytes", b -> b.maxOutboxBytes(1_023));
        refuses("agent", b -> b.agent("two words"));
        refuses("agent", b -> b.agent("a".repeat(129)));
        refuses("auth", b -> b.token("two words"));
        refuses("auth", b -> b.token(""));
    }

    @Test
    void theLastSourceOfTokensHolds() {
        TokenSource source = () -> CompletableFuture.completedFuture("a");
        assertThat(SessionClientOptions.builder()
                        .token("a")
                        .tokens(source)
                        .build()
                        .token())
                .isNull();
        assertThat(SessionClientOptions.builder()
                        .tokens(source)
                        .token("a")
                        .build()
                        .tokens())
                .isNull();
    }
}
