package dev.bowline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.bench.LoadOptions.Mode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesTest {
    private final StringWriter out = new StringWriter();
    private final JsonLines lines = new JsonLines(new PrintWriter(out));

    @Test
    void tellsTheProgress() {
        lines.connecting(700, 1500);
        lines.connected(1500, Duration.ofMillis(250));
        lines.measuring();
        lines.progress(Duration.ofSeconds(1), Duration.ofSeconds(4), 5000, 2);
        lines.measured();
        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"event\":\"connecting\",\"connections\":700,\"of\":1500}",
                        "{\"event\":\"connected\",\"connections\":1500,\"seconds\":0.25}",
                        "{\"event\":\"measuring\"}",
                        "{\"event\":\"progress\",\"seconds\":1.0,\"of\":4.0,\"messages\":5000,\"errors\":2}",
                        "{\"event\":\"measured\"}");
    }

    @Test
    void reports() {
        lines.report(Reports.report(
                Reports.options(Mode.ECHO, true, 1000, false),
                Map.of("closed with 1011 \"why\"", 2L),
                OptionalDouble.of(2)));
        assertThat(out.toString().lines())
                .containsExactly("{\"event\":\"report\",\"urls\":[\"ws://127.0.0.1:1/\",\"ws://127.0.0.2:1/\"],"
                        + "\"mode\":\"echo\",\"text\":true,\"compressed\":false,\"connections\":1500,\"opened\":1500,"
                        + "\"size\":2000,\"inFlight\":3,\"rate\":1000,\"seconds\":4.0,\"messages\":4000,"
                        + "\"messagesPerSecond\":1000.0,\"bytesPerSecond\":2000000.0,\"latencyMicros\":{"
                        + "\"mean\":148.99168,\"p50\":100.031,\"p90\":100.031,\"p99\":100.031,\"p999\":5001.215,"
                        + "\"max\":5001.215},\"errors\":{\"closed with 1011 \\\"why\\\"\":2},"
                        + "\"serverCpuSeconds\":2.0,\"serverCpuMicrosPerMessage\":500.0}");
    }

    @Test
    void whatIsNotKnownIsNull() {
        lines.report(Reports.empty(Reports.options(Mode.ECHO, false, 0, false), Map.of(), OptionalDouble.empty()));
        assertThat(out.toString())
                .contains("\"errors\":{},\"serverCpuSeconds\":null,\"serverCpuMicrosPerMessage\":null}");
    }

    @ParameterizedTest
    @CsvSource({
        "ECHO, false, echo",
        "ECHO, true, deflate",
        "BROADCAST, false, broadcast",
        "BROADCAST, true, broadcast",
        "HANDSHAKE, false, handshake",
        "IDLE, false, idle"
    })
    void namesTheMode(Mode mode, boolean compressed, String name) {
        lines.report(Reports.empty(Reports.options(mode, false, 0, compressed), Map.of(), OptionalDouble.empty()));
        assertThat(out.toString())
                .contains("\"mode\":\"" + name + "\",\"text\":false,\"compressed\":" + compressed + ",");
    }
}
