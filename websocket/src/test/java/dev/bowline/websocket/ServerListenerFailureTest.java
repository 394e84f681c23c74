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

    /** Runs out of stack, in earnest. */
    @SuppressWarnings("InfiniteRecursion")
    private static int recurse(int depth) {
        return depth + recurse(depth + 1) * 2;
    }

    @ParameterizedTest
    @ValueSource(strings = {"stack", "memory", "class", "checked"})
    void anErrorOfThePlatformCostsNoMoreThanAnException(String kind) {
        server.start(
                new EchoListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        switch (text) {
                            case "stack" -> socket.send("" + recurse(0));
                            case "memory" -> socket.send(ByteBuffer.wrap(new byte[Integer.MAX_VALUE]));
                            case "class" -> throw new NoClassDefFoundError("on purpose");
                            case "checked" -> throwAny(new Exception("on purpose"));
                            default -> super.onText(socket, text);
                        }
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable error) {
                        events.record("error " + error.getClass().getSimpleName());
                    }

                    @Override
                    public void onClose(WebSocket socket, CloseEvent event) {
                        events.record("close " + event.code());
                    }
                },
                ServerOptions.builder().eventLoops(1).build());
        RawPeer beside = server.open();
        TestServer.echo(beside, "before");
        RawPeer peer = server.open();
        peer.send(TestServer.text(kind));
        peer.expectFrame(RawFrame.close(1011, "internal error"));
        peer.send(TestServer.masked(RawFrame.close(1011, "")));
        peer.expectEof();
        String error =
                switch (kind) {
                    case "stack" -> "StackOverflowError";
                    case "memory" -> "OutOfMemoryError";
                    case "class" -> "NoClassDefFoundError";
                    default -> "Exception";
                };
        events.expect("error " + error);
        peer.close();
        events.expect("close 1011");
        TestServer.echo(beside, "after");
        beside.close();
        events.expect("close 1006");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAny(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void onDrainedThatThrowsClosesWith1011() {
        server.start(
                new EchoListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        super.onText(socket, text); // more than half of the queue, so that it drains
                    }

                    @Override
                    public void onDrained(WebSocket socket) {
                        throw new AssertionError("onDrained");
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable error) {
                        events.record("error " + error.getMessage());
                    }
                },
                ConnectionOptions.builder().maxQueuedBytes(1000).build());
        RawPeer peer = server.open();
        String text = "a".repeat(600);
        peer.send(TestServer.text(text));
        peer.expectFrame(RawFrame.text(text));
        peer.expectFrame(RawFrame.close(1011, "internal error"));
        events.expect("error onDrained");
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
