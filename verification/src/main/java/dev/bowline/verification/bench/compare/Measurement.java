package dev.bowline.verification.bench.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run: a contender under a workload. A line of the results file.
 *
 * @param failure why there are no figures; null where there are
 * @param figures by name: {@code cpu} µs of the server for each message, {@code rate} messages a second, {@code p50}, {@code p99},
 *     {@code p999} µs, {@code garbage} bytes for each message; for idle connections {@code heap}, {@code direct} and
 *     {@code resident} bytes for each, and their {@code sum}, in which no byte counts twice; {@code listening} and {@code startup}
 *     ms after the start; {@code seconds} and {@code warmUp}: how long it was measured, and loaded before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Measurement(
        String workload,
        String contender,
        int round,
        @Nullable String failure,
        Map<String, Double> figures) {}
