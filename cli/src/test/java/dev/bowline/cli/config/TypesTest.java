package dev.bowline.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.cli.config.Settings.Slow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypesTest {
    @ParameterizedTest
    @CsvSource({"500ms,500", "20s,20000", "2m,120000", "12h,43200000", "7d,604800000", "90s,90000"})
    void timesHaveAUnit(String text, long millis) {
        assertThat(Types.TIME.read(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(Types.TIME.read(Types.TIME.write(Duration.ofMillis(millis)))).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void timesMayHaveBounds() {
        Type<Duration> bounded = Types.time(Duration.ofSeconds(1), Duration.ofMinutes(5));
        assertThat(bounded.allowed()).isEqualTo("a time from 1s to 5m");
        assertThat(bounded.read("1s")).isEqualTo(Duration.ofSeconds(1));
        assertThat(bounded.read("300s")).isEqualTo(Duration.ofMinutes(5));
        assertThatIllegalArgumentException().isThrownBy(() -> bounded.read("999ms"));
        assertThatIllegalArgumentException().isThrownBy(() -> bounded.read("301s"));
    }

    @Test
    void timesAreWrittenInTheLargestUnit() {
        assertThat(Types.TIME.write(Duration.ofHours(2))).isEqualTo("2h");
        assertThat(Types.TIME.write(Duration.ofMillis(1_500))).isEqualTo("1500ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "0s", "-1s", "s", "1.5h", "1y", "999999999999999999d"})
    void othersAreNoTimes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Types.TIME.read(text));
    }

    @ParameterizedTest
    @CsvSource({"1000,1000", "64KiB,65536", "64 kib,65536", "1MiB,1048576", "2GiB,2147483648"})
    void sizesMayHaveAUnit(String text, long bytes) {
        assertThat(Types.SIZE.read(text)).isEqualTo(bytes);
        assertThat(Types.SIZE.read(Types.SIZE.write(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1MB", "1.5MiB", "many", "999999999999999999GiB"})
    void othersAreNoSizes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Types.SIZE.read(text));
    }

    @Test
    void hostsMayStandInBrackets() {
        assertThat(Types.HOST.read("[::1]")).isEqualTo("::1");
        assertThat(Types.HOST.read("example.com")).isEqualTo("example.com");
        assertThatIllegalArgumentException().isThrownBy(() -> Types.HOST.read(" "));
    }

    @Test
    void choicesAreWords() {
        Type<Slow> slow = Types.choice(Slow.class);
        assertThat(slow.allowed()).isEqualTo("one of keep, drop-oldest");
        assertThat(slow.read("drop-oldest")).isEqualTo(Slow.DROP_OLDEST);
        assertThat(slow.write(Slow.DROP_OLDEST)).isEqualTo("drop-oldest");
        assertThatIllegalArgumentException().isThrownBy(() -> slow.read("DROP_OLDEST"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "on", "", "TRUE"})
    void switchesAreTrueOrFalse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Types.SWITCH.read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a.example", "/keys", "https://", "a b"})
    void addressesAreOfTheWeb(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Types.HTTP_ADDRESS.read(text));
    }
}
