package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that do not read, and applications that do not. */
class ServerBackPressureTest {
    private static final int MESSAGE = 10_000;
    private static final long CAP = 100_000;

    @RegisterExtension
    final TestServer server = newServer();

    TestServer newServer() {
        return new TestServer();
    }

    private RawPeer openUnread(WebSocketListener listener, OverflowPolicy policy) {
        server.start(
                listener,
                ConnectionOptions.builder()
                        .maxQueuedBytes(CAP)
                        .overflowPolicy(policy)
                        .heartbeat(Heartbeat.OFF)
                        .build());
        RawPeer peer = server.keep(
                RawPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 4096));
        peer.handshakeAsClient("/");
        return peer;
    }

    /** Sends until the queue is full for good; returns how many messages were accepted. */
    private int fill(WebSocket socket) throws Exception {
        int accepted = 0;
        while (socket.bufferedAmount() < CAP / 2) {
            accepted += sendUntilRefused(socket);
            // Twice, so that the loop has handed over what the operating system takes.
            for (int i = 0; i < 2; i++) {
                server.server()
                        .broadcast(PreparedMessage.text("to nobody"), one -> false)
                        .toCompletableFuture()
                        .get();
            }
        }
        return accepted;
    }

    @Test
    void aFullQueueRefusesAndDrainedTellsWhenToGoOn() throws Exception {
        RawPeer peer = openUnread(new DescribingListener(server.events), OverflowPolicy.REFUSE_MESSAGE);
        server.events.expect("open");
        WebSocket socket = server.onlySocket();
        int accepted = fill(socket);
        server.events.drain(); // it may have drained while the operating system's buffers filled
        assertThat(socket.bufferedAmount()).isBetween(CAP / 2, CAP);
        assertThat(socket.readyState()).isEqualTo(ReadyState.OPEN);
        for (int i = 0; i < accepted; i++) {
            assertThat(peer.readFrame().payload()).hasSize(MESSAGE);
        }
        server.events.expect("drained");
        Await.untilEquals("all handed over", socket::bufferedAmount, 0L);
        assertThat(socket.send("goes on")).isEqualTo(SendResult.ACCEPTED);
        peer.expectFrame(RawFrame.text("goes on"));
        TestServer.closeCleanly(peer);
        server.events.expect("close 1000 clean REMOTE");
    }

    @Test
    void aFullQueueClosesWith1013BehindWhatIsQueued() {
        RawPeer peer = openUnread(new DescribingListener(server.events), OverflowPolicy.CLOSE);
        server.events.expect("open");
        WebSocket socket = server.onlySocket();
        int accepted = sendUntilRefused(socket);
        assertThat(socket.send("late")).isEqualTo(SendResult.CLOSED);
        for (int i = 0; i < accepted; i++) {
            assertThat(peer.readFrame().payload()).hasSize(MESSAGE);
        }
        peer.expectFrame(RawFrame.close(1013, "outgoing queue is full"));
        peer.send(TestServer.masked(RawFrame.close(1013, "")));
        peer.expectEofAndEnd();
        server.awaitConnections(0);
        assertThat(server.eventsToClose()).contains("close 1013 clean LOCAL");
    }

    @Test
    void aFullQueueTerminates() {
        openUnread(new DescribingListener(server.events), OverflowPolicy.TERMINATE);
        server.events.expect("open");
        WebSocket socket = server.onlySocket();
        sendUntilRefused(socket);
        server.awaitConnections(0);
        assertThat(socket.bufferedAmount()).isZero();
        assertThat(server.eventsToClose()).contains("close 1006 unclean LOCAL");
    }

    private static int sendUntilRefused(WebSocket socket) {
        int accepted = 0;
        while (socket.send(ByteBuffer.allocate(MESSAGE)).isAccepted()) {
            accepted++;
        }
        return accepted;
    }

    @Test
    void pausedReadingReachesThePeerAndNothingIsLost() throws Exception {
        AtomicInteger received = new AtomicInteger();
        server.start(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket) {
                socket.pauseReading();
            }

            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                assertThat(data.getInt()).isEqualTo(received.getAndIncrement());
            }
        });
        RawPeer peer = server.open();
        WebSocket socket = server.onlySocket();
        AtomicInteger sent = new AtomicInteger();
        int messages = 600; // 60 MB: more than all the buffers between
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            peer.deadline(Duration.ofSeconds(60));
            for (int i = 0; i < messages; i++) {
                peer.send(TestServer.masked(
                        RawFrame.binary(ByteBuffer.allocate(100_000).putInt(i).array())));
                sent.incrementAndGet();
            }
        });
        Await.until("the peer is held up", () -> stands(sent));
        assertThat(sent.get()).isLessThan(messages);
        assertThat(received.get()).isZero();
        socket.resumeReading();
        sending.get();
        Await.untilEquals("received", received::get, messages);
        TestServer.closeCleanly(peer);
    }

    private static boolean stands(AtomicInteger counter) {
        int before = counter.get();
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return before > 0 && counter.get() == before;
    }

    @Test
    void anExecutorThatLagsHoldsThePeerUpAndKeepsTheOrder() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            Semaphore allowed = new Semaphore(0);
            StringBuilder order = new StringBuilder();
            CompletableFuture<String> closed = new CompletableFuture<>();
            AtomicInteger inside = new AtomicInteger();
            server.start(
                    new WebSocketListener() {
                        @Override
                        public void onBinary(WebSocket socket, ByteBuffer data) {
                            assertThat(inside.incrementAndGet()).isEqualTo(1);
                            allowed.acquireUninterruptibly();
                            order.append(data.get(0)).append(' ');
                            inside.decrementAndGet();
                        }

                        @Override
                        public void onClose(WebSocket socket, CloseEvent event) {
                            closed.complete(order + DescribingListener.describe(event));
                        }
                    },
                    ConnectionOptions.builder().callbackExecutor(executor).build());
            RawPeer peer = server.open();
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                byte[] data = new byte[20_000];
                data[0] = (byte) i;
                peer.send(TestServer.masked(RawFrame.binary(data)));
                expected.append(i).append(' ');
            }
            peer.send(TestServer.masked(RawFrame.close(1000, "")));
            peer.expectNothing(Duration.ofMillis(50)); // the Close stands behind what waits
            allowed.release(40);
            peer.expectFrame(RawFrame.close(1000, ""));
            peer.expectEofAndEnd();
            assertThat(closed.get()).isEqualTo(expected + "close 1000 clean REMOTE");
        } finally {
            server.server().stop(Duration.ZERO);
            executor.shutdownNow();
        }
    }

    /** On virtual threads where the JDK has them, on common ones where it does not. */
    private static ExecutorService executorForBlocking() throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                ? (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null)
                : Executors.newCachedThreadPool();
    }

    @Test
    void callbacksMayBlockOnAnExecutor() throws Exception {
        ExecutorService executor = executorForBlocking();
        try {
            Semaphore allowed = new Semaphore(0);
            server.start(
                    new WebSocketListener() {
                        @Override
                        public void onText(WebSocket socket, String text) {
                            allowed.acquireUninterruptibly();
                            socket.send(text);
                        }
                    },
                    ServerOptions.builder()
                            .eventLoops(1)
                            .connection(ConnectionOptions.builder()
                                    .callbackExecutor(executor)
                                    .build())
                            .build());
            RawPeer[] peers = new RawPeer[20];
            for (int i = 0; i < peers.length; i++) {
                peers[i] = server.open();
                peers[i].send(TestServer.text("a" + i), TestServer.text("b" + i));
            }
            allowed.release(2 * peers.length);
            for (int i = 0; i < peers.length; i++) {
                peers[i].expectFrame(RawFrame.text("a" + i));
                peers[i].expectFrame(RawFrame.text("b" + i));
            }
        } finally {
            server.server().stop(Duration.ZERO);
            executor.shutdownNow();
        }
    }
}
