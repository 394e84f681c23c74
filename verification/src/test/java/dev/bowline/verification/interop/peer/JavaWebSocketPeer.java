package dev.bowline.verification.interop.peer;

import dev.bowline.codec.Role;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.interop.Deflate;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.Listening;
import dev.bowline.verification.interop.Message;
import dev.bowline.verification.interop.Settings;
import dev.bowline.verification.interop.TestTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket. Its extension says the same to everyone, so nobody can ask for anything. */
public final class JavaWebSocketPeer extends JvmPeer {
    public JavaWebSocketPeer() {
        super("Java-WebSocket", WebSocket.class);
    }

    @Override
    public boolean canAskFor(Role role, Deflate deflate) {
        return false;
    }

    private static Draft draft(Settings settings) {
        if (settings.deflate() == null) {
            return new Draft_6455();
        }
        PerMessageDeflateExtension extension = new PerMessageDeflateExtension();
        extension.setThreshold(0);
        return new Draft_6455(extension);
    }

    @Override
    public End connect(URI uri, Settings settings, String... subprotocols) {
        Client client = new Client(uri, draft(settings));
        client.setConnectionLostTimeout(0);
        if (settings.tls()) {
            client.setSocketFactory(TestTls.clientSide().getSocketFactory());
        }
        client.connect();
        return client.end;
    }

    @Override
    public Listening listen(Settings settings) {
        Server server = new Server(draft(settings));
        server.setConnectionLostTimeout(0);
        server.setDaemon(true);
        if (settings.tls()) {
            server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(TestTls.serverSide()));
        }
        server.start();
        server.started.expect("started");
        return server.accepted.on(server.getPort(), () -> {
            try {
                server.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static final class JavaWebSocketEnd extends JvmEnd {
        private final WebSocket socket;

        JavaWebSocketEnd(WebSocket socket) {
            this.socket = socket;
        }

        @Override
        public void send(Message message) {
            if (message.isText()) {
                socket.send(new String(message.payload(), StandardCharsets.UTF_8));
            } else {
                socket.send(message.payload());
            }
        }

        @Override
        public void sendPart(boolean isText, byte[] part, boolean last) {
            socket.sendFragmentedFrame(isText ? Opcode.TEXT : Opcode.BINARY, ByteBuffer.wrap(part), last);
        }

        @Override
        public void ping(byte... payload) {
            PingFrame frame = new PingFrame();
            frame.setPayload(ByteBuffer.wrap(payload));
            socket.sendFrame(frame);
        }

        @Override
        public void close(int code, String reason) {
            socket.close(code, reason);
        }
    }

    private static final class Client extends WebSocketClient {
        final JavaWebSocketEnd end = new JavaWebSocketEnd(this);

        Client(URI uri, Draft draft) {
            super(uri, draft);
        }

        @Override
        public void onOpen(ServerHandshake handshake) {
            end.opened();
        }

        @Override
        public void onMessage(String text) {
            end.text(text);
        }

        @Override
        public void onMessage(ByteBuffer data) {
            end.binary(data);
        }

        @Override
        public void onWebsocketPing(WebSocket connection, Framedata frame) {
            end.ping(frame.getPayloadData());
            super.onWebsocketPing(connection, frame);
        }

        @Override
        public void onWebsocketPong(WebSocket connection, Framedata frame) {
            end.pong(frame.getPayloadData());
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            end.closed(code, reason);
        }

        @Override
        public void onError(Exception error) {
            end.failed(error);
        }
    }

    private static final class Server extends WebSocketServer {
        final Recorder<String> started = new Recorder<>();
        final Accepted accepted = new Accepted();
        private final Map<WebSocket, JavaWebSocketEnd> ends = new ConcurrentHashMap<>();

        Server(Draft draft) {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1, List.of(draft));
        }

        private JavaWebSocketEnd end(WebSocket connection) {
            return Objects.requireNonNull(ends.get(connection));
        }

        @Override
        public void onStart() {
            started.record("started");
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {
            JavaWebSocketEnd end = new JavaWebSocketEnd(connection);
            ends.put(connection, end);
            end.opened();
            accepted.put(handshake.getResourceDescriptor(), end);
        }

        @Override
        public void onMessage(WebSocket connection, String text) {
            end(connection).text(text);
        }

        @Override
        public void onMessage(WebSocket connection, ByteBuffer data) {
            end(connection).binary(data);
        }

        @Override
        public void onWebsocketPing(WebSocket connection, Framedata frame) {
            end(connection).ping(frame.getPayloadData());
            super.onWebsocketPing(connection, frame);
        }

        @Override
        public void onWebsocketPong(WebSocket connection, Framedata frame) {
            end(connection).pong(frame.getPayloadData());
        }

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {
            JavaWebSocketEnd end = ends.remove(connection);
            if (end != null) { // null where the handshake failed
                end.closed(code, reason);
            }
        }

        @Override
        public void onError(WebSocket connection, Exception error) {
            JavaWebSocketEnd end = connection == null ? null : ends.get(connection);
            if (end != null) {
                end.failed(error);
            }
        }
    }
}
