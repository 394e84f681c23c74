package dev.bowline.verification.bench.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket, with one worker. */
final class JavaWebSocketBenchServer extends WebSocketServer {
    private final Mode mode;

    private JavaWebSocketBenchServer(Mode mode) {
        super(
                new InetSocketAddress("127.0.0.1", 0),
                1,
                mode == Mode.DEFLATE
                        ? List.of(new Draft_6455(new PerMessageDeflateExtension()))
                        : Collections.<org.java_websocket.drafts.Draft>emptyList());
        this.mode = mode;
        setTcpNoDelay(true);
        setConnectionLostTimeout(0);
        setMaxPendingConnections(4096);
    }

    public static void main(String[] arguments) {
        new JavaWebSocketBenchServer(Mode.of(arguments)).start();
    }

    @Override
    public void onStart() {
        Thread console = new Thread(() -> {
            try {
                Console.serve(getPort());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        console.start();
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer data) {
        if (mode == Mode.BROADCAST) {
            broadcast(data);
        } else {
            socket.send(data);
        }
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        socket.send(text);
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {}

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onError(WebSocket socket, Exception failure) {
        if (socket == null) {
            failure.printStackTrace();
        }
    }
}
