package dev.bowline.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.verification.conformance.Setting.Cut;
import dev.bowline.verification.conformance.Setting.Effort;
import dev.bowline.verification.conformance.Setting.Subject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every case with little effort and compares with the table that is checked in. */
class ConformanceTest {
    static Stream<Setting> settings() {
        return Stream.of(Subject.values())
                .flatMap(subject -> Stream.of(Cut.values()).map(cut -> new Setting(subject, cut, Effort.REDUCED)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyCaseEndsAsExpected(Setting setting) {
        assertThat(ResultTable.checkedIn().differences(Suite.run(Cases.all(), setting, result -> {})))
                .isEmpty();
    }

    @Test
    void theTableHasEveryCaseAndAReasonForWhatIsNotGood() {
        assertThat(ResultTable.checkedIn().gaps(Cases.all())).isEmpty();
    }

    @Test
    void theTableIsWrittenAsItIsRead() {
        String text = ResultTable.checkedIn().with(List.of());
        assertThat(ResultTable.parse(text).with(List.of())).isEqualTo(text);
    }
}
