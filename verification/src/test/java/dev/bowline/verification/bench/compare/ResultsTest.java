package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private static final Contender BOWLINE = new Contender("bowline", "Bowline", List.of("x"), List.of(), true, "");

    private final Path file;
    private final List<String> notices = new ArrayList<>();

    ResultsTest(@TempDir Path directory) {
        file = directory.resolve("results.jsonl");
    }

    private Results results() throws IOException {
        return new Results(file, notices::add);
    }

    private static Measurement measured(String contender, int round, double cpu) {
        return new Measurement(Workload.ECHO_16K.id(), contender, round, null, Map.of("cpu", cpu));
    }

    private static Measurement failed(String contender, int round, String why) {
        return new Measurement(Workload.ECHO_16K.id(), contender, round, why, Map.of());
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(new Spread(3, 1, 2).median()).isEqualTo(2);
        assertThat(new Spread(4, 1, 2, 3).median()).isEqualTo(2.5);
        assertThat(new Spread(5, 1).min()).isEqualTo(1);
        assertThat(new Spread(5, 1).max()).isEqualTo(5);
        assertThat(new Spread().isEmpty()).isTrue();
    }

    @Test
    void resultsAreKeptInAFile() throws IOException {
        results().add(measured("Bowline", 1, 6));
        Results later = results();
        assertThat(later.has(Workload.ECHO_16K, BOWLINE, 1)).isTrue();
        assertThat(later.has(Workload.ECHO_16K, BOWLINE, 2)).isFalse();
        assertThat(later.has(Workload.ECHO_1M)).isFalse();
        assertThat(later.spread(Workload.ECHO_16K, "Bowline", "cpu").median()).isEqualTo(6);
        later.add(failed("Other", 1, "it fell"));
        assertThat(results().failures(Workload.ECHO_16K, "Other")).containsExactly("it fell");
        assertThat(results().contenders()).containsExactly("Bowline", "Other");
        assertThat(notices).isEmpty();
    }

    @Test
    void aLaterFigureReplacesAFailure() throws IOException {
        Results results = results();
        results.add(failed("Bowline", 1, "it fell"));
        assertThat(results.has(Workload.ECHO_16K, BOWLINE, 1)).isFalse();
        results.add(measured("Bowline", 1, 6));
        results.add(failed("Bowline", 2, "it fell again"));
        for (Results one : List.of(results, results())) {
            assertThat(one.has(Workload.ECHO_16K, BOWLINE, 1)).isTrue();
            assertThat(one.failures(Workload.ECHO_16K, "Bowline")).containsExactly("round 2 failed: it fell again");
        }
    }

    @Test
    void aRatioIsTakenWithinEachRound() throws IOException {
        Results results = results();
        results.add(measured("Bowline", 1, 2));
        results.add(measured("Other", 1, 3));
        results.add(measured("Bowline", 2, 10));
        results.add(measured("Other", 2, 20));
        results.add(measured("Bowline", 3, 1)); // which the other has not
        results.add(failed("Other", 3, "it fell"));
        results.add(measured("Bowline", 4, 4));
        results.add(measured("Other", 4, 5));
        Spread ratio = results.ratio(Workload.ECHO_16K, "Other", "Bowline", "cpu");
        assertThat(ratio.count()).isEqualTo(3);
        assertThat(ratio.min()).isEqualTo(1.25);
        assertThat(ratio.median()).isEqualTo(1.5);
        assertThat(ratio.max()).isEqualTo(2);
        assertThat(results.ratio(Workload.ECHO_16K, "Other", "nobody", "cpu").isEmpty())
                .isTrue();
    }

    @Test
    void aLastLineThatWasCutShortIsDroppedWithANotice() throws IOException {
        results().add(measured("Bowline", 1, 6));
        results().add(measured("Bowline", 2, 7));
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() - 20));
        Results results = results();
        assertThat(notices)
                .singleElement()
                .asString()
                .startsWith("the last line of " + file + " was cut short, and is dropped: {");
        assertThat(results.has(Workload.ECHO_16K, BOWLINE, 1)).isTrue();
        assertThat(results.has(Workload.ECHO_16K, BOWLINE, 2)).isFalse();
        results.add(measured("Bowline", 2, 8));
        assertThat(results().spread(Workload.ECHO_16K, "Bowline", "cpu").max()).isEqualTo(8);
        assertThat(notices).hasSize(1);
    }

    @Test
    void aLastLineThatLacksOnlyItsEndIsKept() throws IOException {
        results().add(measured("Bowline", 1, 6));
        Files.writeString(file, Files.readString(file).stripTrailing());
        results().add(measured("Bowline", 2, 7));
        assertThat(results().spread(Workload.ECHO_16K, "Bowline", "cpu").count())
                .isEqualTo(2);
        assertThat(notices).isEmpty();
    }

    @Test
    void anotherLineThatIsNoneIsAnError() throws IOException {
        results().add(measured("Bowline", 1, 6));
        Files.writeString(file, "nonsense\n" + Files.readString(file));
        assertThatThrownBy(this::results)
                .isInstanceOf(IOException.class)
                .hasMessage("line 1 of " + file + " is no measurement: nonsense");
    }
}
