package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dead links are noticed, live ones left alone. */
class ServerHeartbeatTest {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofMillis(200);

    @RegisterExtension
    final TestServer server = new TestServer();

    private static ConnectionOptions beating(Duration interval, Duration timeout) {
        return ConnectionOptions.builder()
                .heartbeat(new Heartbeat(interval, timeout))
                .build();
    }

    /** The pace of a peer, which is the test's subject; no condition is hoped for. */
    private static void pass(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSilentPeerIsPingedAndTerminated() {
        server.start(new DescribingListener(server.events), beating(INTERVAL, TIMEOUT));
        RawPeer peer = server.open();
        long begin = System.nanoTime();
        RawFrame ping = peer.readFrame();
        assertThat(ping.opcode()).isEqualTo(RawFrame.PING);
        assertThat(System.nanoTime() - begin).isGreaterThan(INTERVAL.toNanos() / 2);
        peer.readToEnd();
        server.events.expect("open");
        server.events.expect("close 1006 unclean LOCAL heartbeat-timeout");
        assertThat(System.nanoTime() - begin)
                .isBetween(
                        INTERVAL.multipliedBy(3)
                                .dividedBy(4)
                                .plus(TIMEOUT)
                                .minusMillis(50)
                                .toNanos(),
                        Duration.ofSeconds(5).toNanos());
        server.awaitConnections(0);
    }

    @Test
    void aPongKeepsItAliveIsInvisibleAndMeasuresTheRoundTrip() {
        server.start(new DescribingListener(server.events), beating(INTERVAL, Duration.ofSeconds(5)));
        RawPeer peer = server.open();
        WebSocket socket = server.onlySocket();
        assertThat(socket.roundTripTime()).isEmpty();
        for (int i = 0; i < 4; i++) {
            RawFrame ping = peer.readFrame();
            assertThat(ping.opcode()).isEqualTo(RawFrame.PING);
            peer.send(TestServer.masked(RawFrame.pong(ping.payload())));
        }
        Await.until("a round trip", () -> socket.roundTripTime().isPresent());
        assertThat(socket.roundTripTime().orElseThrow()).isBetween(Duration.ZERO, Duration.ofSeconds(5));
        TestServer.closeCleanly(peer);
        server.events.expect("open");
        server.events.expect("close 1000 clean REMOTE");
    }

    @Test
    void anyBytesCountAsLife() {
        server.start(new EchoListener(), beating(Duration.ofMillis(100), Duration.ofSeconds(1)));
        RawPeer peer = server.open();
        // A message that comes in pieces, slowly; the pings in between are not answered.
        byte[] slow = TestServer.text("0123456789").bytes();
        peer.writeInPieces(slow, 1, () -> pass(Duration.ofMillis(150)));
        RawFrame frame = peer.readFrame();
        while (frame.opcode() == RawFrame.PING) {
            frame = peer.readFrame();
        }
        assertThat(frame).isEqualTo(RawFrame.text("0123456789"));
    }

    @Test
    void aTimeoutLongerThanTheIntervalDoesNotDelayPings() {
        server.start(new EchoListener(), beating(Duration.ofMillis(80), Duration.ofSeconds(30)));
        RawPeer peer = server.open();
        for (int i = 0; i < 4; i++) {
            peer.send(TestServer.masked(RawFrame.pong(peer.readFrame().payload())));
        }
    }

    @Test
    void textHeartbeatsAreAnsweredAndInvisible() {
        server.start(builder -> builder.endpoint(Endpoint.of("/*", new DescribingListener(server.events))
                .textHeartbeat(TextHeartbeat.PING_PONG)
                .onUpgrade(request -> request.path().equals("/own")
                        ? UpgradeDecision.accept().textHeartbeat(new TextHeartbeat("?", "!"))
                        : UpgradeDecision.accept())));
        RawPeer peer = server.open();
        peer.send(TestServer.text("ping"), TestServer.text("pings"), TestServer.masked(RawFrame.binary((byte) 'p')));
        peer.expectFrame(RawFrame.text("pong"));
        TestServer.closeCleanly(peer);
        server.events.expect("open");
        server.events.expect("text pings");
        server.events.expect("binary 70");
        server.events.expect("close 1000 clean REMOTE");

        RawPeer own = server.open("/own");
        own.send(TestServer.text("?"), TestServer.text("ping"));
        own.expectFrame(RawFrame.text("!"));
        TestServer.closeCleanly(own);
        server.events.expect("open");
        server.events.expect("text ping");
        server.events.expect("close 1000 clean REMOTE");
    }

    @Test
    void pausedReadingDoesNotKill() {
        server.start(
                new EchoListener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        socket.pauseReading();
                    }
                },
                beating(Duration.ofMillis(60), Duration.ofMillis(60)));
        RawPeer peer = server.open();
        WebSocket socket = server.onlySocket();
        peer.send(TestServer.text("waiting"));
        peer.expectNothing(Duration.ofMillis(500));
        assertThat(socket.readyState()).isEqualTo(ReadyState.OPEN);
        socket.resumeReading();
        peer.expectFrame(RawFrame.text("waiting"));
    }

    @Test
    void aHalfOpenLinkIsNoticed() {
        server.start(new DescribingListener(server.events), beating(INTERVAL, TIMEOUT));
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            RawPeer peer = server.keep(RawPeer.connect(proxy.port()));
            peer.handshakeAsClient("/");
            server.events.expect("open");
            RawFrame ping = peer.readFrame();
            peer.send(TestServer.masked(RawFrame.pong(ping.payload())));
            proxy.apply(Fault.blackHole());
            server.events.expect("close 1006 unclean LOCAL heartbeat-timeout");
            server.awaitConnections(0);
        }
    }

    @Test
    void aPeerThatReadsSlowlyButSteadilyIsNotKilled() {
        server.start(
                new DescribingListener(server.events) {
                    @Override
                    public void onOpen(WebSocket socket) {
                        super.onOpen(socket);
                        press(socket);
                    }

                    @Override
                    public void onDrained(WebSocket socket) {
                        press(socket);
                    }

                    private void press(WebSocket socket) {
                        while (socket.attachment() == null
                                && socket.send(ByteBuffer.allocate(10_000)).isAccepted()) {
                            // the ping will stand behind all this
                        }
                    }
                },
                ConnectionOptions.builder()
                        .heartbeat(new Heartbeat(Duration.ofMillis(400), Duration.ofSeconds(1)))
                        .maxQueuedBytes(400_000)
                        .build());
        RawPeer peer = server.keep(
                RawPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 64 * 1024));
        peer.handshakeAsClient("/");
        server.events.expect("open");
        WebSocket socket = server.onlySocket();
        long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        while (System.nanoTime() < end) {
            peer.read(30_000); // 600 kB/s: the operating system alone holds seconds of it
            pass(Duration.ofMillis(50));
        }
        server.events.assertEmpty();
        assertThat(socket.readyState()).isEqualTo(ReadyState.OPEN);
        socket.attach("enough");
        CompletableFuture<byte[]> rest = CompletableFuture.supplyAsync(peer::readToEnd);
        socket.close();
        Await.until("ended", () -> server.server().connections().isEmpty());
        rest.join();
        assertThat(server.eventsToClose()).hasSize(1);
    }
}
