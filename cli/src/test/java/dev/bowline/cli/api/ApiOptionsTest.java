package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiOptionsTest {
    private static final ApiOptions OPTIONS = ApiOptions.of(List.of("0123456789abcdef"));

    @Test
    void areForThisMachineByDefault() {
        assertThat(OPTIONS.host()).isEqualTo("127.0.0.1");
        assertThat(OPTIONS.port()).isEqualTo(3001);
        assertThat(OPTIONS.openMetrics()).isFalse();
        assertThat(OPTIONS.withOpenMetrics(true).withHost("::1").withPort(1).toString())
                .isEqualTo("ApiOptions[::1:1, 1 key]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcde", "0123456789 abcdef", "0123456789abcdefü", "0123=456789abcdef"})
    void wantAKeyThatNobodyGuesses(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiOptions.of(List.of("0123456789abcdef", key)))
                .withMessageStartingWith("key 2 has " + key.length() + " characters, must be 16 to 512")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("0123456789"));
    }

    @Test
    void takeKeysAsBase64HasThem() {
        assertThat(ApiOptions.of(List.of("abcdefghijklmn==", "a.b_c~d+e/f-g0h1"))
                        .keys())
                .hasSize(2);
    }

    @Test
    void areWithinBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiOptions.of(List.of()))
                .withMessage("there is no key, must be at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withPort(65_536))
                .withMessage("port is 65536, must be from 0 to 65535");
        assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.withMaxBodyBytes(1_023));
        assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.withMaxConnections(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withTimeout(Duration.ofMinutes(6)))
                .withMessage("timeout is PT6M, must be from PT0.01S to PT5M");
    }
}
