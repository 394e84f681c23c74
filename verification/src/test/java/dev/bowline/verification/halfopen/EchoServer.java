package dev.bowline.verification.halfopen;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.TextHeartbeat;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** An echo that records how its connections end. */
final class EchoServer implements AutoCloseable {
    private final Recorder<CloseEvent> closed = new Recorder<>();
    private final WebSocketServer server;

    EchoServer(Heartbeat heartbeat) {
        try {
            server = WebSocketServer.builder()
                    .options(ServerOptions.builder()
                            .handshakeTimeout(Duration.ofSeconds(1))
                            .connection(ConnectionOptions.builder()
                                    .heartbeat(heartbeat)
                                    .build())
                            .build())
                    .endpoint(Endpoint.of("/", new Echo()).textHeartbeat(TextHeartbeat.PING_PONG))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.port();
    }

    int connections() {
        return server.connections().size();
    }

    Recorder<CloseEvent> closed() {
        return closed;
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            closed.record(event);
        }
    }
}
