package dev.bowline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LoggingTest {
    private static String format(String message, Throwable... thrown) {
        LogRecord record = new LogRecord(Level.WARNING, message);
        if (thrown.length > 0) {
            record.setThrown(thrown[0]);
        }
        return new Logging.OneLine().format(record);
    }

    @Test
    void aRecordIsOneLine() {
        assertThat(format("it\nbroke\r\nagain"))
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARNING it ⏎ broke ⏎ again" + System.lineSeparator());
    }

    @Test
    void anErrorIsToldWithItsCausesAndWhereTheyAre() {
        String line = format("broken", new IllegalStateException("outer", new IOException("inner\nmore")));
        assertThat(line)
                .contains(" WARNING broken: java.lang.IllegalStateException: outer (at dev.bowline.cli.LoggingTest.")
                .contains("): java.io.IOException: inner ⏎ more (at dev.bowline.cli.LoggingTest.");
        assertThat(line.lines()).hasSize(1);
    }

    @Test
    void anObjectIsALine() throws IOException {
        LogRecord record = new LogRecord(Level.WARNING, "it \"broke\"\n{0}");
        record.setParameters(new Object[] {"again"});
        record.setLoggerName("dev.bowline.Some");
        record.setInstant(Instant.parse("2026-11-27T08:30:00.123456Z"));
        record.setThrown(new IOException("why"));
        String line = new Logging.JsonLine().format(record);
        assertThat(line).endsWith("}" + System.lineSeparator());
        assertThat(line.lines()).hasSize(1);
        JsonNode object = new ObjectMapper().readTree(line);
        assertThat(object.get("at").asText()).isEqualTo("2026-11-27T08:30:00.123Z");
        assertThat(object.get("level").asText()).isEqualTo("warning");
        assertThat(object.get("logger").asText()).isEqualTo("dev.bowline.Some");
        assertThat(object.get("text").asText()).isEqualTo("it \"broke\"\nagain");
        assertThat(object.get("error").asText())
                .startsWith("java.io.IOException: why (at dev.bowline.cli.LoggingTest.");
        assertThat(object).hasSize(5);
    }
}
