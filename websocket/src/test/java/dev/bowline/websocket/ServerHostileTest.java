package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Seeded;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hostile peers on the one loop that also serves a friendly one: it is never disturbed. */
class ServerHostileTest {
    @RegisterExtension
    final TestServer server = new TestServer();

    private RawPeer friend; // on the same loop

    @BeforeEach
    void start() {
        server.start(builder -> builder.endpoint(
                        Endpoint.of("/*", new EchoListener()).textHeartbeat(TextHeartbeat.PING_PONG))
                .options(ServerOptions.builder()
                        .eventLoops(1)
                        .handshakeTimeout(Duration.ofMillis(400))
                        .connection(ConnectionOptions.builder()
                                .closeTimeout(Duration.ofMillis(200))
                                .heartbeat(new Heartbeat(Duration.ofMillis(300), Duration.ofSeconds(2)))
                                .build())
                        .build()));
        friend = server.open("/friend");
    }

    /** The friend's connection lives: its echo comes back, whatever pings it had to answer before. */
    private void undisturbed() {
        friend.send(TestServer.text("friend"));
        RawFrame frame = friend.readFrame();
        while (frame.opcode() == RawFrame.PING) {
            friend.send(TestServer.masked(RawFrame.pong(frame.payload())));
            frame = friend.readFrame();
        }
        assertThat(frame).isEqualTo(RawFrame.text("friend"));
    }

    /** Keeps the friend busy until the condition holds. */
    private void undisturbedUntil(String what, java.util.function.BooleanSupplier condition) {
        Await.until(what, () -> {
            undisturbed();
            return condition.getAsBoolean();
        });
    }

    @Test
    void garbageInPlaceOfAHead() {
        Seeded.run(50, random -> {
            RawPeer peer = server.connect();
            peer.tryWrite(random.bytes(random.intBetween(1, 3000)));
            peer.shutdownOutput();
            peer.readToEnd();
            peer.close();
            undisturbed();
        });
    }

    @Test
    void garbageInPlaceOfFrames() {
        Seeded.run(50, random -> {
            RawPeer peer = server.open();
            peer.tryWrite(random.bytes(random.intBetween(1, 3000)));
            peer.shutdownOutput();
            peer.readToEnd();
            peer.close();
            undisturbed();
        });
        server.awaitConnections(1);
    }

    @Test
    void aHeadWithoutEndAndAFrameWithoutEnd() {
        RawPeer slow = server.connect();
        slow.write("GET / HTTP/1.1\r\nX: ");
        RawPeer half = server.open();
        half.write(TestServer.masked(RawFrame.binary(new byte[100]))
                .withDeclaredLength(1000)
                .bytes());
        CompletableFuture<byte[]> slowEnd = CompletableFuture.supplyAsync(slow::readToEnd);
        CompletableFuture<byte[]> halfEnd = CompletableFuture.supplyAsync(half::readToEnd);
        undisturbedUntil("both are gone", () -> slowEnd.isDone() && halfEnd.isDone());
        assertThat(new String(slowEnd.join(), StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 408 ");
        server.awaitConnections(1);
    }

    @Test
    void aHundredThousandPingsAndNotOneByteRead() {
        flood(TestServer.masked(RawFrame.ping(new byte[100])), 100_000);
    }

    @Test
    void aHundredThousandTextHeartbeatsAndNotOneByteRead() {
        flood(TestServer.text("ping"), 100_000);
    }

    private void flood(RawFrame frame, int count) {
        RawPeer peer = server.open("/flood");
        WebSocket socket = server.server().connections().stream()
                .filter(one -> one.request().path().equals("/flood"))
                .findFirst()
                .orElseThrow();
        byte[] once = frame.bytes();
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            batch.writeBytes(once);
        }
        long most = 0;
        for (int i = 0; i < count / 1000; i++) {
            peer.tryWrite(batch.toByteArray());
            most = Math.max(most, socket.bufferedAmount());
            undisturbed();
        }
        assertThat(most).isLessThan(70_000); // one turn's answers at most
    }

    @Test
    void aWholeSessionInSingleBytes() {
        RawPeer peer = server.connect();
        peer.writeOneByteAtATime(RawHandshake.request("localhost", "/").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
        peer.writeOneByteAtATime(TestServer.text("Hello, 世界").bytes());
        RawFrame frame = peer.readFrame();
        while (frame.opcode() == RawFrame.PING) {
            frame = peer.readFrame();
        }
        assertThat(frame).isEqualTo(RawFrame.text("Hello, 世界"));
        peer.writeOneByteAtATime(TestServer.masked(RawFrame.close(1000, "")).bytes());
        undisturbed();
        server.awaitConnections(1);
    }

    @Test
    void aFloodOfConnectionsThatSayNothingOrLeaveAtOnce() {
        List<RawPeer> silent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            RawPeer peer = server.connect();
            if (i % 3 == 0) {
                peer.reset();
            } else if (i % 3 == 1) {
                peer.close();
            } else {
                silent.add(peer);
            }
            if (i % 10 == 0) {
                undisturbed();
            }
        }
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> silent.forEach(RawPeer::readToEnd));
        undisturbedUntil("the silent are gone", gone::isDone);
        assertThat(gone).isCompleted();
        TestServer.closeCleanly(server.open());
    }
}
