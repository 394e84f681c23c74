package dev.bowline.websocket.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.Violation;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServerCountersTest {
    private final ServerCounters counters = new ServerCounters();

    private Map<String, Long> handshakes() {
        Map<String, Long> counted = new TreeMap<>();
        counters.addHandshakesTo(counted);
        return counted;
    }

    private Map<String, Long> closes() {
        Map<String, Long> counted = new TreeMap<>();
        counters.addClosesTo(counted);
        return counted;
    }

    @Test
    void everyCodeThatBowlineClosesWithIsCountedByItself() {
        for (Violation violation : Violation.values()) {
            int answer = violation.error().answer();
            if (answer >= 1000) {
                counters.closed(answer);
                assertThat(closes()).containsKey(Integer.toString(answer));
            } else {
                counters.answered(answer);
                assertThat(handshakes()).containsKey(Integer.toString(answer));
            }
        }
        assertThat(closes()).containsEntry("other", 0L);
        assertThat(handshakes()).containsEntry("other", 0L);
    }

    @Test
    void whateverPeersComeUpWithTheNumberOfNumbersStays() {
        int names = closes().size();
        for (int code = 0; code < 6000; code++) {
            counters.closed(code);
        }
        assertThat(closes())
                .hasSize(names)
                .containsEntry("1000", 1L)
                .containsEntry("3000-3999", 1000L)
                .containsEntry("4000-4499", 500L - 9)
                .containsEntry("4500-4999", 500L - 5)
                .containsEntry("other", 6000L - 2000 - 15);
        int outcomes = handshakes().size();
        for (int status = 100; status < 600; status++) {
            counters.answered(status);
        }
        assertThat(handshakes()).hasSize(outcomes).containsEntry("accepted", 1L).containsEntry("other", 500L - 16);
    }

    @Test
    void openAreThoseThatHaveNotClosed() {
        counters.opened();
        counters.opened();
        counters.closed(CloseCode.ABNORMAL_CLOSURE);
        assertThat(counters.open()).isEqualTo(1);
        assertThat(counters.openedCount()).isEqualTo(2);
    }
}
