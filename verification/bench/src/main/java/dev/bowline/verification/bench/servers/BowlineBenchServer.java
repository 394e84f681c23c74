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

/** Bowline. The second argument names the transport, the third the number of event loops. */
final class BowlineBenchServer {
    private static final int LARGEST = 16 * 1024 * 1024 + 1024;

    private BowlineBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        TransportKind transport = arguments.length < 2
                ? TransportKind.AUTOMATIC
                : TransportKind.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        int loops = arguments.length < 3 ? 1 : Integer.parseInt(arguments[2]);
        WebSocketServer[] server = new WebSocketServer[1];
        ServerOptions options = ServerOptions.builder()
                .eventLoops(loops)
                .transport(transport)
                .maxConnections(1_000_000)
                .maxConnectionsPerAddress(1_000_000)
                .connection(ConnectionOptions.builder()
                        .maxMessageBytes(LARGEST)
                        .maxFrameBytes(LARGEST)
                        .maxQueuedBytes(4L * LARGEST)
                        .extensions(mode == Mode.DEFLATE ? List.of(PermessageDeflate.DEFAULT) : List.of())
                        .build())
                .build();
        server[0] = WebSocketServer.builder()
                .port(0)
                .host(System.getProperty("bench.host", "127.0.0.1"))
                .options(options)
                .endpoint("/", mode == Mode.BROADCAST ? new Broadcast(server) : new Echo())
                .start();
        Console.serve(server[0].port());
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

    private record Broadcast(WebSocketServer[] server) implements WebSocketListener {
        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            server[0].broadcast(PreparedMessage.binary(data));
        }

        @Override
        public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
            server[0].broadcast(
                    PreparedMessage.text(StandardCharsets.UTF_8.decode(utf8).toString()));
        }
    }
}
