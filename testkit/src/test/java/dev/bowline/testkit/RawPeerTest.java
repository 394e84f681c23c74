package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RawPeerTest {
    /** A thread each: on two processors the common pool has one, and these tasks block. */
    private static final Executor THREADS = task -> new Thread(task).start();

    private static final Duration SHORT = Duration.ofMillis(50);

    private final RawListener listener = RawListener.open();
    private final RawPeer client =
            RawPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()), 8 * 1024);
    private final RawPeer server = listener.accept();

    @AfterEach
    void close() {
        client.close();
        server.close();
        listener.close();
    }

    @Test
    void shakesHandsInBothRoles() {
        CompletableFuture<String> response = CompletableFuture.supplyAsync(
                () -> client.handshakeAsClient("/chat", "Sec-WebSocket-Protocol: a"), THREADS);
        String request = server.handshakeAsServer("Sec-WebSocket-Protocol: a");
        assertThat(request).startsWith("GET /chat HTTP/1.1\r\nHost: localhost:" + listener.port());
        assertThat(response.join()).contains("\r\nSec-WebSocket-Protocol: a\r\n");
    }

    @Test
    void bytesBehindTheHeadAreKept() {
        client.write(RawHandshake.request("h", "/"));
        server.write(RawHandshake.response(RawHandshake.KEY));
        server.send(RawFrame.text("a"), RawFrame.close(1000, ""));
        client.readHead();
        client.expectFrame(RawFrame.text("a"));
        assertThat(client.readFrame(SHORT).closeCode()).isEqualTo(1000);
        client.expectNothing(SHORT);
    }

    @Test
    void bigFramesArriveWholeHoweverCut() {
        RawFrame big = RawFrame.binary(Seeded.of(1).bytes(1 << 20)).withMask(99);
        CompletableFuture<RawFrame> read = CompletableFuture.supplyAsync(server::readFrame, THREADS);
        client.send(big);
        assertThat(read.join()).isEqualTo(big);
        client.writeOneByteAtATime(RawFrame.ping((byte) 1).bytes());
        server.expectFrame(RawFrame.ping((byte) 1));
        AtomicInteger pauses = new AtomicInteger();
        client.writeInPieces(new byte[10], 4, pauses::incrementAndGet);
        assertThat(server.read(10)).hasSize(10);
        assertThat(pauses).hasValue(2);
    }

    @Test
    void tellsFinFromRst() {
        client.shutdownOutput();
        server.expectEof();
        server.write((byte) 7);
        assertThat(client.read(1)).containsExactly(7);
        server.reset();
        client.expectReset(Duration.ofSeconds(5));
        assertThat(client.tryWrite((byte) 1)).isFalse();
        assertThatThrownBy(() -> client.write((byte) 1)).hasMessageContaining("cannot write 1 bytes");
    }

    @Test
    void readToEndTakesEitherEnd() {
        client.write("abc");
        client.close();
        assertThat(server.readToEnd()).containsExactly('a', 'b', 'c');
    }

    @Test
    void failuresShowWhatCameInstead() {
        server.deadline(SHORT);
        client.write("GET /");
        assertThatThrownBy(server::readHead)
                .isInstanceOf(AssertionError.class)
                .hasMessage("expected a head, but it did not come within 50ms; received 5 bytes: 474554202f \"GET /\"");
        assertThatThrownBy(server::expectEof).hasMessageStartingWith("expected FIN, but came 5 bytes: 47");
        assertThatThrownBy(() -> server.expectNothing(SHORT)).hasMessageStartingWith("expected nothing, but came 5");
        client.shutdownOutput();
        assertThatThrownBy(() -> server.read(9)).hasMessageStartingWith("expected 9 bytes, but came FIN after 5 bytes");
        server.read(5);
        assertThatThrownBy(() -> server.expectReset(SHORT)).hasMessage("expected RST, but came FIN");
        server.send(RawFrame.text("x"));
        assertThatThrownBy(() -> client.expectFrame(RawFrame.text("y")))
                .hasMessageStartingWith("expected [text fin 1 \"y\"], but came [text fin 1 \"x\"]");
    }

    @Test
    void aWriteToAPeerThatDoesNotReadIsBounded() {
        server.deadline(SHORT);
        byte[] tooMuch = new byte[64 << 20];
        assertThatThrownBy(() -> server.write(tooMuch)).hasMessageStartingWith("the peer does not read: ");
    }

    @Test
    void nobodyThere() {
        assertThatThrownBy(() -> listener.accept(SHORT)).hasMessage("nobody connected within 50ms");
        int port = listener.port();
        listener.close();
        assertThatThrownBy(() -> RawPeer.connect(port)).hasMessageContaining("cannot connect");
        assertThat(client.localAddress().getAddress().isLoopbackAddress()).isTrue();
    }
}
