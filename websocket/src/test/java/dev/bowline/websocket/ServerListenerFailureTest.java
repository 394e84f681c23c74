package dev.bowline.websocket;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Recorder;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that throws costs its own connection, and no other one, though all share one loop. */
class ServerListenerFailureTest {
    @RegisterExtension
    final TestServer server = new TestServer();

    private final Recorder<String> events = server.events;

    /** Fails in the callback that the path names; echoes on {@code /}. */
    private final class Failing extends EchoListener {
        private void at(WebSocket socket, String callback) {
            if (socket.request().path().contains(callback)) {
                throw new AssertionError(callback);
            }
        }

        @Override
        public void onOpen(WebSocket socket) {
            at(socket, "onOpen");
        }

        @Override
        public void onText(WebSocket socket, String text) {
            at(socket, "onText");
            super.onText(socket, text);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            at(socket, "onBinary");
        }

        @Override
        public void onPing(WebSocket socket, ByteBuffer payload) {
            at(socket, "onPing");
        }

        @Override
        public void onPong(WebSocket socket, ByteBuffer payload) {
            at(socket, "onPong");
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            events.record("error " + error.getMessage());
            at(socket, "onError");
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            if (!socket.request().path().equals("/")) {
                events.record("close " + event.code() + " " + event.wasClean());
            }
            at(socket, "onClose");
        }
    }

    private RawPeer beside() {
        server.start(new Failing(), ServerOptions.builder().eventLoops(1).build());
        RawPeer beside = server.open();
        TestServer.echo(beside, "before");
        return beside;
    }

    @ParameterizedTest
    @ValueSource(strings = {"onOpen", "onText", "onBinary", "onPing", "onPong"})
    void aCallbackThatThrowsClosesWith1011(String callback) {
        RawPeer beside = beside();
        RawPeer peer = server.open("/" + callback);
        RawFrame frame =
                switch (callback) {
                    case "onBinary" -> RawFrame.binary();
                    case "onPing" -> RawFrame.ping();
                    case "onPong" -> RawFrame.pong();
                    default -> RawFrame.text("a");
                };
        peer.send(TestServer.masked(frame), TestServer.text("unheard"));
        if (callback.equals("onPing")) {
            peer.expectFrame(RawFrame.pong());
        }
        peer.expectFrame(RawFrame.close(1011, "internal error"));
        peer.send(TestServer.masked(RawFrame.close(1011, "")));
        peer.expectEofAndEnd();
        events.expect("error " + callback);
        events.expect("close 1011 true");
        TestServer.echo(beside, "after");
        server.awaitConnections(1);
    }

    @Test
    void onCloseThatThrowsIsReportedAndCalledOnce() {
        RawPeer beside = beside();
        TestServer.closeCleanly(server.open("/onClose"));
        events.expect("close 1000 true");
        events.expect("error onClose");
        TestServer.echo(beside, "after");
    }

    @Test
    void onErrorThatThrowsIsLogged() {
        RawPeer beside = beside();
        try (CapturedLog log = CapturedLog.of("dev.bowline.websocket.internal.connection.Callbacks")) {
            RawPeer peer = server.open("/onText/onError/onClose");
            peer.send(TestServer.text("a"));
            peer.expectFrame(RawFrame.close(1011, "internal error"));
            peer.send(TestServer.masked(RawFrame.close(1011, "")));
            peer.expectEofAndEnd();
            events.expect("error onText");
            events.expect("close 1011 true");
            events.expect("error onClose");
            TestServer.echo(beside, "after");
            org.assertj.core.api.Assertions.assertThat(log.lines()).hasSize(2);
        }
        server.awaitConnections(1);
    }
}
