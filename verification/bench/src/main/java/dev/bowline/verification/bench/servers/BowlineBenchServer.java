package dev.bowline.verification.bench.servers;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bowline. The second argument names the transport, the third the number of event loops, the fourth how many users there are: with it,
 * a message goes to one of them by name.
 */
final class BowlineBenchServer {
    private BowlineBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        TransportKind transport = arguments.length < 2
                ? TransportKind.AUTOMATIC
                : TransportKind.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        int loops = arguments.length < 3 ? 1 : Integer.parseInt(arguments[2]);
        WebSocketListener echo = arguments.length < 4 ? new Echo() : new Users(Integer.parseInt(arguments[3]));
        Broadcast broadcast = new Broadcast();
        ServerOptions options = ServerOptions.builder()
                .eventLoops(loops)
                .transport(transport)
                .backlog(Settings.BACKLOG)
                .maxConnections(1_000_000)
                .maxConnectionsPerAddress(1_000_000)
                .connection(ConnectionOptions.builder()
                        .maxMessageBytes(Settings.LARGEST)
                        .maxFrameBytes(Settings.LARGEST)
                        .maxQueuedBytes(4L * Settings.LARGEST)
                        .extensions(mode == Mode.DEFLATE ? List.of(compression()) : List.of())
                        .build())
                .build();
        WebSocketServer server = WebSocketServer.builder()
                .port(0)
                .host(System.getProperty("bench.host", Settings.HOST))
                .options(options)
                .endpoint("/", mode == Mode.BROADCAST ? broadcast : echo)
                .start();
        broadcast.server = server;
        Console.serve(server.port());
    }

    private static PermessageDeflate compression() {
        return PermessageDeflate.builder()
                .level(Settings.COMPRESSION_LEVEL)
                .thresholdBytes(0) // as the others, which compress whatever comes
                .build();
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            socket.send(data);
        }

        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }
    }

    /**
     * Users with a device each; of the connections, each serves as the device of as many users. What a connection sends goes to the next
     * of its users, whose device is looked up by name: the way of a message to one of many, with an answer that the generator knows.
     */
    private static final class Users implements WebSocketListener {
        private static final int CONNECTIONS = 100;

        private final int users;
        private final Map<String, WebSocket> devices = new ConcurrentHashMap<>();
        private final AtomicInteger opened = new AtomicInteger();

        Users(int users) {
            this.users = users;
        }

        @Override
        public void onOpen(WebSocket socket) {
            Turn turn = new Turn(opened.getAndIncrement() % CONNECTIONS);
            socket.attach(turn);
            for (int user = turn.first; user < users; user += CONNECTIONS) {
                devices.put(name(user), socket);
            }
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            Turn turn = (Turn) Objects.requireNonNull(socket.attachment());
            turn.user = turn.user + CONNECTIONS < users ? turn.user + CONNECTIONS : turn.first;
            Objects.requireNonNull(devices.get(name(turn.user))).send(data);
        }

        private static String name(int user) {
            return "user-" + user;
        }

        /** Whose turn it is. Touched by the connection's event loop alone. */
        private static final class Turn {
            private final int first;
            private int user;

            Turn(int first) {
                this.first = first;
                user = first;
            }
        }
    }

    private static final class Broadcast implements WebSocketListener {
        private volatile @Nullable WebSocketServer server; // written before anyone is told the port

        private WebSocketServer server() {
            return Objects.requireNonNull(server, "not started");
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            server().broadcast(PreparedMessage.binary(data));
        }

        @Override
        public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
            server().broadcast(PreparedMessage.text(
                    StandardCharsets.UTF_8.decode(utf8).toString()));
        }
    }
}
