package dev.bowline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.bench.EchoLoad.EchoPeer;
import dev.bowline.cli.bench.LoadOptions.Mode;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two connections, of which each has one message in flight at most, at a message each millisecond. */
class PacerTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BEGIN = System.nanoTime() - TimeUnit.SECONDS.toNanos(1000);

    private final Content content = Content.random(8, false);
    private final Run run = new Run(new LoadOptions(
            List.of(URI.create("ws://127.0.0.1/")),
            Mode.ECHO,
            2,
            content,
            1,
            1000,
            Duration.ZERO,
            Duration.ZERO,
            1,
            OptionalLong.empty(),
            false,
            ClientOptions.builder().build()));
    private final List<String> sent = new ArrayList<>();
    private final EchoPeer[] peers = {new EchoPeer(run), new EchoPeer(run)};
    private final WebSocket[] sockets = {socket("a"), socket("b")};
    private final Pacer pacer = new Pacer(run, peers, BEGIN);

    PacerTest() {
        run.stage.measuring(true);
        peers[0].onOpen(sockets[0]);
        peers[1].onOpen(sockets[1]);
    }

    /** One that takes what is sent. */
    private WebSocket socket(String name) {
        return (WebSocket) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WebSocket.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("send");
                    sent.add(name);
                    return SendResult.ACCEPTED;
                });
    }

    private void answer(int peer, long number) {
        ByteBuffer payload = content.bytes(number).duplicate();
        peers[peer].onBinary(sockets[peer], payload);
    }

    @Test
    void sendsWhatIsDueToOneConnectionAfterTheOther() {
        pacer.turn(BEGIN - 1);
        assertThat(sent).isEmpty();
        pacer.turn(BEGIN);
        assertThat(sent).containsExactly("a");
        pacer.turn(BEGIN + MILLI - 1);
        assertThat(sent).containsExactly("a");
        pacer.turn(BEGIN + MILLI);
        assertThat(sent).containsExactly("a", "b");
    }

    @Test
    void whatIsLateIsSentWhenThereIsRoom() {
        pacer.turn(BEGIN + 5 * MILLI); // messages 0, 2, 4 are a's, and 1, 3, 5 are b's
        assertThat(sent).containsExactly("a", "b");
        answer(0, 0);
        pacer.turn(BEGIN + 5 * MILLI);
        assertThat(sent).containsExactly("a", "b", "a");
        answer(0, 1);
        answer(1, 0);
        pacer.turn(BEGIN + 5 * MILLI);
        assertThat(sent).containsExactly("a", "b", "a", "a", "b");
        answer(0, 2);
        pacer.turn(BEGIN + 5 * MILLI); // a has sent all that was due
        assertThat(sent).hasSize(5);
        answer(1, 1);
        pacer.turn(BEGIN + 5 * MILLI);
        answer(1, 2);
        pacer.turn(BEGIN + 5 * MILLI);
        assertThat(sent).containsExactly("a", "b", "a", "a", "b", "b");
        pacer.turn(BEGIN + 7 * MILLI); // and neither is late any more
        assertThat(sent).containsExactly("a", "b", "a", "a", "b", "b", "a", "b");
        assertThat(run.faults.byKind()).isEmpty();
    }

    @Test
    void theTimeOfALateOneCountsFromWhenItWasDue() {
        pacer.turn(BEGIN + 100_000 * MILLI);
        answer(0, 0);
        pacer.turn(BEGIN + 999_000 * MILLI);
        answer(0, 1);
        assertThat(run.meters()).hasSize(1);
        // Due at 0 and 2 ms; the clock of the answer is the true one, at least 1000 s later.
        assertThat(run.meters().get(0).latencies().getTotalCount()).isEqualTo(2);
        assertThat(run.meters().get(0).latencies().getMinValue()).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(590));
    }

    @Test
    void aLongPauseIsMadeUpForWithoutLosingAny() {
        pacer.turn(BEGIN + 1_999 * MILLI); // 2,000 messages are due
        assertThat(sent).hasSize(2);
        for (int i = 0; i < 1000; i++) {
            answer(0, i);
            answer(1, i);
            pacer.turn(BEGIN + 1_999 * MILLI);
        }
        assertThat(sent).hasSize(2_000);
        assertThat(run.faults.byKind()).isEmpty();
    }
}
