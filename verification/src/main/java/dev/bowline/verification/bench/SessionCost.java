package dev.bowline.verification.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.verification.bench.compare.Machine;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * {@code scripts/bench sessions}: what sessions cost beside plain WebSockets, on a server with one event loop: processor time of the server's
 * threads for each delivery of a topic against each of a broadcast, for each request against each echo; and the heap of an idle session
 * against that of an idle connection. Rounds are interleaved; medians, with the least and the most. Fills in {@code docs/sessions.md}.
 *
 * <p>Server and clients are one process, so time is counted by thread: that of the garbage collector is nobody's. Each part has a server of
 * its own, as sessions outlive their connections.
 */
public final class SessionCost {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final int ROUNDS = 9;
    private static final int SUBSCRIBERS = 1_000;
    private static final int MESSAGES = 300; // to all subscribers, in a round
    private static final int MESSAGE_BYTES = 100;
    private static final int ASKERS = 100;
    private static final int QUESTIONS = 100_000; // in a round
    private static final int MOST_IDLE = 3_000; // of each kind; both ends of each are files of this process

    /** Files that are needed beside those of idle connections. */
    private static final int OTHER_FILES = 500;

    private final WebSocketServer server;
    private final Hub hub;
    private final WebSocketClient clients =
            WebSocketClient.builder().eventLoops(1).build();
    private final AtomicLong received = new AtomicLong();
    private final StringBuilder table;

    private SessionCost(StringBuilder table) throws IOException {
        this.table = table;
        hub = Hub.builder()
                .options(HubOptions.builder()
                        .heartbeat(Duration.ofMinutes(10), Duration.ofMinutes(1))
                        .build())
                .topic(TopicPolicy.of("all").retain(100, 1 << 20, Duration.ofMinutes(1)))
                .build();
        hub.onRequest("echo", request -> CompletableFuture.completedFuture(request.payload()));
        server = WebSocketServer.builder()
                .options(ServerOptions.builder().eventLoops(1).build())
                .endpoint(hub.serve(Endpoint.of("/", new WebSocketListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        socket.send(text);
                    }
                })))
                .start();
    }

    private interface Part {
        void measure(SessionCost on) throws InterruptedException;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        for (String line : Machine.describe(Path.of(System.getProperty("java.home"), "bin", "java"))) {
            text.append("- ").append(line).append('\n');
        }
        text.append("- Medians of ").append(ROUNDS).append(" rounds, with the least and the most\n\n");
        StringBuilder table = new StringBuilder("| | plain | session | ratio |\n|---|---|---|---|\n");
        for (Part part :
                List.<Part>of(SessionCost::compareDeliveries, SessionCost::compareRequests, SessionCost::measureIdle)) {
            SessionCost cost = new SessionCost(table);
            part.measure(cost);
            cost.close();
        }
        text.append(table);
        System.out.print(text);
        Path page = Path.of(System.getProperty("bench.root", "."), "docs", "sessions.md");
        MeasuredPart.of(page, "cost").fill(text.toString());
    }

    private void close() {
        clients.close();
        hub.close();
        server.close();
    }

    // ---- What is measured ----

    private void compareDeliveries() throws InterruptedException {
        String text = "x".repeat(MESSAGE_BYTES);
        List<WebSocket> plain = openAll(SUBSCRIBERS, false, new Counting());
        List<WebSocket> sessions = openAll(SUBSCRIBERS, true, new Counting());
        received.set(0);
        sessions.forEach(socket -> socket.send("sub 1 all"));
        awaitReceived(2L * SUBSCRIBERS); // the result, and the position
        List<Double> broadcasts = new ArrayList<>();
        List<Double> topics = new ArrayList<>();
        for (int round = -2; round < ROUNDS; round++) {
            double broadcast = perUnit((long) MESSAGES * SUBSCRIBERS, () -> {
                for (int i = 0; i < MESSAGES; i++) {
                    received.set(0);
                    server.broadcast(PreparedMessage.text(text), socket -> socket.protocol()
                            .isEmpty());
                    awaitReceived(SUBSCRIBERS);
                }
            });
            double topic = perUnit((long) MESSAGES * SUBSCRIBERS, () -> {
                for (int i = 0; i < MESSAGES; i++) {
                    received.set(0);
                    hub.topic("all").publish(text);
                    awaitReceived(SUBSCRIBERS);
                }
            });
            if (round >= 0) { // before that it warms up
                broadcasts.add(broadcast);
                topics.add(topic);
            }
        }
        row("delivery to one of " + SUBSCRIBERS + " subscribers, " + MESSAGE_BYTES + " B, µs", broadcasts, topics);
        plain.forEach(WebSocket::terminate);
        sessions.forEach(WebSocket::terminate);
        awaitClosed();
    }

    private void compareRequests() throws InterruptedException {
        String text = "x".repeat(MESSAGE_BYTES);
        List<WebSocket> plain = openAll(ASKERS, false, new Echoing(false));
        List<WebSocket> sessions = openAll(ASKERS, true, new Echoing(true));
        List<Double> echoes = new ArrayList<>();
        List<Double> requests = new ArrayList<>();
        for (int round = -2; round < ROUNDS; round++) {
            double echo = perUnit(QUESTIONS, () -> ask(plain, text));
            double request = perUnit(QUESTIONS, () -> ask(sessions, text));
            if (round >= 0) {
                echoes.add(echo);
                requests.add(request);
            }
        }
        row("request of " + MESSAGE_BYTES + " B and its answer, µs", echoes, requests);
        plain.forEach(WebSocket::terminate);
        sessions.forEach(WebSocket::terminate);
        awaitClosed();
    }

    /** All in one process: so both ends of a connection are counted, and of a session none but the server's, as these clients keep nothing. */
    private void measureIdle() throws InterruptedException {
        long files = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
        int idle = (int) Math.min(MOST_IDLE, (files - OTHER_FILES) / 4);
        openAll(1, true, new Counting()); // what all share
        long none = heap();
        openAll(idle, false, new Counting());
        long plain = heap();
        List<WebSocket> sessions = openAll(idle, true, new Counting());
        long open = heap();
        received.set(0);
        sessions.forEach(socket -> socket.send("sub 1 all"));
        awaitReceived(2L * idle); // the result, and the position
        sessions.forEach(socket -> socket.send("ack 1"));
        long subscribed = heap();
        server.connections().forEach(WebSocket::terminate);
        awaitClosed();
        long away = heap();
        double connection = (double) (plain - none) / idle;
        bytes("idle connection, both ends", String.format(Locale.ROOT, "%,.0f", connection), (open - plain), idle);
        bytes("session on it", "–", Math.round(open - plain - connection * idle), idle);
        bytes("its subscription to a topic", "–", subscribed - open, idle);
        bytes("session and subscription, while the client is away", "–", away - none, idle);
    }

    private void bytes(String what, String plain, long bytes, int count) {
        table.append(String.format(
                Locale.ROOT, "| %s, bytes of heap | %s | %,.0f | |%n", what, plain, (double) bytes / count));
    }

    // ---- How ----

    /** Opens connections; those of sessions are greeted. */
    private List<WebSocket> openAll(int count, boolean session, WebSocketListener listener)
            throws InterruptedException {
        ClientOptions options =
                session ? ClientOptions.builder().subprotocols(Hub.SUBPROTOCOL).build() : ClientOptions.DEFAULT;
        URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/");
        Semaphore atATime = new Semaphore(100);
        List<CompletableFuture<WebSocket>> opening = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            atATime.acquire();
            CompletableFuture<WebSocket> one =
                    clients.connect(uri, listener, options).toCompletableFuture();
            opening.add(one.whenComplete((socket, failed) -> atATime.release()));
        }
        List<WebSocket> sockets = opening.stream().map(CompletableFuture::join).collect(Collectors.toList());
        if (session) {
            received.set(0);
            sockets.forEach(socket -> socket.send("hello"));
            awaitReceived(count);
        }
        return sockets;
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    /** The processor time of the server's threads for each unit of the work, in microseconds. */
    private static double perUnit(long units, Work work) throws InterruptedException {
        long before = serverNanos();
        work.run();
        return (serverNanos() - before) / 1_000.0 / units;
    }

    private static long serverNanos() {
        long nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null
                    && (thread.getThreadName().startsWith("bowline-server")
                            || thread.getThreadName().startsWith("bowline-hub"))) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }

    /** One question in flight on each connection, until all are answered. */
    private void ask(List<WebSocket> sockets, String text) throws InterruptedException {
        received.set(0);
        for (WebSocket socket : sockets) {
            if (socket.attachment() instanceof Asker asker) {
                asker.begin(socket, QUESTIONS / sockets.size(), text);
            }
        }
        awaitReceived(QUESTIONS);
    }

    private void awaitReceived(long count) throws InterruptedException {
        synchronized (received) {
            while (received.get() < count) {
                received.wait(1_000);
            }
        }
    }

    private void count() {
        long now = received.incrementAndGet();
        if (now % ASKERS == 0) { // all that is awaited is a multiple of it
            synchronized (received) {
                received.notifyAll();
            }
        }
    }

    private void awaitClosed() throws InterruptedException {
        while (!server.connections().isEmpty()) {
            Thread.sleep(20);
        }
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(200);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void row(String what, List<Double> plain, List<Double> sessions) {
        double[] ratios = new double[plain.size()];
        for (int i = 0; i < ratios.length; i++) { // of one round: what else the machine did meets both
            ratios[i] = sessions.get(i) / plain.get(i);
        }
        table.append(
                "| " + what + " | " + show(plain.stream().mapToDouble(x -> x).toArray()) + " | "
                        + show(sessions.stream().mapToDouble(x -> x).toArray()) + " | " + show(ratios) + " |\n");
    }

    private static String show(double[] values) {
        Arrays.sort(values);
        return String.format(
                Locale.ROOT, "%.2f [%.2f–%.2f]", values[values.length / 2], values[0], values[values.length - 1]);
    }

    private final class Counting implements WebSocketListener {
        @Override
        public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
            count();
        }
    }

    /** Asks the next question when it is answered. */
    private static final class Asker {
        private final boolean session;
        private long seq;
        private int left;
        private String text = "";

        Asker(boolean session) {
            this.session = session;
        }

        void begin(WebSocket socket, int questions, String what) {
            left = questions;
            text = what;
            next(socket);
        }

        void next(WebSocket socket) {
            if (left-- > 0) {
                seq++;
                socket.send(session ? "req " + seq + " echo\n" + text : text);
                if (session && seq % 32 == 0) {
                    socket.send("ack " + (seq - 1)); // as clients do
                }
            }
        }
    }

    private final class Echoing implements WebSocketListener {
        private final boolean session;

        Echoing(boolean session) {
            this.session = session;
        }

        @Override
        public void onOpen(WebSocket socket) {
            socket.attach(new Asker(session));
        }

        @Override
        public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
            if (socket.attachment() instanceof Asker asker) {
                asker.next(socket);
            }
            count();
        }
    }
}
