package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtocolOptionsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaultsAreAsTheJavadocSays() {
        assertThat(ProtocolOptions.DEFAULT)
                .isEqualTo(
                        new ProtocolOptions(1 << 20, 1 << 20, 131_072, Duration.ofSeconds(60), Duration.ofSeconds(5)))
                .isEqualTo(new ProtocolOptions(1 << 20, 1 << 20, Duration.ofSeconds(5)));
    }

    @Test
    void limitsHowAMessageMayCome() {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        assertThat(new ProtocolOptions(1, 1, 1, Duration.ZERO, SECOND).messageTimeout())
                .isZero();
        assertThat(new ProtocolOptions(1, 1, Integer.MAX_VALUE, longest, SECOND).messageTimeout())
                .isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProtocolOptions(1, 1, 0, SECOND, SECOND))
                .withMessage("maxFragments is 0, must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProtocolOptions(1, 1, 1, Duration.ofNanos(-1), SECOND))
                .withMessageContaining("messageTimeout is PT-0.000000001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProtocolOptions(1, 1, 1, longest.plusNanos(1), SECOND))
                .withMessageContaining("messageTimeout");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 7})
    void refusesSizesOutsideTheirRangeByName(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProtocolOptions(size, 1, SECOND))
                .withMessageContaining("maxMessageBytes is " + size);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProtocolOptions(1, size, SECOND))
                .withMessageContaining("maxFrameBytes is " + size);
    }

    @Test
    void takesTheEndsOfTheRange() {
        int largest = Integer.MAX_VALUE - 8;
        ProtocolOptions options = new ProtocolOptions(1, largest, Duration.ofNanos(1));
        assertThat(options.maxMessageBytes()).isOne();
        assertThat(new ProtocolOptions(largest, 1, SECOND).maxMessageBytes()).isEqualTo(largest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT-0.000000001S"})
    void refusesAWaitThatIsNotPositive(String wait) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProtocolOptions(1, 1, Duration.parse(wait)))
                .withMessageContaining("closeTimeout");
    }

    @Test
    @DisplayName("a wait that the clock's scale can't hold is refused here, not when a connection opens")
    void refusesAWaitBeyondTheScaleOfTheClock() {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        assertThat(new ProtocolOptions(1, 1, longest).closeTimeout()).isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProtocolOptions(1, 1, longest.plusNanos(1)))
                .withMessageContaining("closeTimeout");
    }
}
