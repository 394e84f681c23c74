package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Seeded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sending, from any thread and to many. */
class ServerSendTest {
    @RegisterExtension
    final TestServer server = newServer();

    TestServer newServer() {
        return new TestServer();
    }

    @Test
    void messagesOfManyThreadsKeepTheirOrderAndNothingIsLostOrTorn() {
        server.start(
                new EchoListener(),
                ConnectionOptions.builder().maxQueuedBytes(64L << 20).build());
        Seeded.run(3, random -> {
            RawPeer peer = server.open();
            WebSocket socket = server.onlySocket();
            int threads = 4;
            int each = 500;
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Seeded own = Seeded.of(random.nextLong());
                int sender = t;
                senders.add(new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        assertThat(send(socket, sender, i, own)).isEqualTo(SendResult.ACCEPTED);
                    }
                }));
            }
            senders.forEach(Thread::start);
            Map<Integer, Integer> next = new HashMap<>();
            for (int i = 0; i < threads * each; i++) {
                checkMessage(peer.readFrame(), next);
            }
            for (Thread sender : senders) {
                sender.join();
            }
            Await.untilEquals("all handed over", socket::bufferedAmount, 0L);
            TestServer.echo(peer, "nothing behind");
            TestServer.closeCleanly(peer);
            server.awaitConnections(0);
        });
    }

    /** Sends sender, number and as many bytes, of the number's value, as the random says; in one of three ways. */
    private static SendResult send(WebSocket socket, int sender, int number, Seeded random) {
        ByteBuffer message = ByteBuffer.allocate(8 + random.intBetween(0, random.chance(5) ? 70_000 : 300));
        message.putInt(sender).putInt(number);
        while (message.hasRemaining()) {
            message.put((byte) number);
        }
        message.flip();
        return random.chance(30) ? socket.send(PreparedMessage.binary(message)) : socket.send(message);
    }

    private static void checkMessage(RawFrame frame, Map<Integer, Integer> next) {
        assertThat(frame.opcode()).isEqualTo(RawFrame.BINARY);
        ByteBuffer message = ByteBuffer.wrap(frame.payload());
        int sender = message.getInt();
        int number = message.getInt();
        assertThat(number).as("number of sender " + sender).isEqualTo(next.getOrDefault(sender, 0));
        next.put(sender, number + 1);
        while (message.hasRemaining()) {
            if (message.get() != (byte) number) {
                throw new AssertionError("torn: " + frame);
            }
        }
    }

    @Test
    void everySizeComesBackAsItWas() {
        server.start(new EchoListener());
        RawPeer peer = server.open();
        for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
            byte[] data = Seeded.of(size).bytes(size);
            peer.send(TestServer.masked(RawFrame.binary(data)));
            peer.expectFrame(RawFrame.binary(data));
        }
        TestServer.echo(peer, "");
        TestServer.echo(peer, "naïve 漢字 🧗");
    }

    @Test
    void aFragmentedMessageIsOneMessage() {
        server.start(new DescribingListener(server.events));
        RawPeer peer = server.open();
        peer.send(
                TestServer.masked(RawFrame.text("a").withFin(false)),
                TestServer.masked(RawFrame.ping((byte) 7)),
                TestServer.masked(RawFrame.continuation((byte) 'b').withFin(false)),
                TestServer.masked(RawFrame.continuation((byte) 'c')));
        peer.expectFrame(RawFrame.pong((byte) 7));
        server.events.expect("open");
        server.events.expect("ping 07");
        server.events.expect("text abc");
        TestServer.closeCleanly(peer);
        server.events.expect("close 1000 clean REMOTE");
    }

    @Test
    void pingsCarryTheirPayloadAndPongsComeBack() {
        server.start(new DescribingListener(server.events));
        RawPeer peer = server.open();
        WebSocket socket = server.onlySocket();
        byte[] longest = new byte[125];
        assertThat(socket.ping(ByteBuffer.wrap(longest))).isEqualTo(SendResult.ACCEPTED);
        peer.expectFrame(RawFrame.ping(longest));
        assertThatThrownBy(() -> socket.ping(ByteBuffer.allocate(126)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("126 bytes");
        peer.send(TestServer.masked(RawFrame.pong((byte) 1, (byte) 2)));
        server.events.expect("open");
        server.events.expect("pong 0102");
        assertThatThrownBy(() -> socket.close(1005 + 1, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> socket.close(1000, "x".repeat(124))).isInstanceOf(IllegalArgumentException.class);
        assertThat(socket.readyState()).isEqualTo(ReadyState.OPEN);
        TestServer.closeCleanly(peer);
        server.events.expect("close 1000 clean REMOTE");
    }

    private static BroadcastResult get(java.util.concurrent.CompletionStage<BroadcastResult> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aBroadcastReachesThoseWhoPassTheFilterOnEveryLoop() throws Exception {
        server.start(new EchoListener(), ServerOptions.builder().eventLoops(3).build());
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            peers.add(server.open(i < 4 ? "/chosen" : "/other"));
        }
        PreparedMessage large = PreparedMessage.text("x".repeat(10_000));
        assertThat(get(server.server().broadcast(PreparedMessage.text("all")))).isEqualTo(new BroadcastResult(9, 0));
        assertThat(get(server.server()
                        .broadcast(large, socket -> socket.request().path().equals("/chosen"))))
                .isEqualTo(new BroadcastResult(4, 0));
        for (int i = 0; i < 9; i++) {
            peers.get(i).expectFrame(RawFrame.text("all"));
            if (i < 4) {
                peers.get(i).expectFrame(RawFrame.text("x".repeat(10_000)));
            }
            TestServer.echo(peers.get(i), "end");
        }
    }

    @Test
    void aFilterMayCloseConnectionsAndNobodyGetsTheMessageTwice() throws Exception {
        server.start(new EchoListener(), ServerOptions.builder().eventLoops(1).build());
        Map<String, RawPeer> peers = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            peers.put("/" + i, server.open("/" + i));
        }
        List<String> asked = new ArrayList<>();
        BroadcastResult result = get(server.server().broadcast(PreparedMessage.text("all"), socket -> {
            String path = socket.request().path();
            asked.add(path);
            if (asked.size() == 3) { // terminates all but itself
                server.server().connections().stream()
                        .filter(other -> other != socket)
                        .forEach(WebSocket::terminate);
            }
            if (asked.size() == 1) {
                socket.close();
            }
            return true;
        }));
        assertThat(asked).hasSize(3).doesNotHaveDuplicates();
        assertThat(result).isEqualTo(new BroadcastResult(2, 1));
        RawPeer survivor = java.util.Objects.requireNonNull(peers.get(asked.get(2)));
        survivor.expectFrame(RawFrame.text("all"));
        TestServer.echo(survivor, "once");
        server.awaitConnections(1);
    }

    @Test
    void aFilterThatThrowsFailsTheBroadcastAndAStoppedServerReachesNobody() throws Exception {
        server.start(new EchoListener());
        RawPeer peer = server.open();
        assertThatThrownBy(() -> get(server.server().broadcast(PreparedMessage.text("all"), socket -> {
                    throw new AssertionError("on purpose");
                })))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("on purpose");
        TestServer.echo(peer, "unharmed");
        server.server().stop(java.time.Duration.ZERO);
        assertThat(get(server.server().broadcast(PreparedMessage.text("late")))).isEqualTo(new BroadcastResult(0, 0));
    }

    @Test
    void theConnectionsOfAUserAreFoundUntilTheyEnd() {
        server.start(builder -> builder.endpoint(Endpoint.of("/", new EchoListener())
                .onUpgrade(request -> UpgradeDecision.accept().user(request.query()))));
        RawPeer phone = server.open("/?ada");
        RawPeer desk = server.open("/?ada");
        server.open("/?bob");
        assertThat(server.server().connections()).hasSize(3);
        assertThat(server.server().user("ada")).hasSize(2);
        server.server().user("ada").forEach(socket -> socket.send("hi"));
        phone.expectFrame(RawFrame.text("hi"));
        desk.expectFrame(RawFrame.text("hi"));
        phone.reset();
        Await.untilEquals("one device left", () -> server.server().user("ada").size(), 1);
        TestServer.closeCleanly(desk);
        Await.until("none left", () -> server.server().user("ada").isEmpty());
        assertThatThrownBy(() -> server.server().connections().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatOneThreadBroadcastsAndSendsKeepsItsOrder() {
        CountDownLatch resting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WebSocketServer started = server.start(
                new EchoListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        resting.countDown();
                        await(goOn);
                    }
                },
                ServerOptions.builder().eventLoops(1).build());
        RawPeer peer = server.open();
        WebSocket socket = server.onlySocket();
        peer.send(TestServer.text("rest"));
        await(resting);
        // The loop finds all of this together.
        socket.send("one");
        started.broadcast(PreparedMessage.text("two"));
        socket.send("three");
        started.broadcast(PreparedMessage.text("four"));
        goOn.countDown();
        for (String text : List.of("one", "two", "three", "four")) {
            peer.expectFrame(RawFrame.text(text));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
