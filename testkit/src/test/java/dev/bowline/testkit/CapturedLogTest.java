package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapturedLogTest {
    @Test
    void keepsLevelMessageAndThrowable() {
        System.Logger logger = System.getLogger(CapturedLogTest.class.getName());
        try (CapturedLog log = CapturedLog.of(CapturedLogTest.class)) {
            logger.log(System.Logger.Level.WARNING, "{0} of {1}", 1, "two");
            logger.log(System.Logger.Level.ERROR, "failed", new IllegalStateException("why"));
            logger.log(System.Logger.Level.DEBUG, "not logged by default");
            assertThat(log.lines())
                    .containsExactly("WARNING 1 of two", "SEVERE failed java.lang.IllegalStateException: why");
        }
    }
}
