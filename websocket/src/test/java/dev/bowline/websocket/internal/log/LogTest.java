package dev.bowline.websocket.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.bowline.testkit.CapturedLog;
import dev.bowline.websocket.internal.loop.BrokenLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogTest {
    private final Log log = Log.of(LogTest.class);

    private void logAll() {
        log.log(Level.INFO, "message");
        log.log(Level.WARNING, "message", new IllegalStateException("thrown"));
        log.log(Level.WARNING, () -> "supplied", new IllegalStateException("thrown"));
        log.log(Level.ERROR, "{0} and {1}", 1, "2");
    }

    @Test
    void logsUnderTheNameOfTheClass() {
        try (CapturedLog captured = CapturedLog.of(LogTest.class)) {
            logAll();
            assertThat(captured.lines())
                    .containsExactly(
                            "INFO message",
                            "WARNING message java.lang.IllegalStateException: thrown",
                            "WARNING supplied java.lang.IllegalStateException: thrown",
                            "SEVERE 1 and 2");
        }
    }

    @Test
    void aHandlerThatThrowsIsNotHeardOf() {
        try (BrokenLog broken = BrokenLog.of(LogTest.class.getName())) {
            assertThatCode(this::logAll).doesNotThrowAnyException();
            assertThat(broken.attempts()).isEqualTo(4);
        }
    }

    /** Whoever asks for a logger of his own has one that throws. The listener's is called where anything may be thrown. */
    @Test
    void nobodyElseAsksForALogger() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<String> users = files.filter(Files::isRegularFile)
                    .filter(LogTest::asksForALogger)
                    .map(file -> file.getFileName().toString())
                    .toList();
            assertThat(users).containsExactlyInAnyOrder("Log.java", "WebSocketListener.java");
        }
    }

    private static boolean asksForALogger(Path file) {
        try {
            return Files.readString(file).contains("System.getLogger(");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
