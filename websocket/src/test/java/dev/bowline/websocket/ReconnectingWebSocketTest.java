package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.Compression;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.Leaks;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawListener;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Recorder;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectingWebSocketTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Backoff QUICK = new Backoff(Duration.ofMillis(20), 1, Duration.ofMillis(20));
    private static final Backoff NEVER = new Backoff(Duration.ofDays(1), 1, Duration.ofDays(1));

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    final RawListener server = RawListener.open();
    final WebSocketClient client = WebSocketClient.builder().eventLoops(1).build();
    final Listener listener = new Listener(events);

    @AfterEach
    void close() {
        server.close();
        client.close();
        Leaks.assertNoThreads("bowline-client-");
        // Closing the client adds an end here and there, but nothing else.
        assertThat(events.drain()).noneMatch(event -> event.matches("(open|text|binary|error).*"));
    }

    /** Records what happens as texts. */
    static class Listener extends RecordingListener implements ReconnectListener {
        Listener(Recorder<String> events) {
            super(events);
        }

        @Override
        public void onConnecting(ReconnectingWebSocket socket, int attempt) {
            events.record("connecting " + attempt);
        }

        @Override
        public void onConnectFailed(ReconnectingWebSocket socket, IOException cause) {
            events.record("failed");
        }

        @Override
        public void onWaiting(ReconnectingWebSocket socket, int attempt, Duration delay) {
            events.record("waiting " + attempt);
        }

        @Override
        public void onEnd(ReconnectingWebSocket socket, CloseEvent event, List<PreparedMessage> undelivered) {
            List<String> texts = undelivered.stream()
                    .map(message ->
                            StandardCharsets.UTF_8.decode(message.payload()).toString())
                    .toList();
            events.record("end " + event.code() + " " + texts);
        }
    }

    private URI uri() {
        return uri(server.port());
    }

    private static URI uri(int port) {
        return URI.create("ws://127.0.0.1:" + port + "/");
    }

    /** Half of the backoff, so that it waits, but not long. */
    private static ReconnectOptions.Builder options(Backoff backoff) {
        return ReconnectOptions.builder().backoff(backoff).random(() -> Long.MIN_VALUE);
    }

    private ReconnectingWebSocket connect(Backoff backoff) {
        return client.keepConnected(uri(), listener, options(backoff).build());
    }

    private RawPeer accept() {
        RawPeer peer = server.accept();
        peer.handshakeAsServer();
        return peer;
    }

    /** Accepts a connection, and closes it when these events have come. */
    private void acceptUntil(String... expected) {
        RawPeer peer = accept();
        expect(expected);
        peer.close();
    }

    private void expect(String... expected) {
        for (String event : expected) {
            events.expect(event);
        }
    }

    @Test
    void connectsAgainWhenTheConnectionIsLost() {
        ReconnectingWebSocket socket = connect(QUICK);
        try (RawPeer first = accept()) {
            expect("connecting 0", "open");
            Await.until("open", () -> socket.readyState() == ReadyState.OPEN);
            first.reset();
            expect("close 1006 unclean", "waiting 1", "connecting 1");
        }
        try (RawPeer second = accept()) {
            expect("open");
            second.send(RawFrame.close(1012, "restart"));
            second.readFrame();
            second.shutdownOutput();
            expect("close 1012 clean", "waiting 2", "connecting 2");
        }
        try (RawPeer third = accept()) {
            expect("open");
            third.send(RawFrame.text("hello again"));
            expect("text hello again");
            socket.close();
            assertThat(socket.readyState()).isIn(ReadyState.CLOSING, ReadyState.CLOSED);
            third.expectFrame(RawFrame.close(1000, ""));
            third.send(RawFrame.close(1000, ""));
            third.shutdownOutput();
            expect("close 1000 clean", "end 1000 []");
            assertThat(socket.readyState()).isEqualTo(ReadyState.CLOSED);
            assertThat(socket.connection()).isEmpty();
        }
    }

    @Test
    void messagesAreCompressedAsTheirSenderSaysQueuedOrNot() {
        ConnectionOptions compressed = ConnectionOptions.builder()
                .extensions(List.of(PermessageDeflate.DEFAULT))
                .build();
        ReconnectingWebSocket socket = client.keepConnected(
                uri(),
                listener,
                options(QUICK)
                        .client(ClientOptions.builder().connection(compressed).build())
                        .build());
        sendBothWays(socket);
        try (RawPeer peer = server.accept()) {
            peer.handshakeAsServer("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover");
            expectBothWays(peer);
            expect("connecting 0", "open");
            sendBothWays(socket);
            expectBothWays(peer);
        }
    }

    private static void sendBothWays(ReconnectingWebSocket socket) {
        assertThat(socket.send("short", Compression.ALWAYS)).isEqualTo(SendResult.ACCEPTED);
        assertThat(socket.send(ByteBuffer.allocate(5000), Compression.NEVER)).isEqualTo(SendResult.ACCEPTED);
    }

    private static void expectBothWays(RawPeer peer) {
        assertThat(peer.readFrame().rsv()).as("compressed").isEqualTo(4);
        RawFrame plain = peer.readFrame();
        assertThat(plain.rsv()).as("not compressed").isZero();
        assertThat(plain.payload()).hasSize(5000);
    }

    @Test
    void aConnectionThatStoodBeginsTheBackoffAnew() {
        ReconnectOptions options = options(QUICK).stableAfter(Duration.ZERO).build();
        client.keepConnected(uri(), listener, options);
        for (int i = 0; i < 3; i++) {
            acceptUntil("connecting " + Math.min(i, 1), "open");
            expect("close 1006 unclean", "waiting 1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1008, 4500})
    void stopsAtCodesThatSayGiveUp(int code) {
        ReconnectingWebSocket socket = connect(QUICK);
        try (RawPeer peer = accept()) {
            expect("connecting 0", "open");
            peer.send(RawFrame.close(code, ""));
            peer.readFrame();
            peer.shutdownOutput();
            expect("close " + code + " clean", "end " + code + " []");
            assertThat(socket.send("late")).isEqualTo(SendResult.CLOSED);
        }
    }

    @Test
    void stopsWhenRefused() {
        connect(QUICK);
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.write("HTTP/1.1 503 Service Unavailable\r\n\r\n");
            expect("connecting 0", "failed", "waiting 1", "connecting 1");
        }
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.write("HTTP/1.1 403 Forbidden\r\n\r\n");
            expect("failed", "end 1006 []");
        }
    }

    @Test
    void stopsAfterMaxAttempts() {
        server.close();
        client.keepConnected(uri(), listener, options(QUICK).maxAttempts(1).build());
        expect("connecting 0", "failed", "waiting 1", "connecting 1", "failed", "end 1006 []");
    }

    @Test
    void goesOnWhenTheServerIsKilledAndStartedAgain() throws IOException {
        WebSocketServer first = echo(0);
        int port = first.port();
        ReconnectingWebSocket socket =
                client.keepConnected(uri(port), listener, options(QUICK).build());
        expect("connecting 0", "open");
        first.close();
        expect("close 1001 clean", "waiting 1");
        assertThat(socket.send("while it is down")).isEqualTo(SendResult.ACCEPTED);
        try (WebSocketServer second = echo(port)) {
            Await.until("connected again", () -> socket.readyState() == ReadyState.OPEN);
            assertThat(second.port()).isEqualTo(port);
            events.expect("connecting 1");
            for (String event = events.take(); !event.equals("open"); event = events.take()) {
                assertThat(event).matches("failed|waiting \\d+|connecting \\d+");
            }
            expect("text while it is down");
        }
    }

    private static WebSocketServer echo(int port) throws IOException {
        return WebSocketServer.builder()
                .port(port)
                .options(ServerOptions.builder().eventLoops(1).build())
                .endpoint("/", new WebSocketListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        socket.send(text);
                    }
                })
                .start();
    }

    // ---- Sending

    @Test
    void whatIsSentInOnOpenGoesAheadOfTheQueue() {
        ReconnectingWebSocket socket = client.keepConnected(
                uri(),
                new Listener(events) {
                    @Override
                    public void onOpen(WebSocket connection) {
                        connection.send("token");
                    }
                },
                options(QUICK).build());
        assertThat(socket.send("one")).isEqualTo(SendResult.ACCEPTED);
        assertThat(socket.send(ByteBuffer.wrap(new byte[] {2}))).isEqualTo(SendResult.ACCEPTED);
        assertThat(socket.send(PreparedMessage.text("three"))).isEqualTo(SendResult.ACCEPTED);
        try (RawPeer peer = accept()) {
            peer.expectFrame(RawFrame.text("token"));
            peer.expectFrame(RawFrame.text("one"));
            peer.expectFrame(RawFrame.binary((byte) 2));
            peer.expectFrame(RawFrame.text("three"));
            Await.untilEquals("buffered", socket::bufferedAmount, 0L);
        }
    }

    @Test
    void handsBackWhatCouldNotBeSent() {
        ReconnectOptions options = options(NEVER).maxQueuedBytes(2L * (5 + 14)).build();
        server.close();
        ReconnectingWebSocket socket = client.keepConnected(uri(), listener, options);
        expect("connecting 0", "failed", "waiting 1");
        assertThat(socket.readyState()).isEqualTo(ReadyState.CONNECTING);
        assertThat(socket.send("first")).isEqualTo(SendResult.ACCEPTED);
        assertThat(socket.send("other")).isEqualTo(SendResult.ACCEPTED);
        assertThat(socket.send("third")).isEqualTo(SendResult.QUEUE_FULL);
        assertThat(socket.bufferedAmount()).isEqualTo(2L * (5 + 14));
        socket.close();
        assertThat(socket.send("late")).isEqualTo(SendResult.CLOSED);
        expect("end 1006 [first, other]");
        assertThat(socket.readyState()).isEqualTo(ReadyState.CLOSED);
        socket.close(4000, "again");
    }

    @Test
    void withoutAQueueItRefuses() {
        server.close();
        ReconnectingWebSocket socket = client.keepConnected(
                uri(), listener, options(NEVER).maxQueuedBytes(0).build());
        assertThat(socket.send("x")).isEqualTo(SendResult.QUEUE_FULL);
        expect("connecting 0", "failed", "waiting 1");
    }

    @Test
    void aLongQueueLeavesAsTheConnectionDrains() {
        ConnectionOptions narrow = ConnectionOptions.builder()
                .maxQueuedBytes(3000)
                .overflowPolicy(OverflowPolicy.TERMINATE)
                .build();
        ReconnectOptions options = options(QUICK)
                .client(ClientOptions.builder().connection(narrow).build())
                .build();
        ReconnectingWebSocket socket = client.keepConnected(uri(), listener, options);
        for (int i = 0; i < 200; i++) {
            assertThat(socket.send(i + "x".repeat(1000))).isEqualTo(SendResult.ACCEPTED);
        }
        try (RawPeer peer = accept()) {
            for (int i = 0; i < 200; i++) {
                peer.expectFrame(RawFrame.text(i + "x".repeat(1000)));
            }
            expect("connecting 0", "open");
        }
    }

    @Test
    void messagesOfAThreadKeepTheirOrderOverReconnects() throws IOException, InterruptedException {
        record Received(int connection, String text) {}
        Queue<Received> received = new ConcurrentLinkedQueue<>();
        AtomicInteger connections = new AtomicInteger();
        WebSocketListener collector = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket) {
                socket.attach(connections.incrementAndGet());
            }

            @Override
            public void onText(WebSocket socket, String text) {
                received.add(new Received((Integer) Objects.requireNonNull(socket.attachment()), text));
            }
        };
        try (WebSocketServer collecting = WebSocketServer.builder()
                        .options(ServerOptions.builder().eventLoops(1).build())
                        .endpoint("/", collector)
                        .start();
                FaultProxy proxy = FaultProxy.to("127.0.0.1", collecting.port())) {
            ConnectionOptions narrow =
                    ConnectionOptions.builder().maxQueuedBytes(4096).build();
            ReconnectOptions options = options(new Backoff(Duration.ZERO, 1, Duration.ZERO))
                    .client(ClientOptions.builder().connection(narrow).build())
                    .maxQueuedBytes(2048)
                    .build();
            ReconnectingWebSocket socket = client.keepConnected(uri(proxy.port()), new ReconnectListener() {}, options);
            AtomicBoolean done = new AtomicBoolean();
            List<Thread> senders = IntStream.range(0, 2)
                    .mapToObj(t -> new Thread(() -> sendUntil(done, socket, t), "sender-" + t))
                    .toList();
            senders.forEach(Thread::start);
            for (int cut = 0; cut < 10; cut++) {
                int before = received.size();
                Await.until("progress", () -> received.size() >= before + 100);
                proxy.closeAll();
            }
            // All of that may have come from one of them, where the other one has not been given a processor yet.
            for (int t = 0; t < 2; t++) {
                String prefix = t + " ";
                Await.until("sender " + t + " is heard", () -> received.stream()
                        .anyMatch(message -> message.text().startsWith(prefix)));
            }
            done.set(true);
            for (Thread sender : senders) {
                sender.join();
            }
        }
        // The server may still be reading from one connection when the next one is there.
        List<String> all = received.stream()
                .sorted(Comparator.comparing(Received::connection))
                .map(Received::text)
                .toList();
        for (int t = 0; t < 2; t++) {
            String prefix = t + " ";
            List<Integer> numbers = all.stream()
                    .filter(text -> text.startsWith(prefix))
                    .map(text -> Integer.valueOf(text.substring(prefix.length())))
                    .toList();
            // Those under way when the link was cut are lost; none is doubled, none overtakes.
            assertThat(numbers).isNotEmpty().isSorted().doesNotHaveDuplicates();
        }
    }

    private static void sendUntil(AtomicBoolean done, ReconnectingWebSocket socket, int thread) {
        for (int i = 0; !done.get(); i++) {
            String text = thread + " " + i;
            Await.until("room", () -> socket.send(text).isAccepted());
        }
    }

    // ---- Ending and liveness

    @Test
    void closeGivesUpAnAttempt() {
        ReconnectingWebSocket socket = connect(QUICK);
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            socket.close();
            expect("connecting 0", "end 1006 []");
            peer.readToEnd();
        }
    }

    @Test
    void closeInACallbackIsTheEnd() {
        client.keepConnected(
                uri(),
                new Listener(events) {
                    @Override
                    public void onConnecting(ReconnectingWebSocket socket, int attempt) {
                        super.onConnecting(socket, attempt);
                        if (attempt == 1) {
                            socket.close();
                        }
                    }
                },
                options(QUICK).build());
        acceptUntil("connecting 0", "open");
        expect("close 1006 unclean", "waiting 1", "connecting 1", "end 1006 []");
    }

    @Test
    void connectNowCutsTheWaitShort() {
        ReconnectingWebSocket socket = connect(NEVER);
        RawPeer peer = accept();
        expect("connecting 0", "open");
        socket.connectNow(); // nothing to cut short
        peer.close();
        expect("close 1006 unclean", "waiting 1");
        socket.connectNow();
        acceptUntil("connecting 1", "open");
        expect("close 1006 unclean", "waiting 2");
    }

    @Test
    void callbacksThatThrowEndNothing() {
        ReconnectingWebSocket socket = client.keepConnected(
                uri(),
                new Listener(events) {
                    @Override
                    public void onConnecting(ReconnectingWebSocket own, int attempt) {
                        super.onConnecting(own, attempt);
                        throw new IllegalStateException("on purpose");
                    }

                    @Override
                    public void onOpen(WebSocket connection) {
                        super.onOpen(connection);
                        throw new IllegalStateException("on purpose");
                    }
                },
                options(QUICK).build());
        socket.send("kept");
        try (RawPeer peer = accept()) {
            assertThat(peer.readFrame().closeCode()).isEqualTo(1011);
            peer.send(RawFrame.close(1011, ""));
            peer.shutdownOutput();
            expect("connecting 0", "open", "error java.lang.IllegalStateException: on purpose");
            expect("close 1011 clean", "waiting 1", "connecting 1");
        }
        socket.close();
        events.expect(event -> event.endsWith("[kept]"), "the message handed back");
    }

    @Test
    void aHalfOpenLinkIsNoticedAndReplaced() {
        ConnectionOptions quick = ConnectionOptions.builder()
                .heartbeat(new Heartbeat(SHORT, SHORT))
                .build();
        ReconnectOptions options = options(QUICK)
                .client(ClientOptions.builder().connection(quick).build())
                .build();
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            client.keepConnected(uri(proxy.port()), listener, options);
            RawPeer first = accept();
            expect("connecting 0", "open");
            proxy.links().get(0).apply(Fault.blackHole());
            expect("close 1006 unclean", "waiting 1", "connecting 1");
            try (RawPeer second = accept()) {
                expect("open");
                second.send(RawFrame.text("alive"));
                expect("text alive");
            }
            first.close();
        }
    }

    @Test
    void callbacksRunOnTheExecutorInOrder() {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            ConnectionOptions connection =
                    ConnectionOptions.builder().callbackExecutor(executor).build();
            ReconnectOptions options = options(QUICK)
                    .client(ClientOptions.builder().connection(connection).build())
                    .build();
            ReconnectingWebSocket socket = client.keepConnected(
                    uri(),
                    new Listener(events) {
                        @Override
                        public void onWaiting(ReconnectingWebSocket own, int attempt, Duration delay) {
                            assertThat(Thread.currentThread().getName()).startsWith("pool-");
                            super.onWaiting(own, attempt, delay);
                        }
                    },
                    options);
            socket.send("queued");
            for (int i = 0; i < 5; i++) {
                try (RawPeer peer = accept()) {
                    expect("connecting " + i, "open");
                    if (i == 0) {
                        peer.expectFrame(RawFrame.text("queued"));
                    }
                }
                expect("close 1006 unclean", "waiting " + (i + 1));
            }
            socket.close();
            events.expect(event -> event.startsWith("connecting") || event.startsWith("end 1006"), "the end");
            Await.until("the end", () -> socket.readyState() == ReadyState.CLOSED);
            Await.until(
                    "the last event", () -> events.size() == 0 || events.drain().contains("end 1006 []"));
        } finally {
            client.close();
            executor.shutdown();
        }
    }

    @Test
    void closingTheClientEndsIt() {
        ReconnectingWebSocket waiting = connect(NEVER);
        try (RawPeer peer = server.accept()) {
            peer.readHead();
        }
        expect("connecting 0", "failed", "waiting 1");
        waiting.send("kept");
        client.close();
        expect("end 1006 [kept]");
        assertThatThrownBy(() -> connect(QUICK)).isInstanceOf(IllegalStateException.class);
    }
}
