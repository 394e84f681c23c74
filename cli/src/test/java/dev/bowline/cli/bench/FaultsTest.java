package dev.bowline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private final Faults faults = new Faults();

    @Test
    void countsByKind() {
        assertThat(faults.isEmpty()).isTrue();
        faults.add("no answer", 3);
        faults.add("wrong content");
        faults.add("no answer", 2);
        assertThat(faults.isEmpty()).isFalse();
        assertThat(faults.total()).isEqualTo(6);
        assertThat(faults.byKind()).isEqualTo(Map.of("no answer", 5L, "wrong content", 1L));
    }

    @Test
    void failuresThatDifferInTheAddressAloneAreOfOneKind() {
        faults.notOpened(new ConnectException("ws://127.0.0.1:1/: Connection refused"));
        faults.notOpened(new CompletionException(new ConnectException("ws://127.0.0.2:1/: Connection refused")));
        assertThat(faults.byKind()).isEqualTo(Map.of("not connected: Connection refused", 2L));
    }
}
