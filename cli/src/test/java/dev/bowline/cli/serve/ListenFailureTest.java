package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The failures that a test cannot bring about; for the others see {@link ServeCommandTest}. */
class ListenFailureTest {
    @Test
    void privilegedPort() {
        assertThat(ListenFailure.explain("127.0.0.1", 80, new IOException("can't listen: Permission denied")))
                .isEqualTo("this user may not listen on port 80; choose a port above 1023 with --port.");
    }

    @Test
    void anythingElseInItsOwnWords() {
        assertThat(ListenFailure.explain("127.0.0.1", 80, new IOException("can't listen: no buffers")))
                .isEqualTo("can't listen: no buffers; choose another address with --host and --port.");
    }
}
