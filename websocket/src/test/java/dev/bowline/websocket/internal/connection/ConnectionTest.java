package dev.bowline.websocket.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionTest {
    private static final ConnectionOptions SMALL_QUEUE =
            ConnectionOptions.builder().maxQueuedBytes(1000).build();

    @RegisterExtension
    final ConnectionHarness harness = new ConnectionHarness();

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    private final FakeStream stream = new FakeStream();

    /** Records drained and close alone. */
    private class Listener implements WebSocketListener {
        @Override
        public void onDrained(WebSocket socket) {
            events.record("drained");
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            events.record("close " + event.code());
        }
    }

    private static RawFrame frame(int bytes) {
        return RawFrame.binary(new byte[bytes]);
    }

    private static ByteBuffer payload(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    @Test
    void whatACallbackSendsLeavesInOneWrite() {
        harness.open(stream, ConnectionOptions.DEFAULT, new Listener() {
            @Override
            public void onText(WebSocket socket, String text) {
                for (int i = 0; i < 100; i++) {
                    socket.send(text + i);
                }
            }
        });
        harness.receive(stream, RawFrame.text("a"), RawFrame.text("b"), RawFrame.ping());
        assertThat(stream.writes()).isEqualTo(1);
        assertThat(stream.written()).hasSize(20 * 4 + 180 * 5 + 2);
    }

    @Test
    void timeInWhichNothingIsReadDoesNotCountAgainstAMessage() {
        Duration timeout = Duration.ofMillis(200);
        Connection connection = harness.open(
                stream, ConnectionOptions.builder().messageTimeout(timeout).build(), new Listener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        events.record("text " + text);
                    }
                });
        // In one turn of the loop, so that no timer comes between.
        harness.inLoop(() -> {
            stream.incoming(RawFrame.text("a").withFin(false).withMask(1).bytes());
            stream.handler().onReadable();
            connection.pauseReading();
            return true;
        });
        long paused = System.nanoTime();
        Await.until("more than the timeout", () -> System.nanoTime() - paused > 2 * timeout.toNanos());
        harness.inLoop(() -> {
            connection.resumeReading();
            stream.incoming(RawFrame.continuation((byte) 'b').withMask(1).bytes());
            stream.handler().onReadable();
            return true;
        });
        assertThat(events.take()).isEqualTo("text ab");
        assertThat(connection.readyState()).isEqualTo(ReadyState.OPEN);
    }

    @Test
    void whatOtherThreadsSendLeavesInOneWriteATurn() {
        Connection connection = harness.open(stream, ConnectionOptions.DEFAULT, new Listener());
        harness.inLoop(() -> {
            // The loop is busy with this task while another thread sends.
            Thread other = new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    connection.send("x");
                }
            });
            other.start();
            other.join();
            return true;
        });
        assertThat(stream.writes()).isEqualTo(1);
        assertThat(stream.written()).hasSize(1500);
        assertThat(connection.bufferedAmount()).isZero();
    }

    @Test
    void theQueueIsCappedWhileTheLoopTakesOver() throws InterruptedException {
        long cap = 64 * 1024;
        stream.room(0);
        Connection connection = harness.open(
                stream, ConnectionOptions.builder().maxQueuedBytes(cap).build(), new Listener());
        AtomicInteger accepted = new AtomicInteger();
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread sender = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    if (connection.send(payload(100)).isAccepted()) {
                        accepted.incrementAndGet();
                    }
                }
            });
            senders.add(sender);
            sender.start();
        }
        for (Thread sender : senders) {
            sender.join();
        }
        harness.turn();
        assertThat(accepted.get() * 102L).isLessThanOrEqualTo(cap);
        assertThat(accepted.get()).isGreaterThan((int) (cap / 114) - 10);
        assertThat(connection.bufferedAmount()).isEqualTo(accepted.get() * 102L);
        // One may be refused while another one is counted twice for a moment, and is told that there is room.
        assertThat(events.drain()).allMatch("drained"::equals);
    }

    @Test
    void drainedIsToldOnceWhenTheQueueHasFallenBelowHalf() {
        stream.room(0);
        Connection connection = harness.open(stream, SMALL_QUEUE, new Listener());
        harness.inLoop(() -> connection.send(payload(700)));
        stream.room(100);
        harness.inLoop(this::writable);
        events.assertEmpty();
        assertThat(stream.writeInterest()).isTrue();
        stream.room(1000);
        harness.inLoop(this::writable);
        events.expect("drained");
        assertThat(stream.writeInterest()).isFalse();
        harness.inLoop(() -> connection.send(payload(10)));
        events.assertEmpty();
    }

    private boolean writable() {
        stream.handler().onWritable();
        return true;
    }

    @Test
    void aRefusedMessageWaitsUntilItWouldFit() {
        stream.room(0);
        Connection connection = harness.open(stream, SMALL_QUEUE, new Listener());
        harness.inLoop(() -> connection.send(payload(300)));
        assertThat(connection.send(payload(900))).isEqualTo(SendResult.QUEUE_FULL);
        harness.turn();
        events.assertEmpty(); // below half, but there is no room for it yet
        stream.room(304);
        harness.inLoop(this::writable);
        events.expect("drained");
        assertThat(connection.send(payload(900))).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void retryingInOnDrainedDoesNotSpin() {
        stream.room(0);
        AtomicInteger drained = new AtomicInteger();
        Connection connection = harness.open(stream, SMALL_QUEUE, new Listener() {
            @Override
            public void onDrained(WebSocket socket) {
                drained.incrementAndGet();
                socket.send(payload(2000)); // fits no queue
                socket.send(payload(900)); // does not fit while 300 bytes wait
            }
        });
        harness.inLoop(() -> connection.send(payload(700)));
        stream.room(400);
        harness.inLoop(this::writable);
        int writes = stream.writes();
        for (int i = 0; i < 50; i++) {
            harness.turn();
        }
        assertThat(drained).hasValue(1);
        assertThat(stream.writes() - writes).isLessThan(5);
    }

    @Test
    void aRefusalThatCrossesTheDrainIsStillToldOfIt() {
        Connection connection = harness.open(stream, SMALL_QUEUE, new Listener());
        harness.inLoop(() -> {
            Thread other = new Thread(() -> {
                assertThat(connection.send(payload(900))).isEqualTo(SendResult.ACCEPTED);
                assertThat(connection.send(payload(900))).isEqualTo(SendResult.QUEUE_FULL);
            });
            other.start();
            other.join();
            return true;
        });
        events.expect("drained");
        assertThat(connection.send(payload(2000))).isEqualTo(SendResult.QUEUE_FULL);
        harness.turn();
        events.drain();
    }

    @Test
    void nothingIsAcceptedAfterCloseFromAnyThread() {
        List<Object> seen = new ArrayList<>();
        Connection connection = harness.open(stream, ConnectionOptions.DEFAULT, new Listener() {
            @Override
            public void onText(WebSocket socket, String text) {
                socket.close(4000, "enough");
                seen.add(socket.send("more"));
                seen.add(socket.ping(payload(0)));
                seen.add(socket.readyState());
            }
        });
        harness.receive(stream, RawFrame.text("a"));
        assertThat(seen).containsExactly(SendResult.CLOSED, SendResult.CLOSED, ReadyState.CLOSING);
        assertThat(stream.written()).isEqualTo(RawFrame.close(4000, "enough").bytes());

        Connection second = harness.open(new FakeStream(), ConnectionOptions.DEFAULT, new Listener());
        second.close();
        assertThat(second.send("more")).isEqualTo(SendResult.CLOSED);
        assertThat(second.readyState()).isEqualTo(ReadyState.CLOSING);
        connection.terminate();
        assertThat(connection.readyState()).isIn(ReadyState.CLOSING, ReadyState.CLOSED);
        events.expect("close 1006");
    }

    @Test
    void closeInTheLoopDoesNotOvertakeWhatOtherThreadsSent() {
        Connection connection = harness.open(stream, ConnectionOptions.DEFAULT, new Listener());
        harness.inLoop(() -> {
            Thread other = new Thread(() -> connection.send("first"));
            other.start();
            other.join();
            connection.close();
            return true;
        });
        assertThat(stream.written()).isEqualTo(RawFrame.concat(RawFrame.text("first"), RawFrame.close(1000, "")));
    }

    @Test
    void aPeerThatPingsAndReadsNothingCostsLittle() {
        stream.room(0);
        Connection connection = harness.open(stream, ConnectionOptions.DEFAULT, new Listener());
        RawFrame[] pings = new RawFrame[1000];
        RawFrame[] texts = new RawFrame[1000];
        java.util.Arrays.fill(pings, RawFrame.ping(new byte[50]));
        java.util.Arrays.fill(texts, RawFrame.text("ping"));
        for (int i = 0; i < 20; i++) {
            harness.receive(stream, pings);
            harness.receive(stream, texts);
        }
        assertThat(connection.bufferedAmount()).isLessThan(8192);
        stream.room(Long.MAX_VALUE);
        harness.inLoop(this::writable);
        assertThat(new String(stream.written(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .endsWith("pong"); // and is answered in the end
        assertThat(connection.bufferedAmount()).isZero();
    }

    @Test
    void anEndBehindACloseThatCannotBeAnsweredDoesNotSpin() {
        stream.room(0);
        Connection connection = harness.open(stream, ConnectionOptions.DEFAULT, new Listener());
        harness.inLoop(() -> connection.send(payload(500)));
        harness.receive(stream, RawFrame.close(1000, ""));
        harness.end(stream);
        assertThat(stream.isClosed()).isFalse();
        assertThat(stream.readInterest()).as("an end is readable for ever").isFalse();
        stream.room(Long.MAX_VALUE);
        harness.inLoop(this::writable);
        assertThat(stream.isClosed()).isTrue();
        assertThat(stream.written()).isEqualTo(RawFrame.concat(frame(500), RawFrame.close(1000, "")));
        events.expect("close 1000");
        assertThat(harness.open).hasValue(0);
    }

    @Test
    void theBufferOfASendIsLeftAsItWas() {
        Connection connection = harness.open(stream, ConnectionOptions.DEFAULT, new Listener());
        ByteBuffer data =
                ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}).position(1).limit(4);
        assertThat(connection.send(data)).isEqualTo(SendResult.ACCEPTED);
        data.put(1, (byte) 7); // it was copied
        harness.inLoop(() -> connection.send(data));
        assertThat(data.position()).isEqualTo(1);
        assertThat(data.limit()).isEqualTo(4);
        byte[] sent = stream.written();
        assertThat(sent)
                .isEqualTo(RawFrame.concat(
                        RawFrame.binary((byte) 1, (byte) 2, (byte) 3), RawFrame.binary((byte) 7, (byte) 2, (byte) 3)));
    }
}
