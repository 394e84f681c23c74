package dev.bowline.verification.interop;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.UpgradeDecision;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Bowline as the server: an end for each connection. It prefers subprotocol "b" to "a" and refuses /refuse with 401. */
public final class OurServer implements AutoCloseable {
    private final WebSocketServer server;
    private final Recorder<OurEnd> opened = new Recorder<>();

    public OurServer(ServerOptions options) {
        try {
            server = WebSocketServer.builder()
                    .options(options)
                    .endpoint(Endpoint.of("/", new OneEndEach())
                            .subprotocols("b", "a")
                            .anyOrigin())
                    .endpoint(Endpoint.of("/refuse", new OneEndEach())
                            .onUpgrade(request -> UpgradeDecision.refuse(401, "not you")))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.port();
    }

    /** Our end of the oldest connection that was not taken yet. */
    public OurEnd take() {
        return opened.take();
    }

    /** Every connection was taken. */
    void assertAllTaken() {
        opened.assertEmpty();
    }

    @Override
    public void close() {
        server.close();
    }

    private final class OneEndEach implements WebSocketListener {
        private static OurEnd end(WebSocket socket) {
            return (OurEnd) Objects.requireNonNull(socket.attachment());
        }

        @Override
        public void onOpen(WebSocket socket) {
            OurEnd end = new OurEnd();
            socket.attach(end);
            end.onOpen(socket);
            opened.record(end);
        }

        @Override
        public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
            end(socket).onTextBytes(socket, utf8);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            end(socket).onBinary(socket, data);
        }

        @Override
        public void onPing(WebSocket socket, ByteBuffer payload) {
            end(socket).onPing(socket, payload);
        }

        @Override
        public void onPong(WebSocket socket, ByteBuffer payload) {
            end(socket).onPong(socket, payload);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            end(socket).onError(socket, error);
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            end(socket).onClose(socket, event);
        }
    }
}
