package dev.bowline.cli.bench;

import dev.bowline.cli.bench.LoadOptions.Mode;
import dev.bowline.websocket.ClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/** Reports of runs that were not run. */
final class Reports {
    private Reports() {}

    static LoadOptions options(Mode mode, boolean text, long rate, boolean compressed) {
        return new LoadOptions(
                List.of(URI.create("ws://127.0.0.1:1/"), URI.create("ws://127.0.0.2:1/")),
                mode,
                1500,
                Content.random(2000, text),
                3,
                rate,
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                1,
                OptionalLong.empty(),
                compressed,
                ClientOptions.builder().build());
    }

    /** 4000 messages in 4 s, of which 3960 took 100 µs and 40 took 5000. */
    static Report report(LoadOptions options, Map<String, Long> errors, OptionalDouble serverCpuSeconds) {
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount(100_000, 3960);
        latencies.recordValueWithCount(5_000_000, 40);
        return new Report(options, options.connections(), 4, 4000, latencies, errors, serverCpuSeconds);
    }

    /** Of a run in which nothing came. */
    static Report empty(LoadOptions options, Map<String, Long> errors, OptionalDouble serverCpuSeconds) {
        return new Report(options, 0, 0, 0, new Histogram(3), errors, serverCpuSeconds);
    }
}
