package dev.bowline.verification.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.Seeded;
import dev.bowline.verification.support.Requirements;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A soak of some seconds; the long one is a command, {@code scripts/soak}. */
@Tag("once")
class SoakTest {
    private static final long FILES_NEEDED = 3_000;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void someSecondsOfItFindNothing(boolean tls) {
        Requirements.openFiles(FILES_NEEDED);
        Seeded.run(1, random -> {
            Queue<String> said = new ConcurrentLinkedQueue<>();
            SoakOptions options = SoakOptions.defaults()
                    .withTime(Duration.ZERO, Duration.ofSeconds(2))
                    .withLoad(tls ? 100 : 200, 4, 200)
                    .withPatience(Duration.ofSeconds(120))
                    .withSeed(random.nextLong());
            options = tls ? options.overTls() : options;
            assertThat(Soak.run(options, said::add)).as(String.join("\n", said)).isZero();
            assertThat(said).anyMatch(line -> line.startsWith("GOOD"));
        });
    }

    @Test
    void argumentsAreReadAndWrongOnesNamed() {
        SoakOptions options = SoakOptions.parse(
                List.of("--minutes", "90", "--connections", "5", "--seed", "-7", "--patience", "9", "--tls"));
        assertThat(options.time()).isEqualTo(Duration.ofMinutes(90));
        assertThat(options.connections()).isEqualTo(5);
        assertThat(options.rawPeers()).isEqualTo(SoakOptions.defaults().rawPeers());
        assertThat(options.seed()).isEqualTo(-7);
        assertThat(options.patience()).isEqualTo(Duration.ofSeconds(9));
        assertThat(options.tls()).isTrue();
        assertThatThrownBy(() -> SoakOptions.parse(List.of("--hours", "1"))).hasMessage("what is --hours?");
        assertThatThrownBy(() -> SoakOptions.parse(List.of("--minutes"))).hasMessage("--minutes needs a number");
        assertThatThrownBy(() -> SoakOptions.parse(List.of("--minutes", "0")))
                .hasMessage("--minutes must be at least 1");
        assertThatThrownBy(() -> SoakOptions.parse(List.of("--rate", "fast")))
                .hasMessage("--rate takes a whole number, not fast");
    }

    @Test
    void aLeakIsSeenThroughNoise() {
        List<Calm> flat =
                List.of(calm(90, 5), calm(10, 5), calm(12, 4), calm(9, 6), calm(13, 5), calm(10, 5), calm(11, 5));
        assertThat(Calm.growth(flat)).isEmpty();
        List<Calm> growing =
                List.of(calm(5, 5), calm(10, 5), calm(14, 5), calm(18, 5), calm(22, 5), calm(26, 5), calm(30, 5));
        assertThat(Calm.growth(growing))
                .hasValueSatisfying(text -> assertThat(text).startsWith("heap bytes grew"));
    }

    private static Calm calm(int heapMebibytes, int directMebibytes) {
        return new Calm((long) heapMebibytes << 20, (long) directMebibytes << 20, 20, 30);
    }
}
