package dev.bowline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.bench.LoadOptions.Mode;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.Await;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loads on real servers, of which some lie. */
class LoadRunTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final List<WebSocketServer> servers = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    private final Progress progress = new Progress() {
        @Override
        public void connecting(int open, int wanted) {}

        @Override
        public void connected(int connections, Duration took) {
            told.add("connected " + connections);
        }

        @Override
        public void measuring() {
            told.add("measuring");
        }

        @Override
        public void progress(Duration passed, Duration of, long messages, long errors) {}

        @Override
        public void measured() {
            told.add("measured");
        }
    };

    @AfterEach
    void stop() {
        servers.forEach(WebSocketServer::close);
    }

    private URI serve(WebSocketListener listener) throws IOException {
        WebSocketServer server = WebSocketServer.builder()
                .port(0)
                .options(ServerOptions.builder()
                        .connection(ConnectionOptions.builder()
                                .extensions(List.of(PermessageDeflate.DEFAULT))
                                .build())
                        .build())
                .endpoint("/", listener)
                .start();
        servers.add(server);
        return URI.create("ws://127.0.0.1:" + server.port() + "/");
    }

    private static LoadOptions options(URI url, Mode mode, int connections, Content content, int inFlight, long rate) {
        return new LoadOptions(
                List.of(url),
                mode,
                connections,
                content,
                inFlight,
                rate,
                SHORT,
                Duration.ofMillis(300),
                1,
                OptionalLong.of(ProcessHandle.current().pid()),
                true,
                ClientOptions.builder()
                        .connection(ConnectionOptions.builder()
                                .extensions(List.of(PermessageDeflate.DEFAULT))
                                .build())
                        .build());
    }

    private Report run(LoadOptions options) throws IOException, InterruptedException {
        return new LoadRun(options, progress).run();
    }

    /** Sends back what it gets, after a greeting. */
    private static class Echo implements WebSocketListener {
        @Override
        public void onOpen(WebSocket socket) {
            socket.send("welcome");
        }

        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            socket.send(data);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false, 1", "20, true, 3", "20000, false, 2", "300, true, 16"})
    void echoes(int size, boolean text, int inFlight) throws IOException, InterruptedException {
        Report report = run(options(serve(new Echo()), Mode.ECHO, 5, Content.random(size, text), inFlight, 0));
        assertThat(report.errors()).isEmpty();
        assertThat(report.opened()).isEqualTo(5);
        assertThat(report.messages()).isPositive().isEqualTo(report.latencies().getTotalCount());
        assertThat(report.bytesPerSecond()).isPositive();
        assertThat(report.serverCpuSeconds()).isPresent();
        assertThat(told).containsExactly("connected 5", "measuring", "measured");
    }

    @Test
    void jsonIsCompressed() throws IOException, InterruptedException {
        Content json = Content.json(1000, true);
        assertThat(json.text(0)).startsWith("[{\"id\":").hasSize(1000);
        assertThat(json.text(0)).isNotEqualTo(json.text(1));
        Report report = run(options(serve(new Echo()), Mode.ECHO, 2, json, 1, 0));
        assertThat(report.errors()).isEmpty();
        assertThat(report.messages()).isPositive();
    }

    @Test
    void broadcastsReachAll() throws IOException, InterruptedException {
        WebSocketServer[] server = new WebSocketServer[1];
        URI url = serve(new WebSocketListener() {
            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                server[0].broadcast(PreparedMessage.binary(data));
            }
        });
        server[0] = servers.get(0);
        Report report = run(options(url, Mode.BROADCAST, 7, Content.random(100, false), 3, 0));
        assertThat(report.errors()).isEmpty();
        assertThat(report.messages()).isPositive();
    }

    @Test
    void connectionsComeAndGo() throws IOException, InterruptedException {
        AtomicLong opened = new AtomicLong();
        URI url = serve(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket) {
                opened.incrementAndGet();
            }
        });
        Report report = run(options(url, Mode.HANDSHAKE, 3, Content.random(1, false), 1, 0));
        assertThat(report.errors()).isEmpty();
        assertThat(report.messages()).isPositive().isLessThanOrEqualTo(opened.get());
    }

    @Test
    void idleConnectionsAreHeld() throws IOException, InterruptedException {
        Report report = run(options(serve(new Echo()), Mode.IDLE, 20, Content.random(1, false), 1, 0));
        assertThat(report.errors()).isEmpty();
        assertThat(report.opened()).isEqualTo(20);
        assertThat(report.messages()).isZero();
    }

    @Test
    void aRateIsKept() throws IOException, InterruptedException {
        AtomicLong received = new AtomicLong();
        URI url = serve(new Echo() {
            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                received.incrementAndGet();
                super.onBinary(socket, data);
            }
        });
        long begin = System.nanoTime();
        Report report = run(options(url, Mode.ECHO, 4, Content.random(20, false), 2, 100));
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertThat(report.errors()).isEmpty();
        assertThat(report.messages()).isPositive();
        assertThat((double) received.get()).isLessThanOrEqualTo(100 * seconds + 1);
    }

    @Test
    void anAlteredAnswerIsFoundOut() throws IOException, InterruptedException {
        URI url = serve(new WebSocketListener() {
            private int count;

            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                if (++count == 10) {
                    data.put(data.limit() - 1, (byte) ~data.get(data.limit() - 1));
                }
                socket.send(data);
            }
        });
        Report report = run(options(url, Mode.ECHO, 1, Content.random(50, false), 1, 0));
        assertThat(report.errors()).containsEntry("wrong content", 1L);
    }

    @Test
    void aDoubledAnswerIsFoundOut() throws IOException, InterruptedException {
        URI url = serve(new WebSocketListener() {
            private int count;

            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                socket.send(data);
                if (++count == 10) {
                    socket.send(data);
                }
            }
        });
        Report report = run(options(url, Mode.ECHO, 1, Content.random(50, false), 1, 0));
        assertThat(report.errors()).containsEntry("wrong content", 1L);
    }

    @Test
    void aServerThatClosesIsAnError() throws IOException, InterruptedException {
        URI url = serve(new WebSocketListener() {
            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                socket.close(4001, "enough");
            }
        });
        // Paced, so that nothing is sent before both are open: the first error of a run that still connects ends it.
        Report report = run(options(url, Mode.ECHO, 2, Content.random(50, false), 1, 100));
        assertThat(report.errors()).containsEntry("closed with 4001 enough", 2L);
    }

    /** Runs where nothing is waited for longer than a moment. */
    private Report runImpatiently(LoadOptions options) throws IOException, InterruptedException {
        return new LoadRun(options, progress, Duration.ofMillis(300)).run();
    }

    @Test
    void aServerThatNeverAnswersIsAnErrorForEachMessage() throws IOException, InterruptedException {
        URI url = serve(new WebSocketListener() {});
        Report report = runImpatiently(options(url, Mode.ECHO, 2, Content.random(50, false), 3, 0));
        assertThat(report.messages()).isZero();
        assertThat(report.errors()).isEqualTo(Map.of("no answer", 6L));
    }

    @Test
    void aConnectionThatIsStuckIsNoticedThoughOthersGoOn() throws IOException, InterruptedException {
        AtomicReference<WebSocket> stuck = new AtomicReference<>();
        URI url = serve(new Echo() {
            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                stuck.compareAndSet(null, socket);
                if (socket != stuck.get()) {
                    super.onBinary(socket, data);
                }
            }
        });
        Report report = runImpatiently(options(url, Mode.ECHO, 3, Content.random(50, false), 1, 0));
        assertThat(report.messages()).isPositive();
        assertThat(report.errors()).isEqualTo(Map.of("no answer", 1L));
    }

    @Test
    void whoMissesABroadcastIsNoticed() throws IOException, InterruptedException {
        Set<WebSocket> all = ConcurrentHashMap.newKeySet();
        AtomicReference<WebSocket> left = new AtomicReference<>();
        URI url = serve(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket) {
                if (!left.compareAndSet(null, socket)) {
                    all.add(socket);
                }
            }

            @Override
            public void onBinary(WebSocket socket, ByteBuffer data) {
                PreparedMessage message = PreparedMessage.binary(data);
                all.forEach(one -> one.send(message));
            }
        });
        Report report = runImpatiently(options(url, Mode.BROADCAST, 4, Content.random(50, false), 3, 0));
        assertThat(report.errors()).isEqualTo(Map.of("no answer", 3L));
    }

    @Test
    void aHandshakeThatIsNotAnsweredIsAnError() throws IOException, InterruptedException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("ws://127.0.0.1:" + mute.getLocalPort() + "/");
            Report report = runImpatiently(options(url, Mode.HANDSHAKE, 2, Content.random(1, false), 1, 0));
            assertThat(report.messages()).isZero();
            assertThat(report.errors()).isEqualTo(Map.of("no answer", 2L));
        }
    }

    @Test
    void aRunThatIsCancelledDoesNotWaitForHandshakes() throws IOException, InterruptedException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            mute.setSoTimeout((int) Await.DEFAULT.toMillis());
            URI url = URI.create("ws://127.0.0.1:" + mute.getLocalPort() + "/");
            LoadRun run = new LoadRun(options(url, Mode.ECHO, 2, Content.random(1, false), 1, 0), progress);
            CompletableFuture<Void> canceller = CompletableFuture.runAsync(() -> {
                try (Socket underWay = mute.accept()) {
                    assertThat(underWay.getInputStream().read()).isEqualTo('G'); // of the request, never answered
                    run.cancel();
                    underWay.getInputStream()
                            .transferTo(OutputStream.nullOutputStream()); // held until the client ends it
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Report report = run.run();
            assertThat(report.errors()).isEmpty(); // the time limit of the handshakes would be one
            assertThat(told).isEmpty();
            canceller.orTimeout(Await.DEFAULT.toMillis(), TimeUnit.MILLISECONDS).join();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessThatEndsCostsItsTimeButNotTheReport() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            URI url = serve(new Echo() {
                @Override
                public void onBinary(WebSocket socket, ByteBuffer data) {
                    process.destroyForcibly().onExit().join();
                    super.onBinary(socket, data);
                }
            });
            LoadOptions own = options(url, Mode.ECHO, 1, Content.random(50, false), 1, 0);
            Report report = run(withProcess(own, process.pid()));
            assertThat(report.errors())
                    .isEqualTo(Map.of("no processor time: process " + process.pid() + " has ended", 1L));
            assertThat(report.messages()).isPositive();
            assertThat(report.serverCpuSeconds()).isEmpty();
            assertThat(report.serverCpuMicrosPerMessage()).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    private static LoadOptions withProcess(LoadOptions options, long pid) {
        return new LoadOptions(
                options.urls(),
                options.mode(),
                options.connections(),
                options.content(),
                options.inFlight(),
                options.rate(),
                options.warmUp(),
                options.duration(),
                options.threads(),
                OptionalLong.of(pid),
                options.compressed(),
                options.client());
    }

    @Test
    void whatCannotBeReachedIsAnError() throws IOException, InterruptedException {
        URI url = serve(new Echo());
        servers.get(0).close();
        Report refused = run(options(url, Mode.ECHO, 3, Content.random(50, false), 1, 0));
        assertThat(refused.errors().keySet()).allMatch(kind -> kind.contains("Connection refused"));
        assertThat(refused.messages()).isZero();
        Report notFound =
                run(options(serve(new Echo()).resolve("/missing"), Mode.ECHO, 1, Content.random(5, false), 1, 0));
        assertThat(notFound.errors()).hasSize(1);
        assertThat(notFound.errors().keySet().iterator().next()).contains("404");
    }

    @Test
    void aRunThatIsCancelledStillReports() throws IOException, InterruptedException {
        LoadOptions options = options(serve(new Echo()), Mode.ECHO, 2, Content.random(50, false), 1, 0);
        LoadOptions endless = new LoadOptions(
                options.urls(),
                options.mode(),
                options.connections(),
                options.content(),
                options.inFlight(),
                options.rate(),
                Duration.ZERO,
                Duration.ofHours(1),
                options.threads(),
                options.pid(),
                options.compressed(),
                options.client());
        LoadRun run = new LoadRun(endless, progress);
        Thread canceller = new Thread(run::cancel);
        canceller.start();
        Report report = run.run();
        canceller.join();
        assertThat(report.errors()).isEmpty();
    }

    @Test
    void contentIsOfTheSizeThatWasAsked() {
        for (int size : new int[] {1, 2, 125, 126, 70_000}) {
            for (boolean text : new boolean[] {true, false}) {
                Content content = Content.random(size, text);
                assertThat(content.bytes(5).remaining()).isEqualTo(size);
                assertThat(content.matches(content.bytes(5).duplicate(), 5)).isTrue();
                if (text) {
                    assertThat(StandardCharsets.US_ASCII.encode(content.text(3)))
                            .isEqualTo(content.bytes(3));
                }
            }
        }
    }
}
