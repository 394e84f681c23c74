package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit, at it and over it. */
class ServerLimitsTest {
    @RegisterExtension
    final TestServer server = new TestServer();

    private static void refusedWith(RawPeer peer, int code) {
        assertThat(peer.readFrame().closeCode()).isEqualTo(code);
        peer.expectEof();
    }

    @Test
    void messageSize() {
        server.start(
                new EchoListener(),
                ConnectionOptions.builder()
                        .maxMessageBytes(1000)
                        .maxFrameBytes(600)
                        .build());
        RawPeer peer = server.open();
        RawFrame begin = TestServer.masked(RawFrame.binary(new byte[600]).withFin(false));
        peer.send(begin, TestServer.masked(RawFrame.continuation(new byte[400])));
        peer.expectFrame(RawFrame.binary(new byte[1000]));
        peer.send(begin, TestServer.masked(RawFrame.continuation(new byte[401])));
        refusedWith(peer, 1009);
    }

    @Test
    void frameSizeIsJudgedByTheHeaderAlone() {
        server.start(
                new EchoListener(),
                ConnectionOptions.builder().maxFrameBytes(600).build());
        RawPeer peer = server.open();
        peer.send(TestServer.masked(RawFrame.binary(new byte[600])));
        peer.expectFrame(RawFrame.binary(new byte[600]));
        peer.send(TestServer.masked(RawFrame.binary()).withDeclaredLength(601));
        refusedWith(peer, 1009);
    }

    @Test
    void messagesPerSecond() {
        server.start(
                new DescribingListener(server.events),
                ConnectionOptions.builder().maxMessagesPerSecond(5).build());
        RawPeer peer = server.open();
        byte[] flood = RawFrame.concat(
                TestServer.text("a"),
                TestServer.text("b"),
                TestServer.text("c"),
                TestServer.text("d"),
                TestServer.text("e"),
                TestServer.text("f"),
                TestServer.text("g"));
        peer.write(flood);
        refusedWith(peer, 1008);
        peer.close();
        server.awaitConnections(0);
        assertThat(server.eventsToClose())
                .containsExactly(
                        "open",
                        "text a",
                        "text b",
                        "text c",
                        "text d",
                        "text e",
                        "close 1008 unclean LOCAL message-rate-exceeded");
    }

    @Test
    void fragmentsOfAMessage() {
        server.start(
                new EchoListener(), ConnectionOptions.builder().maxFragments(2).build());
        RawPeer peer = server.open();
        RawFrame begin = TestServer.masked(RawFrame.text("a").withFin(false));
        peer.send(begin, TestServer.masked(RawFrame.continuation((byte) 'b')));
        peer.expectFrame(RawFrame.text("ab"));
        RawFrame empty = TestServer.masked(RawFrame.continuation().withFin(false));
        peer.send(begin, empty, empty);
        refusedWith(peer, 1008);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void timeForAMessage(boolean heartbeat) {
        server.start(
                new EchoListener(),
                ConnectionOptions.builder()
                        .messageTimeout(Duration.ofMillis(300))
                        .heartbeat(heartbeat ? Heartbeat.DEFAULT : Heartbeat.OFF)
                        .build());
        RawPeer beside = server.open();
        RawPeer peer = server.open();
        byte[] message = TestServer.text("a".repeat(100)).bytes();
        int sent = 0;
        while (sent < message.length - 1
                && server.server().connections().stream().allMatch(socket -> socket.readyState() == ReadyState.OPEN)) {
            peer.tryWrite(message[sent++]);
            slowDown();
        }
        RawFrame close = peer.readFrame();
        assertThat(close.closeCode()).isEqualTo(1008);
        assertThat(close.closeReason()).startsWith("message not finished in time: ");
        peer.expectEof();
        TestServer.echo(beside, "undisturbed");
    }

    @Test
    void timeForTheHandshake() {
        server.start(
                new EchoListener(),
                ServerOptions.builder().handshakeTimeout(Duration.ofMillis(300)).build());
        RawPeer silent = server.connect();
        RawPeer slow = server.connect();
        byte[] head = RawHandshake.request("localhost", "/").getBytes(StandardCharsets.ISO_8859_1);
        long begin = System.nanoTime();
        int sent = 0;
        while (System.nanoTime() - begin < Duration.ofMillis(600).toNanos() && sent < head.length - 1) {
            if (!slow.tryWrite(head[sent++])) {
                break;
            }
            slowDown();
        }
        assertThat(RawHandshake.status(slow.readHead()))
                .as("each byte is no new beginning")
                .isEqualTo(408);
        silent.expectEof();
        assertThat(server.server().connections()).isEmpty();
    }

    private static void slowDown() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void connectionsInAll() {
        server.start(
                new EchoListener(), ServerOptions.builder().maxConnections(2).build());
        checkTheThirdIsRefused(503);
    }

    @Test
    void connectionsPerAddress() {
        server.start(
                new EchoListener(),
                ServerOptions.builder().maxConnectionsPerAddress(2).build());
        checkTheThirdIsRefused(429);
    }

    private void checkTheThirdIsRefused(int status) {
        RawPeer first = server.open();
        server.connect(); // says nothing, and counts
        for (int i = 0; i < 5; i++) {
            try (RawPeer third = RawPeer.connect(server.port())) {
                third.write(RawHandshake.request("localhost", "/"));
                String head = third.readHead();
                assertThat(RawHandshake.status(head)).isEqualTo(status);
                assertThat(RawHandshake.header(head, "Retry-After")).isEqualTo("5");
            }
        }
        TestServer.echo(first, "undisturbed");
        TestServer.closeCleanly(first);
        server.awaitConnections(0);
        RawPeer next = server.open();
        TestServer.echo(next, "there is room again");
        try (RawPeer again = RawPeer.connect(server.port())) {
            assertThat(RawHandshake.status(again.readHead())).isEqualTo(status);
        }
    }

    @Test
    void connectionsOfOneClientBehindAProxy() {
        server.start(
                new EchoListener(),
                ServerOptions.builder()
                        .maxConnectionsPerAddress(1)
                        .trustedProxies("127.0.0.1")
                        .build());
        RawPeer first = throughProxy("203.0.113.7", 101);
        throughProxy("203.0.113.7", 429);
        throughProxy("203.0.113.8", 101);
        TestServer.closeCleanly(first);
        server.awaitConnections(1);
        assertThat(server.onlySocket().remoteAddress().getAddress().getHostAddress())
                .isEqualTo("203.0.113.8");
        throughProxy("203.0.113.7", 101);
    }

    private RawPeer throughProxy(String client, int status) {
        RawPeer peer = server.connect();
        peer.write(RawHandshake.request("localhost", "/", "X-Forwarded-For: 198.51.100.1, " + client));
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(status);
        return peer;
    }

    @Test
    void nobodySpeaksForOthersWhoIsNoTrustedProxy() {
        server.start(
                new EchoListener(),
                ServerOptions.builder().trustedProxies("192.0.2.1").build());
        throughProxy("203.0.113.7", 101);
        assertThat(server.onlySocket().remoteAddress().getAddress().isLoopbackAddress())
                .isTrue();
    }
}
