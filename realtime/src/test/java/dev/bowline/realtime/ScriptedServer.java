package dev.bowline.realtime;

import dev.bowline.codec.CloseEvent;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage.Terms;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.UpgradeDecision;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A real server that speaks {@code bowline.v1} as the test bids: it says nothing by itself. Used by the test's thread.
 */
final class ScriptedServer implements AutoCloseable {
    static final Terms TERMS = new Terms(60_000, 20_000, 10_000, 1 << 20, 256, 1 << 20);

    private final WebSocketServer server;
    private final Recorder<ScriptedConnection> connections = new Recorder<>();
    private final AtomicInteger refusal = new AtomicInteger(); // the status that refuses handshakes; 0 for none
    final AtomicInteger requests = new AtomicInteger();
    volatile @Nullable UpgradeRequest lastRequest;

    /** The last number of the direct log; the connections of a session go on with it. */
    final AtomicLong lastN = new AtomicLong();

    ScriptedServer() {
        this("bowline.v1");
    }

    /** A server of another subprotocol. */
    ScriptedServer(String subprotocol) {
        Endpoint endpoint = Endpoint.of("/*", new Listener())
                .subprotocols(subprotocol)
                .onUpgrade(request -> {
                    requests.incrementAndGet();
                    lastRequest = request;
                    int status = refusal.get();
                    return status == 0 ? UpgradeDecision.accept() : UpgradeDecision.refuse(status, "no");
                });
        try {
            server = WebSocketServer.builder().endpoint(endpoint).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.port();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + port() + "/");
    }

    /** Answers handshakes by an HTTP status; 0: takes them. */
    void refuse(int status) {
        refusal.set(status);
    }

    /** The next connection, before it has said anything. */
    ScriptedConnection connection() {
        return connections.take();
    }

    /** The next connection, which has said hello. */
    ScriptedConnection accept() {
        ScriptedConnection connection = connection();
        connection.awaitHello();
        return connection;
    }

    /** Accepts a connection and begins a new session with it. */
    ScriptedConnection open() {
        ScriptedConnection connection = accept();
        connection.welcome("s1", null);
        return connection;
    }

    /** How many connections nobody has asked for yet. */
    int waiting() {
        return connections.size();
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Listener implements WebSocketListener {
        @Override
        public void onOpen(WebSocket socket) {
            ScriptedConnection connection = new ScriptedConnection(socket, lastN);
            socket.attach(connection);
            connections.record(connection);
        }

        private void came(WebSocket socket, Payload message) {
            if (socket.attachment() instanceof ScriptedConnection connection) {
                connection.came(ClientMessage.parse(message));
            }
        }

        @Override
        public void onText(WebSocket socket, String text) {
            came(socket, Payload.text(text));
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            came(
                    socket,
                    Payload.binary(
                            ByteBuffer.allocate(data.remaining()).put(data).flip()));
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            if (socket.attachment() instanceof ScriptedConnection connection) {
                connection.closed(event);
            }
        }
    }
}
