package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectLogTest {
    private static final Receipt FIRST = receipt();
    private static final Receipt THIRD = receipt();

    private static Receipt receipt() {
        return new Receipt() {
            @Override
            public void received() {}

            @Override
            public void lost() {}
        };
    }

    private final DirectLog log = new DirectLog(1_000);

    private @Nullable Payload append(String text, @Nullable Receipt receipt) {
        return log.append(n -> new ServerMessage.DirectMessage(n, "m", Payload.text(text)), receipt);
    }

    private List<String> kept() {
        List<String> kept = new ArrayList<>();
        log.forEach(message -> kept.add(message.asText().replace('\n', '|')));
        return kept;
    }

    @Test
    void countsAndKeepsWhatIsNotAcknowledged() {
        assertThat(log.first()).isEqualTo(1);
        assertThat(append("a", FIRST)).isEqualTo(Payload.text("msg 1 m\na"));
        append("b", null);
        append("c", THIRD);
        assertThat(log.last()).isEqualTo(3);
        assertThat(log.acknowledge(2)).containsExactly(FIRST);
        assertThat(log.acknowledge(2)).isEmpty();
        assertThat(kept()).containsExactly("msg 3 m|c");
        assertThat(log.first()).isEqualTo(3);
        assertThat(log.receipts()).containsExactly(THIRD);
        assertThat(log.acknowledge(3)).containsExactly(THIRD);
        assertThat(log.first()).isEqualTo(4);
        assertThat(log.bytes()).isZero();
    }

    @Test
    void isFullWithoutACountLost() {
        append("x".repeat(500), null);
        assertThat(log.hasRoom()).isFalse();
        assertThat(append("y".repeat(500), null)).isNull();
        assertThat(log.last()).isEqualTo(1);
        assertThat(append("z", null)).isEqualTo(Payload.text("msg 2 m\nz"));
        log.acknowledge(1);
        assertThat(log.hasRoom()).isTrue();
        assertThat(append("y".repeat(500), null)).isNotNull();
    }

    @Test
    void countsMoreThanTheMessageItself() {
        for (int i = 0; i < 100 && append("", null) != null; i++) {
            assertThat(log.bytes()).isLessThanOrEqualTo(1_000);
        }
        assertThat(log.last()).as("small messages are bounded too").isLessThan(20);
    }

    @Test
    void takesOneOfAnySize() {
        assertThat(append("x".repeat(5_000), null)).isNotNull();
        assertThat(append("", null)).isNull();
    }
}
