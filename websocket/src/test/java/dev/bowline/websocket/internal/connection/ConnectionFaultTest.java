package dev.bowline.websocket.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.BufferSource;
import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What goes wrong below a connection, and is nobody's doing, costs that connection: it is dropped, its listener is told, and
 * the loop goes on. Here memory for chunks runs out.
 */
class ConnectionFaultTest {
    @RegisterExtension
    final ConnectionHarness harness = new ConnectionHarness();

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    private final FakeStream stream = new FakeStream();
    private final FakeStream neighbour = new FakeStream();
    private final CapturedLog log = CapturedLog.of(Connection.class);
    private int chunksLeft; // touched by the loop alone

    /** As if direct memory ran out after some chunks, of 1 KiB here. */
    private final BufferSource scarce = new BufferSource() {
        @Override
        public ByteBuffer acquire() {
            if (chunksLeft == 0) {
                throw new OutOfMemoryError("on purpose");
            }
            chunksLeft--;
            return ByteBuffer.allocate(1024);
        }

        @Override
        public void release(ByteBuffer buffer) {}
    };

    private class Listener implements WebSocketListener {
        @Override
        public void onText(WebSocket socket, String text) {
            events.record(String.valueOf(socket.send(text)));
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            events.record("error " + error.getMessage());
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            events.record("close " + event.code() + " " + event.closedBy() + " " + event.reason());
        }
    }

    @BeforeEach
    void openNeighbour() {
        harness.open(neighbour, ConnectionOptions.DEFAULT, new WebSocketListener() {
            @Override
            public void onText(WebSocket socket, String text) {
                socket.send(text);
            }
        });
    }

    @AfterEach
    void theNeighbourHasNoticedNothing() {
        harness.receive(neighbour, RawFrame.text("still here"));
        assertThat(neighbour.written()).isEqualTo(RawFrame.text("still here").bytes());
        log.close();
        assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("Given up") && line.contains("on purpose"));
    }

    private Connection open(WebSocketListener listener, int chunks) {
        chunksLeft = chunks;
        return harness.open(stream, ConnectionOptions.DEFAULT, listener, scarce);
    }

    private void expectGivenUp() {
        events.expect("close 1006 LOCAL internal error: java.lang.OutOfMemoryError: on purpose");
        assertThat(stream.isClosed()).isTrue();
        assertThat(harness.open).hasValue(1);
    }

    @Test
    void aMessageThatDoesNotFitIsNotAcceptedAndNotSentByHalf() {
        open(new Listener(), 1);
        harness.receive(stream, RawFrame.text("a".repeat(3000)));
        events.expect("CLOSED");
        expectGivenUp();
        assertThat(stream.written()).isEmpty();
    }

    @Test
    void aMessageOfAnotherThreadToo() {
        Connection connection = open(new Listener(), 1);
        CompletableFuture.runAsync(() -> {
                    connection.send("a".repeat(3000));
                    connection.send("b");
                })
                .join();
        harness.turn();
        expectGivenUp();
        assertThat(connection.bufferedAmount()).isZero();
    }

    @Test
    void aPongThatDoesNotFit() {
        open(new Listener(), 0);
        harness.receive(stream, RawFrame.ping((byte) 1), RawFrame.text("unheard"));
        expectGivenUp();
    }

    @Test
    void aCloseFrameThatDoesNotFit() {
        Connection connection = open(new Listener(), 0);
        connection.close(1000, "");
        harness.turn();
        expectGivenUp();
        assertThat(connection.readyState()).isEqualTo(ReadyState.CLOSED);
    }

    @Test
    void aListenerThatThrowsWhereThereIsNoRoomForTheCloseFrame() {
        open(
                new Listener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        throw new IllegalStateException(text);
                    }
                },
                0);
        harness.receive(stream, RawFrame.text("thrown"));
        events.expect("error thrown");
        expectGivenUp();
    }

    @Test
    void aListenerThatThrowsInOnOpen() {
        open(
                new Listener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        throw new IllegalStateException("thrown");
                    }
                },
                0);
        events.expect("error thrown");
        expectGivenUp();
    }

    @Test
    void aHeartbeatThatDoesNotFit() {
        Heartbeat often = new Heartbeat(Duration.ofMillis(20), Duration.ofSeconds(10));
        ConnectionOptions options = ConnectionOptions.builder().heartbeat(often).build();
        harness.open(stream, options, new Listener(), scarce);
        expectGivenUp();
    }

    @Test
    void aWriteThatFails() {
        open(new Listener(), 1);
        stream.fail(new IllegalStateException("on purpose"));
        harness.receive(stream, RawFrame.text("a"));
        events.expect("ACCEPTED");
        events.expect("close 1006 LOCAL internal error: java.lang.IllegalStateException: on purpose");
        assertThat(stream.isClosed()).isTrue();
    }
}
