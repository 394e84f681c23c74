package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a server counts, by what peers really do to it. */
class ServerStatisticsTest {
    @RegisterExtension
    final TestServer server = new TestServer();

    @RegisterExtension
    final TestServer secure = TestServer.overTls();

    private ServerStatistics statistics() {
        return server.server().statistics();
    }

    /** Those that were counted at all. */
    private static Map<String, Long> counted(Map<String, Long> counts) {
        Map<String, Long> found = new TreeMap<>(counts);
        found.values().removeIf(count -> count == 0);
        return found;
    }

    /** A peer may read what is counted a moment later. */
    private void awaitSent(ServerStatistics.Traffic expected) {
        Await.untilEquals("sent", () -> statistics().sent(), expected);
    }

    private void awaitHandshakes(String outcome, long count) {
        Await.untilEquals(
                "handshakes that were " + outcome,
                () -> statistics().handshakes().get(outcome),
                count);
    }

    @Test
    void aServerThatNobodyHasCalledHasDoneNothing() {
        server.start(new EchoListener(), ServerOptions.builder().eventLoops(3).build());
        ServerStatistics nothing = statistics();
        assertThat(nothing.connections()).isZero();
        assertThat(nothing.opened()).isZero();
        assertThat(nothing.accepted()).isZero();
        assertThat(counted(nothing.handshakes())).isEmpty();
        assertThat(counted(nothing.closes())).isEmpty();
        assertThat(nothing.received()).isEqualTo(new ServerStatistics.Traffic(0, 0));
        assertThat(nothing.sent()).isEqualTo(new ServerStatistics.Traffic(0, 0));
        assertThat(nothing.loops())
                .extracting(ServerStatistics.Loop::name)
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    @Test
    void connectionsAreCountedAsTheyOpenAndByTheCodeWithWhichTheyClose() {
        server.start(new EchoListener(), ServerOptions.builder().eventLoops(2).build());
        RawPeer clean = server.open();
        RawPeer own = server.open();
        RawPeer cut = server.open();
        server.open();
        server.awaitConnections(4);
        assertThat(statistics().connections()).isEqualTo(4);
        assertThat(statistics().loops())
                .extracting(ServerStatistics.Loop::connections)
                .containsExactly(2, 2);
        TestServer.closeCleanly(clean);
        own.send(TestServer.masked(RawFrame.close(4711, "mine")));
        own.readToEnd();
        cut.reset();
        server.awaitConnections(1);
        ServerStatistics after = statistics();
        assertThat(after.connections()).isEqualTo(1);
        assertThat(after.opened()).isEqualTo(4);
        assertThat(after.accepted()).isEqualTo(4);
        assertThat(counted(after.closes())).isEqualTo(Map.of("1000", 1L, "1006", 1L, "4500-4999", 1L));
        assertThat(counted(after.handshakes())).isEqualTo(Map.of("accepted", 4L));
    }

    @Test
    void handshakesAreCountedByTheirOutcome() {
        server.start(builder -> builder.options(ServerOptions.builder()
                        .handshakeTimeout(Duration.ofMillis(200))
                        .build())
                .endpoint(Endpoint.of("/", new EchoListener())
                        .onUpgrade(request -> request.query().equals("no")
                                ? UpgradeDecision.refuse(418, "A teapot.")
                                : UpgradeDecision.accept())));
        server.open();
        refused(RawHandshake.request("localhost", "/?no"));
        refused(RawHandshake.request("localhost", "/nowhere"));
        refused(RawHandshake.request("localhost", "/").replace("Version: 13", "Version: 7"));
        refused("GET  / HTTP/1.1\r\n\r\n");
        server.connect().close();
        awaitHandshakes("gone", 1);
        server.connect().readToEnd();
        awaitHandshakes("silent", 1);
        assertThat(counted(statistics().handshakes()))
                .isEqualTo(
                        Map.of("accepted", 1L, "404", 1L, "426", 1L, "400", 1L, "other", 1L, "gone", 1L, "silent", 1L));
    }

    private void refused(String head) {
        RawPeer peer = server.connect();
        peer.write(head);
        peer.readToEnd();
    }

    @Test
    void aRequestThatAsksForNoWebSocketIsNoHandshake() {
        server.start(builder -> builder.endpoint("/", new EchoListener())
                .resource("/page", StaticResource.of("text/plain", new byte[] {'a'})));
        RawPeer peer = server.connect();
        peer.write("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(200);
        peer.close();
        refused("GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        server.open(); // what the others left is seen by now, or will never be: they are on the loops that take turns
        Await.untilEquals("accepted", () -> statistics().accepted(), 3L);
        assertThat(counted(statistics().handshakes())).isEqualTo(Map.of("accepted", 1L));
    }

    @Test
    void insideOfTlsTheSameIsCountedAndWhoDoesNotSpeakItToo() {
        secure.start(new EchoListener());
        RawPeer peer = secure.open();
        TestServer.echo(peer, "hello");
        RawPeer plain = secure.keep(RawPeer.connect(secure.server().port()));
        plain.write(RawHandshake.request("localhost", "/"));
        plain.readToEnd();
        Await.untilEquals(
                "the two",
                () -> counted(secure.server().statistics().handshakes()),
                new TreeMap<>(Map.of("accepted", 1L, "tls", 1L)));
        Await.untilEquals(
                "sent",
                () -> secure.server().statistics().sent(),
                new ServerStatistics.Traffic(1, RawFrame.text("hello").bytes().length));
        assertThat(secure.server().statistics().received())
                .isEqualTo(
                        new ServerStatistics.Traffic(1, TestServer.text("hello").bytes().length));
    }

    @Test
    void whoFindsNoRoomIsCounted() {
        server.start(
                new EchoListener(), ServerOptions.builder().maxConnections(1).build());
        server.open();
        refused(RawHandshake.request("localhost", "/"));
        assertThat(counted(statistics().handshakes())).isEqualTo(Map.of("accepted", 1L, "503", 1L));
    }

    @Test
    void trafficIsCountedInMessagesAndInBytesOfFrames() {
        server.start(builder ->
                builder.endpoint(Endpoint.of("/*", new EchoListener()).textHeartbeat(TextHeartbeat.PING_PONG)));
        RawPeer peer = server.open();
        RawFrame text = TestServer.text("hello");
        RawFrame binary = TestServer.masked(RawFrame.binary(new byte[100_000])); // sent from where it lies
        RawFrame ping = TestServer.masked(RawFrame.ping(new byte[] {1}));
        RawFrame beat = TestServer.text("ping");
        peer.send(text, binary, ping, beat);
        peer.expectFrame(RawFrame.text("hello"));
        peer.expectFrame(RawFrame.binary(new byte[100_000]));
        peer.expectFrame(RawFrame.pong(new byte[] {1}));
        peer.expectFrame(RawFrame.text("pong"));
        assertThat(statistics().received())
                .isEqualTo(new ServerStatistics.Traffic(
                        2,
                        text.bytes().length
                                + binary.bytes().length
                                + ping.bytes().length
                                + (long) beat.bytes().length));
        awaitSent(new ServerStatistics.Traffic(
                2,
                RawFrame.text("hello").bytes().length
                        + RawFrame.binary(new byte[100_000]).bytes().length
                        + RawFrame.pong(new byte[] {1}).bytes().length
                        + (long) RawFrame.text("pong").bytes().length));
    }

    @Test
    void whatComesRightBehindTheHandshakeCountsToo() {
        server.start(new EchoListener());
        RawPeer peer = server.connect();
        byte[] frame = TestServer.text("early").bytes();
        byte[] head = RawHandshake.request("localhost", "/").getBytes(StandardCharsets.ISO_8859_1);
        peer.write(ByteBuffer.allocate(head.length + frame.length)
                .put(head)
                .put(frame)
                .array());
        peer.readHead();
        peer.expectFrame(RawFrame.text("early"));
        assertThat(statistics().received()).isEqualTo(new ServerStatistics.Traffic(1, frame.length));
        awaitSent(new ServerStatistics.Traffic(1, RawFrame.text("early").bytes().length));
    }

    @Test
    void broadcastsAndMessagesOfOtherThreadsCount() throws Exception {
        server.start(new EchoListener(), ServerOptions.builder().eventLoops(2).build());
        RawPeer one = server.open();
        RawPeer two = server.open();
        server.awaitConnections(2);
        server.server()
                .broadcast(PreparedMessage.text("all"))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        server.server().connections().forEach(socket -> socket.send("each"));
        for (RawPeer peer : new RawPeer[] {one, two}) {
            peer.expectFrame(RawFrame.text("all"));
            peer.expectFrame(RawFrame.text("each"));
        }
        awaitSent(new ServerStatistics.Traffic(
                4,
                2L * RawFrame.text("all").bytes().length
                        + 2L * RawFrame.text("each").bytes().length));
    }

    @Test
    void whatWaitsForASlowReaderIsQueuedAndWhatFindsNoRoomIsRefused() {
        server.start(
                new EchoListener(),
                ConnectionOptions.builder()
                        .maxQueuedBytes(200_000)
                        .heartbeat(Heartbeat.OFF)
                        .build());
        RawPeer peer = server.keep(
                RawPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 4096));
        peer.handshakeAsClient("/");
        WebSocket socket = server.onlySocket();
        AtomicLong refused = new AtomicLong();
        Supplier<Long> queued = () -> statistics().queuedBytes();
        Await.until("the operating system takes no more", () -> {
            while (socket.send(ByteBuffer.allocate(10_000)).isAccepted()) {
                // until it finds no room
            }
            refused.incrementAndGet();
            turns(2); // so that it has handed over what the operating system takes
            return queued.get() > 100_000;
        });
        Await.until("what was accepted has come to the loop", () -> queued.get() == socket.bufferedAmount());
        assertThat(queued.get()).isBetween(1L, 200_000L);
        assertThat(statistics().refusedSends()).isEqualTo(refused.get());
        socket.terminate();
        server.awaitConnections(0);
        assertThat(queued.get()).isZero();
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            server.server()
                    .broadcast(PreparedMessage.text("to nobody"), one -> false)
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void roundTripsOfTheHeartbeatAreCounted() {
        server.start(
                new EchoListener(),
                ConnectionOptions.builder()
                        .heartbeat(new Heartbeat(Duration.ofMillis(50), Duration.ofSeconds(10)))
                        .build());
        RawPeer peer = server.open();
        for (int i = 0; i < 3; i++) {
            peer.send(TestServer.masked(RawFrame.pong(peer.readFrame().payload())));
        }
        Await.untilEquals("round trips", () -> statistics().roundTrips().count(), 3L);
        Histogram trips = statistics().roundTrips();
        assertThat(trips.sumNanos()).isPositive();
        assertThat(trips.maxNanos()).isBetween(1L, trips.sumNanos());
    }

    @Test
    void aLoopThatIsBlockedIsSeenWithoutItsHelp() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        server.start(
                new EchoListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        blocked.countDown();
                        try {
                            free.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                },
                ServerOptions.builder()
                        .eventLoops(1)
                        .connection(ConnectionOptions.builder()
                                .heartbeat(new Heartbeat(Duration.ofMillis(40), Duration.ofSeconds(10)))
                                .build())
                        .build());
        RawPeer peer = server.open();
        peer.send(TestServer.text("block"));
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
        Duration aWhile = Duration.ofMillis(60);
        Await.until("the turn lasts", () -> loop().turnNanos() > aWhile.toNanos());
        assertThat(statistics().connections()).isEqualTo(1);
        assertThat(statistics().received().messages()).isEqualTo(1);
        free.countDown();
        Await.until("the turn is over, and counted", () -> loop().turns().maxNanos() > aWhile.toNanos());
        Await.until(
                "the ping that was due meanwhile was late", () -> loop().lag().maxNanos() > 0);
        assertThat(loop().turns().sumNanos()).isGreaterThan(aWhile.toNanos());
    }

    private ServerStatistics.Loop loop() {
        return statistics().loops().get(0);
    }
}
