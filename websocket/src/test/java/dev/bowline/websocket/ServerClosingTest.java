package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Recorder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every way in which a connection ends: onClose comes once, and says how. */
class ServerClosingTest {
    private static final ConnectionOptions QUICK =
            ConnectionOptions.builder().closeTimeout(Duration.ofMillis(100)).build();

    @RegisterExtension
    final TestServer server = newServer();

    TestServer newServer() {
        return new TestServer();
    }

    private final Recorder<String> events = server.events;

    /** Opens a connection whose listener records and does this on each text. */
    private RawPeer open(ConnectionOptions options, Consumer<WebSocket> onText) {
        server.start(
                new DescribingListener(events) {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        super.onText(socket, text);
                        onText.accept(socket);
                    }
                },
                options);
        RawPeer peer = server.open();
        events.expect("open");
        return peer;
    }

    private RawPeer open() {
        return open(ConnectionOptions.DEFAULT, socket -> {});
    }

    /** The event, then nothing more, and nobody is left. */
    private void expectClose(String event) {
        events.expect(event);
        server.awaitConnections(0);
        events.assertEmpty();
    }

    @Test
    void byThePeer() {
        RawPeer peer = open();
        peer.send(TestServer.text("a"), TestServer.masked(RawFrame.close(4321, "bye")), TestServer.text("unheard"));
        peer.expectFrame(RawFrame.close(4321, ""));
        peer.expectEofAndEnd();
        events.expect("text a");
        expectClose("close 4321 clean REMOTE");
    }

    /** RFC 6455 §7.1.1: closing the socket while that comes would reset the stream. */
    @Test
    void whatThePeerSendsBehindItsCloseDestroysNothingOnItsWay() {
        byte[] large = new byte[256 * 1024]; // more than a peer's receive buffer holds at first
        RawPeer peer = open(ConnectionOptions.DEFAULT, sender -> sender.send(ByteBuffer.wrap(large)));
        WebSocket socket = server.onlySocket();
        peer.send(TestServer.text("a"), TestServer.masked(RawFrame.close(1000, "")));
        events.expect("text a");
        Await.until("all of it is the kernel's", () -> socket.bufferedAmount() == 0);
        peer.send(TestServer.masked(RawFrame.ping()));
        peer.expectFrame(RawFrame.binary(large));
        peer.expectFrame(RawFrame.close(1000, ""));
        peer.expectEofAndEnd();
        expectClose("close 1000 clean REMOTE");
    }

    @Test
    void byAPeerThatKeepsTheStreamOpenBehindItsClose() {
        RawPeer peer = open(QUICK, socket -> {});
        peer.send(TestServer.masked(RawFrame.close(1000, "")));
        peer.expectFrame(RawFrame.close(1000, ""));
        peer.expectEof();
        expectClose("close 1000 clean REMOTE");
    }

    @Test
    void byThePeerWithoutACode() {
        RawPeer peer = open();
        peer.send(TestServer.masked(RawFrame.close()));
        peer.expectFrame(RawFrame.close());
        peer.expectEofAndEnd();
        expectClose("close 1005 clean REMOTE");
    }

    @Test
    void byTheServerBehindWhatItSent() {
        RawPeer peer = open(ConnectionOptions.DEFAULT, socket -> {
            socket.send("last words");
            socket.close(4000, "done");
            socket.close(4001, "twice is once");
        });
        peer.send(TestServer.text("go"));
        peer.expectFrame(RawFrame.text("last words"));
        peer.expectFrame(RawFrame.close(4000, "done"));
        peer.send(TestServer.text("still heard"), TestServer.masked(RawFrame.close(4000, "done")));
        peer.expectEofAndEnd();
        events.expect("text go");
        events.expect("text still heard");
        expectClose("close 4000 clean LOCAL");
    }

    @Test
    void byBothAtOnce() {
        RawPeer peer = open(ConnectionOptions.DEFAULT, socket -> socket.close(4000, "ours"));
        // In one piece: the server closes while the peer's Close is under way.
        peer.send(TestServer.text("a"), TestServer.masked(RawFrame.close(4001, "theirs")));
        peer.expectFrame(RawFrame.close(4000, "ours"));
        peer.expectEofAndEnd();
        events.expect("text a");
        expectClose("close 4001 clean LOCAL");
    }

    @Test
    void byAVerdictOnThePeer() {
        RawPeer peer = open();
        peer.send(TestServer.text("fine"), RawFrame.text("not masked"));
        assertThat(peer.readFrame().closeCode()).isEqualTo(1002);
        peer.expectEof();
        peer.close();
        events.expect("text fine");
        expectClose("close 1002 unclean LOCAL mask-missing");
    }

    @Test
    void byTextThatIsNotUtf8() {
        RawPeer peer = open();
        peer.send(TestServer.masked(RawFrame.of(RawFrame.TEXT, (byte) 0xC0, (byte) 0x80)));
        assertThat(peer.readFrame().closeCode()).isEqualTo(1007);
        peer.expectEof();
        peer.close();
        expectClose("close 1007 unclean LOCAL text-not-utf8");
    }

    @Test
    void byAPeerThatKeepsTheStreamOpenBehindAVerdict() {
        RawPeer peer = open(QUICK, socket -> {});
        peer.send(TestServer.masked(RawFrame.of(3)));
        assertThat(peer.readFrame().closeCode()).isEqualTo(1002);
        peer.expectEof();
        expectClose("close 1002 unclean LOCAL reserved-opcode");
    }

    @Test
    void byTheEndOfTheStream() {
        RawPeer peer = open();
        peer.shutdownOutput();
        expectClose("close 1006 unclean NETWORK");
    }

    @Test
    void byAReset() {
        RawPeer peer = open();
        peer.reset();
        expectClose("close 1006 unclean NETWORK");
    }

    @Test
    void byTerminateFromAnotherThread() {
        RawPeer peer = open();
        WebSocket socket = server.onlySocket();
        socket.terminate();
        socket.terminate();
        peer.expectEof();
        expectClose("close 1006 unclean LOCAL");
        assertThat(socket.readyState()).isEqualTo(ReadyState.CLOSED);
        assertThat(socket.send("late")).isEqualTo(SendResult.CLOSED);
        assertThat(socket.bufferedAmount()).isZero();
        socket.close();
        socket.pauseReading();
        socket.resumeReading();
    }

    @Test
    void byTerminateWithinACallback() {
        RawPeer peer = open(ConnectionOptions.DEFAULT, WebSocket::terminate);
        peer.send(TestServer.text("a"), TestServer.text("unheard"));
        peer.readToEnd();
        events.expect("text a");
        expectClose("close 1006 unclean LOCAL");
    }

    @Test
    void byTheTimeForClosing() {
        RawPeer peer = open(QUICK, WebSocket::close);
        peer.send(TestServer.text("a"));
        peer.expectFrame(RawFrame.close(1000, ""));
        peer.expectEofAndEnd();
        events.expect("text a");
        expectClose("close 1006 unclean LOCAL close-timeout");
    }

    @Test
    void byStop() throws InterruptedException {
        RawPeer peer = open();
        Thread stopping = new Thread(() -> server.server().close());
        stopping.start();
        assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
        peer.send(TestServer.masked(RawFrame.close(1001, "")));
        peer.expectEofAndEnd();
        stopping.join();
        expectClose("close 1001 clean LOCAL");
    }

    @Test
    void byCloseWithinOnOpen() {
        server.start(new DescribingListener(events) {
            @Override
            public void onOpen(WebSocket socket) {
                super.onOpen(socket);
                socket.send("no");
                socket.close(4500, "go away");
            }
        });
        RawPeer peer = server.open();
        peer.expectFrame(RawFrame.text("no"));
        peer.expectFrame(RawFrame.close(4500, "go away"));
        peer.send(TestServer.masked(RawFrame.close(4500, "")));
        peer.expectEofAndEnd();
        events.expect("open");
        expectClose("close 4500 clean LOCAL");
    }

    @Test
    void theStateIsClosedWithinOnCloseAndTheConnectionIsGone() {
        server.start(new WebSocketListener() {
            @Override
            public void onClose(WebSocket socket, CloseEvent event) {
                events.record(socket.readyState() + " "
                        + server.server().connections().size() + " " + socket.send("late"));
            }
        });
        TestServer.closeCleanly(server.open());
        events.expect("CLOSED 0 CLOSED");
    }
}
