package dev.bowline.verification.bench.polling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.verification.bench.polling.Way.Result;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class PollingTrialTest {
    private static final PollingTrial TINY = new PollingTrial(3, 0.3, 0.2, 2, 1);

    @Test
    void deliversTheSameChangesEachWay() throws IOException, InterruptedException {
        long measured =
                Schedule.of(TINY.users(), TINY.every(), TINY.warmUp() + TINY.seconds(), TINY.seed()).changes().stream()
                        .filter(change -> change.atNanos() >= TINY.warmUp() * 1e9)
                        .count();
        List<Result> results = TINY.run(PollingTrial.KINDS);
        assertThat(results).extracting(Result::kind).isEqualTo(PollingTrial.KINDS);
        for (Result result : results) {
            assertThat(result.arrivals().changes()).isEqualTo((int) measured).isPositive();
            assertThat(result.cpuNanos()).isPositive();
            if (result.kind().how() == How.NOBODY) {
                assertThat(result.traffic()).isEqualTo(new Traffic(0, 0));
                assertThat(result.handled()).isZero();
            } else {
                assertThat(result.arrivals().latencies().count()).isEqualTo((int) measured);
                assertThat(result.opening().toServer()).isPositive();
                assertThat(result.opening().toClients()).isPositive();
            }
        }
    }
}
