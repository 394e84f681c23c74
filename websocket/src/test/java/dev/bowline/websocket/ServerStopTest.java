package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.ExtensionParameters;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.Leaks;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServerStopTest {
    @RegisterExtension
    final TestServer server = new TestServer();

    private final AtomicInteger closed = new AtomicInteger();

    private final WebSocketListener listener = new EchoListener() {
        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            closed.incrementAndGet();
            server.events.record(DescribingListener.describe(event));
        }
    };

    private CompletableFuture<Long> stop(Duration grace) {
        return CompletableFuture.supplyAsync(() -> {
            long begin = System.nanoTime();
            try {
                server.server().stop(grace);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return Duration.ofNanos(System.nanoTime() - begin).toMillis();
        });
    }

    @Test
    void acceptsNoMoreAndKeepsWhatIsOpen() throws Exception {
        server.start(listener, ServerOptions.builder().eventLoops(2).build());
        RawPeer open = server.open();
        int port = server.port();
        server.server().stopAccepting();
        server.server().stopAccepting();
        Await.until("the port is free", () -> {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        open.send(TestServer.masked(RawFrame.text("still here")));
        open.expectFrame(RawFrame.text("still here"));
        CompletableFuture<Long> stopped = stop(Duration.ofSeconds(10));
        open.expectFrame(RawFrame.close(1001, "server is shutting down"));
        open.send(TestServer.masked(RawFrame.close(1001, "")));
        open.expectEofAndEnd();
        stopped.get();
        server.events.expect("close 1001 clean LOCAL");
    }

    @Test
    void closesAllWaitsAndLeavesNothingBehind() throws Exception {
        server.start(listener, ServerOptions.builder().eventLoops(2).build());
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            peers.add(server.open());
        }
        RawPeer undecided = server.connect();
        int port = server.port();
        CompletableFuture<Long> stopped = stop(Duration.ofSeconds(10));
        for (RawPeer peer : peers) {
            peer.expectFrame(RawFrame.close(1001, "server is shutting down"));
            peer.send(TestServer.masked(RawFrame.close(1001, "")));
            peer.expectEofAndEnd();
        }
        assertThat(stopped.get()).isLessThan(5000);
        undecided.readToEnd();
        for (int i = 0; i < 6; i++) {
            server.events.expect("close 1001 clean LOCAL");
        }
        Leaks.assertNoThreads("bowline-server-");
        // The port is free at once, and serves again.
        server.start(builder -> builder.port(port).endpoint("/", listener));
        assertThat(server.port()).isEqualTo(port);
        TestServer.echo(server.open(), "again");
        server.server().stop(Duration.ZERO);
        server.server().stop(Duration.ZERO); // harmless
        server.events.expect("close 1006 unclean LOCAL");
    }

    @Test
    void cutsTheStubbornWhenTheGraceIsOver() throws Exception {
        server.start(listener);
        RawPeer stubborn = server.open();
        RawPeer prompt = server.open();
        CompletableFuture<Long> stopped = stop(Duration.ofMillis(300));
        assertThat(stubborn.readFrame().closeCode()).isEqualTo(1001);
        assertThat(prompt.readFrame().closeCode()).isEqualTo(1001);
        prompt.send(TestServer.masked(RawFrame.close(1001, "")));
        prompt.expectEofAndEnd();
        assertThat(stopped.get()).isBetween(290L, 4000L);
        stubborn.expectEof();
        server.events.expect("close 1001 clean LOCAL");
        server.events.expect("close 1006 unclean LOCAL");
    }

    @Test
    void nobodyIsAcceptedAnyMore() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<UpgradeDecision> decision = new CompletableFuture<>();
        server.start(builder -> builder.endpoint(Endpoint.of("/", listener))
                .endpoint(Endpoint.of("/later", listener).onUpgradeAsync(request -> {
                    asked.countDown();
                    return decision;
                })));
        RawPeer stubborn = server.open();
        RawPeer late = server.connect();
        late.write(RawHandshake.request("a", "/later"));
        // Else the server may stop before it has accepted the connection, and that one is reset.
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Long> stopped = stop(Duration.ofMillis(500));
        assertThat(stubborn.readFrame().closeCode()).isEqualTo(1001);
        decision.complete(UpgradeDecision.accept());
        assertThat(RawHandshake.status(late.readHead())).isEqualTo(503);
        int port = server.port();
        Await.until("refused", () -> {
            try (java.net.Socket socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
                return socket.isClosed();
            } catch (IOException refused) {
                return true;
            }
        });
        stopped.get();
        server.events.expect("close 1006 unclean LOCAL");
    }

    @Test
    void whoIsLetInAtTheVeryEndIsNotLeftHanging() throws Exception {
        for (int round = 0; round < 200; round++) {
            WebSocketServer stopping = server.start(
                    new EchoListener(), ServerOptions.builder().eventLoops(2).build());
            List<RawPeer> peers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                peers.add(server.connect());
            }
            stopping.stop(Duration.ZERO);
            for (RawPeer peer : peers) {
                peer.readToEnd(); // cut or ended, but not forgotten
                peer.close();
            }
        }
    }

    @Test
    void aConnectionThatJustOpensIsToldItsEnd() throws Exception {
        CountDownLatch negotiating = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ExtensionNegotiator slow = new ExtensionNegotiator() {
            @Override
            public String name() {
                return "x-slow";
            }

            @Override
            public List<ExtensionParameters> offers() {
                return List.of();
            }

            @Override
            public @Nullable Agreement answer(List<ExtensionParameters> offers) {
                negotiating.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return null;
            }

            @Override
            public @Nullable Agreement accept(ExtensionParameters answer) {
                return null;
            }
        };
        server.start(
                listener, ConnectionOptions.builder().extensions(List.of(slow)).build());
        server.connect().write(RawHandshake.request("a", "/", "Sec-WebSocket-Extensions: x-slow"));
        assertThat(negotiating.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Long> stopped = stop(Duration.ZERO);
        CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(release::countDown);
        stopped.get();
        server.events.expect("close 1006 unclean LOCAL");
        assertThat(server.server().connections()).isEmpty();
    }

    @Test
    void waitsForALoopThatIsBusyForSeconds() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        server.start(
                new EchoListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }

                    @Override
                    public void onClose(WebSocket socket, CloseEvent event) {
                        closed.incrementAndGet();
                    }
                },
                ServerOptions.builder().eventLoops(1).build());
        int port = server.port();
        RawPeer busy = server.open();
        server.open();
        server.awaitConnections(2);
        busy.send(TestServer.text("block"));
        try (CapturedLog warnings = CapturedLog.of("dev.bowline.websocket.internal.loop.LoopWatchdog")) {
            CompletableFuture.delayedExecutor(2_500, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(release::countDown);
            stop(Duration.ZERO).get();
            assertThat(warnings.lines()).anyMatch(line -> line.contains(".onText"));
        }
        assertThat(closed).hasValue(2);
        assertThat(server.server().connections()).isEmpty();
        server.start(builder -> builder.port(port).endpoint("/", listener));
        TestServer.echo(server.open(), "again");
        server.server().stop(Duration.ZERO);
        server.events.expect("close 1006 unclean LOCAL");
    }

    @Test
    void everyOnCloseIsCalledThoughACallbackBlocksForLonger() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        server.start(
                new EchoListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }

                    @Override
                    public void onClose(WebSocket socket, CloseEvent event) {
                        closed.incrementAndGet();
                    }
                },
                ServerOptions.builder().eventLoops(1).build());
        for (int i = 0; i < 5; i++) {
            server.open();
        }
        server.awaitConnections(5);
        RawPeer blocking = server.open();
        server.awaitConnections(6);
        blocking.send(TestServer.text("block"));
        try (CapturedLog watchdog = CapturedLog.of("dev.bowline.websocket.internal.loop.LoopWatchdog")) {
            assertThat(stop(Duration.ofMillis(50)).get())
                    .as("in time all the same")
                    .isLessThan(30_000);
            assertThat(watchdog.lines()).anyMatch(line -> line.contains(".onText"));
        }
        release.countDown();
        Await.untilEquals("onClose of all", closed::get, 6);
        Leaks.assertNoThreads("bowline-server-");
    }
}
