package dev.bowline.verification.bench.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.verification.bench.compare.Spread;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SizingTest {
    private static final Usage REQUEST = new Usage(1, 0, 10, 300, 100, 50, 100, 0);

    @Test
    void computesByTheFormulas() {
        // a message costs Redis 20 µs and 10 µs for each node, and nodes 40 µs and 50 µs each
        List<Flood.Result> floods = List.of(flood(1, 30, 90), flood(2, 40, 140), flood(3, 50, 190));
        Figures figures = new Figures(
                List.of(),
                List.of(new Growth.Result(3, new Spread(4), new Spread(60), new Spread(1))),
                floods,
                Map.of(Mode.KEPT, List.of(new Prices.Price(Prices.RESUMED, new Usage(9, 2, 50, 0, 0, 360, 500, 0)))),
                List.of(new Requests.Result(Mode.KEPT, 1, 2, REQUEST, 1)),
                List.of(new Idle.Result(Mode.KEPT, REQUEST, new Usage(0, 0, 0, 0, 0, 0, 0, 0), 1_000, 5_000)),
                List.of(),
                List.of());
        String text = new Sizing(figures, new DocumentedBytes(1_000, 2_000, 500)).text();
        assertThat(text)
                .contains("messages × (20 µs + 10.0 µs × nodes) + requests × 50 µs + resumes × 360 µs")
                .contains("memory of Redis = sessions × 2,000 B")
                .contains("memory of the nodes = sessions × 7,700 B");
        // 1,000 messages a second to 20 nodes: 220 ms; 16,667 requests: 833 ms; 278 resumes: 100 ms
        assertThat(text).contains("| 1,000,000 | 20 | 0.36 | 3.11 | 1.86 | 115 % |");
        assertThat(text).contains("| 3 | 10,000 | 10,000 |");
    }

    private static Flood.Result flood(int nodes, double redisMicros, double nodeMicros) {
        return new Flood.Result(nodes, new Usage(1, 1, 5, 0, 0, redisMicros, nodeMicros, 0));
    }
}
