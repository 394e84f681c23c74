package dev.bowline.verification.faults;

import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * An echo server in a JVM of its own that is to run out of something, with one event loop for all. It says {@code port N},
 * then what it logs, as {@code log LEVEL message}; it ends when its input does.
 */
public final class StarvedServer {
    private StarvedServer() {}

    public static void main(String[] arguments) throws IOException {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new Saying());
        ConnectionOptions connection = ConnectionOptions.builder()
                .maxMessageBytes(1 << 30)
                .maxFrameBytes(1 << 30)
                .maxQueuedBytes(1 << 30)
                .heartbeat(Heartbeat.OFF)
                .build();
        WebSocketServer server = WebSocketServer.builder()
                .options(ServerOptions.builder()
                        .eventLoops(1)
                        .connection(connection)
                        .build())
                .endpoint("/", new Echo())
                .start();
        System.out.println("port " + server.port());
        while (System.in.read() >= 0) {
            // until the end
        }
        System.exit(0);
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            socket.send(data);
        }
    }

    private static final class Saying extends Handler {
        @Override
        public void publish(LogRecord record) {
            System.out.println("log " + record.getLevel() + " " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
