package dev.bowline.websocket.internal.reconnect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int ONE = 1 + Outbox.OVERHEAD_BYTES; // what a message of one byte counts

    final Outbox outbox = new Outbox(4 * ONE, 3 * ONE);
    final FakeSocket socket = new FakeSocket();

    private static SendResult send(Outbox outbox, String text) {
        return outbox.send(to -> to.send(text), () -> PreparedMessage.text(text));
    }

    private SendResult send(String text) {
        return send(outbox, text);
    }

    private List<String> left() {
        return outbox.end().stream()
                .map(message -> StandardCharsets.UTF_8.decode(message.payload()).toString())
                .toList();
    }

    @Test
    void keepsMessagesUntilThereIsAConnection() {
        assertThat(send("a")).isEqualTo(SendResult.ACCEPTED);
        assertThat(send("b")).isEqualTo(SendResult.ACCEPTED);
        assertThat(outbox.waitingBytes()).isEqualTo(2 * ONE);
        assertThat(outbox.flush(socket)).isTrue();
        assertThat(socket.sent).containsExactly("a", "b");
        assertThat(outbox.waitingBytes()).isZero();
        send("c");
        assertThat(socket.sent).containsExactly("a", "b", "c");
        assertThat(left()).isEmpty();
    }

    @Test
    void refusesBeyondItsCap() {
        for (int i = 0; i < 4; i++) {
            assertThat(send("x")).isEqualTo(SendResult.ACCEPTED);
        }
        assertThat(send("")).isEqualTo(SendResult.QUEUE_FULL);
        outbox.flush(socket);
        socket.answer = SendResult.QUEUE_FULL;
        assertThat(left()).hasSize(1);
    }

    @Test
    void refusesWhatNoConnectionCouldTake() {
        assertThat(send("x".repeat(3 * ONE - Outbox.OVERHEAD_BYTES))).isEqualTo(SendResult.ACCEPTED);
        assertThat(send("x".repeat(3 * ONE - Outbox.OVERHEAD_BYTES + 1))).isEqualTo(SendResult.QUEUE_FULL);
    }

    @Test
    void withoutRoomItKeepsNothing() {
        Outbox none = new Outbox(0, 1000);
        assertThat(send(none, "")).isEqualTo(SendResult.QUEUE_FULL);
        none.flush(socket);
        assertThat(send(none, "live")).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void handsOverNoMoreThanAConnectionTakes() {
        List.of("a", "b", "c", "d").forEach(this::send);
        assertThat(outbox.flush(socket)).isFalse();
        assertThat(socket.sent).containsExactly("a", "b", "c");
        // What is sent meanwhile keeps its place.
        assertThat(send("e")).isEqualTo(SendResult.ACCEPTED);
        assertThat(socket.sent).hasSize(3);
        socket.buffered = 0;
        assertThat(outbox.flush(socket)).isTrue();
        assertThat(socket.sent).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void keepsWhatAClosingConnectionRefused() {
        outbox.flush(socket);
        send("a");
        socket.close();
        assertThat(send("b")).isEqualTo(SendResult.ACCEPTED);
        assertThat(send("c")).isEqualTo(SendResult.ACCEPTED);
        outbox.detach();
        FakeSocket next = new FakeSocket();
        assertThat(outbox.flush(next)).isTrue();
        assertThat(next.sent).containsExactly("b", "c");
    }

    @Test
    void givesBackWhatWasNotSent() {
        send("a");
        outbox.refuse();
        assertThat(send("b")).isEqualTo(SendResult.CLOSED);
        assertThat(left()).containsExactly("a");
        assertThat(send("c")).isEqualTo(SendResult.CLOSED);
        assertThat(left()).isEmpty();
    }

    @Test
    void eachThreadsMessagesKeepTheirOrderOverReconnects() throws InterruptedException {
        Outbox wide = new Outbox(Long.MAX_VALUE, Long.MAX_VALUE);
        int threads = 3;
        int each = 20_000;
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String name = "sender" + t;
            Thread sender = new Thread(
                    () -> {
                        for (int i = 0; i < each; i++) {
                            send(wide, name + " " + i);
                        }
                    },
                    name);
            sender.start();
            senders.add(sender);
        }
        List<String> all = new ArrayList<>();
        while (senders.stream().anyMatch(Thread::isAlive) || wide.waitingBytes() > 0) {
            FakeSocket connection = new FakeSocket();
            wide.flush(connection);
            for (int i = 0; i < 1000; i++) {
                Thread.onSpinWait();
            }
            connection.close();
            wide.detach();
            all.addAll(connection.sent);
        }
        for (Thread sender : senders) {
            sender.join();
        }
        assertOrder(all, threads, each);
    }

    private static void assertOrder(List<String> all, int threads, int each) {
        for (int t = 0; t < threads; t++) {
            String name = "sender" + t;
            List<Integer> numbers = all.stream()
                    .filter(text -> text.startsWith(name + " "))
                    .map(text -> Integer.valueOf(text.substring(name.length() + 1)))
                    .toList();
            assertThat(numbers).hasSize(each).isSorted().doesNotHaveDuplicates();
        }
    }
}
