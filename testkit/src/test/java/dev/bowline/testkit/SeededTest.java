package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SeededTest {
    private @Nullable String before;

    @BeforeEach
    void forgetSeed() {
        before = System.clearProperty(Seeded.PROPERTY);
    }

    @AfterEach
    void restoreSeed() {
        System.clearProperty(Seeded.PROPERTY);
        if (before != null) {
            System.setProperty(Seeded.PROPERTY, before);
        }
    }

    @Test
    void aFailureBeginsWithItsSeedWhichRepeatsItAtOnce() {
        AtomicInteger runs = new AtomicInteger();
        List<Long> seeds = new ArrayList<>();
        Seeded.Body body = random -> {
            seeds.add(random.seed());
            runs.incrementAndGet();
            assertThat(random.intBetween(0, 9)).isNotEqualTo(7);
        };
        assertThatThrownBy(() -> Seeded.run(1_000, body)).isInstanceOf(AssertionError.class);

        long failing = seeds.get(seeds.size() - 1);
        System.setProperty(Seeded.PROPERTY, Long.toString(failing));
        runs.set(0);
        assertThatThrownBy(() -> Seeded.run(1_000, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "seed " + failing + " (iteration 1 of 1000; repeat with -Dbowline.seed=" + failing + "): ")
                .hasCauseInstanceOf(AssertionError.class);
        assertThat(runs).hasValue(1);
    }

    @Test
    void checkedExceptionsAreReportedWithTheirSeed() {
        assertThatThrownBy(() -> Seeded.run(1, random -> {
                    throw new java.io.IOException("no");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("java.io.IOException: no");
    }

    @Test
    void everyIterationHasItsOwnSeed() {
        Set<Long> seeds = new HashSet<>();
        Seeded.run(500, random -> seeds.add(random.seed()));
        assertThat(seeds).hasSize(500);
    }

    @Test
    void aSeedThatIsNoNumberIsSaidSo() {
        System.setProperty(Seeded.PROPERTY, "abc");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Seeded.run(1, random -> {}))
                .withMessageContaining("abc");
    }

    @Test
    void theSameSeedGivesTheSameValues() {
        Seeded one = Seeded.of(42);
        Seeded two = Seeded.of(42);
        assertThat(one.bytes(40)).isEqualTo(two.bytes(40));
        assertThat(one.text(40)).isEqualTo(two.text(40));
        assertThat(one.nextLong()).isEqualTo(two.nextLong());
        assertThat(one.nextInt()).isEqualTo(two.nextInt());
    }

    @Test
    void textIsWellFormedAndReachesAllLengthsOfUtf8() {
        Set<Integer> lengths = new HashSet<>();
        Seeded.run(100, random -> {
            String text = random.text(20);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            assertThat(text.codePointCount(0, text.length())).isEqualTo(20);
            assertThat(new String(utf8, StandardCharsets.UTF_8)).isEqualTo(text);
            text.codePoints().forEach(c -> lengths.add(Character.toString(c).getBytes(StandardCharsets.UTF_8).length));
        });
        assertThat(lengths).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void rangesIncludeBothEnds() {
        Set<Integer> met = new HashSet<>();
        Set<String> chosen = new HashSet<>();
        Seeded.run(300, random -> {
            met.add(random.intBetween(-1, 2));
            chosen.add(random.oneOf("a", "b"));
            chosen.add(random.oneOf(List.of("c", "d")));
            assertThat(random.intBetween(Integer.MIN_VALUE, Integer.MAX_VALUE)).isInstanceOf(Integer.class);
            assertThat(random.nextDouble()).isBetween(0.0, 1.0);
            assertThat(random.chance(100)).isTrue();
            assertThat(random.chance(0)).isFalse();
            assertThat(random.ascii(50)).hasSize(50).matches("[ -~]*");
        });
        assertThat(met).containsExactlyInAnyOrder(-1, 0, 1, 2);
        assertThat(chosen).containsExactlyInAnyOrder("a", "b", "c", "d");
    }
}
