package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisOptionsTest {
    private final RedisOptions options = RedisOptions.of("redis://:secret@localhost");

    @Test
    void sayWhatWasWrongAndWhatIsAllowed() {
        assertThatThrownBy(() -> options.withPrefix("a b")).hasMessageContaining("letters, digits, hyphens");
        assertThatThrownBy(() -> options.withTimeout(Duration.ZERO))
                .hasMessage("timeout is PT0S, must be from PT0.01S to PT1M");
        assertThatThrownBy(() -> options.withRemember(Duration.ofSeconds(1)))
                .hasMessage("remember is PT1S, must be from PT1M to PT8760H");
        assertThatThrownBy(() -> options.withLease(Duration.ofMillis(999)))
                .hasMessage("lease is PT0.999S, must be from PT1S to PT5M");
        assertThatThrownBy(() -> options.withMaxTailBytes(-1)).hasMessage("maxTailBytes is -1, must be at least 0");
        assertThatThrownBy(() -> RedisOptions.ofCluster(List.of())).hasMessageContaining("there is no URI");
    }

    @Test
    void haveNamesOfTheirOwnInEachDatabase() {
        assertThat(options.prefix()).isEqualTo("bowline");
        assertThat(RedisOptions.of("redis://localhost/0").prefix()).isEqualTo("bowline");
        assertThat(RedisOptions.of("redis://localhost/3").withPrefix("shop").prefix())
                .isEqualTo("shop:3");
        assertThat(RedisOptions.of("redis-sentinel://localhost:26379/3#master").prefix())
                .isEqualTo("bowline:3");
    }

    @Test
    void doNotShowPasswords() {
        assertThat(options.toString()).isEqualTo("RedisOptions[bowline]");
        assertThatThrownBy(() -> RedisOptions.of("http://:secret@localhost"))
                .hasMessageStartingWith("URI 1 can't be read")
                .hasNoCause()
                .hasMessageNotContaining("secret");
    }
}
