package dev.bowline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
}
