package dev.bowline.codec.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class HeadLimitsTest {
    @Test
    void defaultsAreAsTheJavadocSays() {
        assertThat(HeadLimits.DEFAULT).isEqualTo(new HeadLimits(8192, 64));
    }

    @Test
    void refusesWhatIsOutOfRangeByName() {
        assertThat(new HeadLimits(64, 1).maxHeaders()).isOne();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeadLimits(63, 1))
                .withMessageContaining("maxBytes is 63");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeadLimits(64, 0))
                .withMessageContaining("maxHeaders is 0");
    }
}
