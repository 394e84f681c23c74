package dev.bowline.websocket.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The message of a broadcast, which leaves past the queue where nothing stands in its way. */
class SendAloneTest {
    private static final PreparedMessage ONE = PreparedMessage.text("one");
    private static final PreparedMessage TWO = PreparedMessage.text("two");
    private static final int FRAME_BYTES = 5;

    @RegisterExtension
    final ConnectionHarness harness = new ConnectionHarness();

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    private final FakeStream stream = new FakeStream();

    private Connection open(ConnectionOptions options) {
        return harness.open(stream, options, new WebSocketListener() {
            @Override
            public void onDrained(WebSocket socket) {
                events.record("drained");
            }

            @Override
            public void onClose(WebSocket socket, CloseEvent event) {
                events.record("close " + event.code());
            }
        });
    }

    private static byte[] frames(String... texts) {
        RawFrame[] frames = new RawFrame[texts.length];
        for (int i = 0; i < texts.length; i++) {
            frames[i] = RawFrame.text(texts[i]);
        }
        return RawFrame.concat(frames);
    }

    private void room(long bytes) {
        harness.inLoop(() -> {
            stream.room(bytes);
            stream.handler().onWritable();
            return true;
        });
    }

    @Test
    void leavesAtOnce() {
        Connection connection = open(ConnectionOptions.DEFAULT);
        assertThat(harness.inLoop(() -> {
                    SendResult result = connection.sendAlone(ONE);
                    assertThat(stream.written()).isEqualTo(frames("one"));
                    return result;
                }))
                .isEqualTo(SendResult.ACCEPTED);
        assertThat(stream.writes()).isEqualTo(1);
        assertThat(connection.bufferedAmount()).isZero();
    }

    @Test
    void whatTheSystemDoesNotTakeIsQueuedAtEachByte() {
        for (int taken = 0; taken < FRAME_BYTES; taken++) {
            FakeStream each = new FakeStream();
            Connection connection = harness.open(each, ConnectionOptions.DEFAULT, new WebSocketListener() {});
            each.room(taken);
            harness.inLoop(() -> connection.sendAlone(ONE));
            assertThat(each.written()).hasSize(taken);
            assertThat(connection.bufferedAmount()).isEqualTo(FRAME_BYTES - taken);
            assertThat(each.writeInterest()).isTrue();
            // What follows waits behind it.
            harness.inLoop(() -> connection.sendAlone(TWO));
            harness.inLoop(() -> connection.send(ByteBuffer.allocate(1)));
            harness.inLoop(() -> {
                each.room(Long.MAX_VALUE);
                each.handler().onWritable();
                return true;
            });
            assertThat(each.written())
                    .isEqualTo(
                            RawFrame.concat(RawFrame.text("one"), RawFrame.text("two"), RawFrame.binary(new byte[1])));
            assertThat(each.writeInterest()).isFalse();
            harness.inLoop(() -> {
                connection.terminate();
                return true;
            });
        }
    }

    @Test
    void doesNotOvertakeWhatIsToBeFlushed() {
        Connection connection = open(ConnectionOptions.DEFAULT);
        harness.inLoop(() -> {
            connection.send("before");
            return connection.sendAlone(ONE);
        });
        assertThat(stream.written()).isEqualTo(frames("before", "one"));
    }

    @Test
    void countsAgainstTheQueue() {
        Connection connection =
                open(ConnectionOptions.builder().maxQueuedBytes(100).build());
        assertThat(harness.inLoop(() -> connection.sendAlone(PreparedMessage.text("x".repeat(87)))))
                .isEqualTo(SendResult.QUEUE_FULL);
        assertThat(stream.written()).isEmpty();
        room(0);
        harness.inLoop(() -> connection.sendAlone(PreparedMessage.text("x".repeat(60))));
        assertThat(harness.inLoop(() -> connection.sendAlone(PreparedMessage.text("x".repeat(60)))))
                .isEqualTo(SendResult.QUEUE_FULL);
        room(Long.MAX_VALUE);
        assertThat(events.take()).isEqualTo("drained");
        assertThat(harness.inLoop(() -> connection.sendAlone(ONE))).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void aStreamThatBreaksClosesTheConnection() {
        Connection connection = open(ConnectionOptions.DEFAULT);
        stream.breakOff();
        harness.inLoop(() -> connection.sendAlone(ONE));
        assertThat(events.take()).isEqualTo("close 1006");
        assertThat(harness.inLoop(() -> connection.sendAlone(ONE))).isEqualTo(SendResult.CLOSED);
    }

    @Test
    void aFaultCostsThisConnectionAlone() {
        Connection connection = open(ConnectionOptions.DEFAULT);
        stream.fail(new IllegalStateException("fault of the test"));
        assertThat(harness.inLoop(() -> connection.sendAlone(ONE))).isEqualTo(SendResult.CLOSED);
        assertThat(events.take()).isEqualTo("close 1006");
    }

    @Test
    void nothingLeavesAfterAClose() {
        Connection connection = open(ConnectionOptions.DEFAULT);
        harness.inLoop(() -> {
            connection.close(1000, "");
            return true;
        });
        int writes = stream.writes();
        assertThat(harness.inLoop(() -> connection.sendAlone(ONE))).isEqualTo(SendResult.CLOSED);
        assertThat(stream.writes()).isEqualTo(writes);
        harness.inLoop(() -> {
            connection.terminate();
            return true;
        });
        assertThat(events.take()).isEqualTo("close 1006");
    }
}
