package dev.bowline.verification.bench.servers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty, with one selector. */
public final class JettyBenchServer {
    private static final int LARGEST = 16 * 1024 * 1024 + 1024;
    private static final int THREADS = 8;

    private JettyBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        Set<Session> all = ConcurrentHashMap.newKeySet();
        Server server = new Server(new QueuedThreadPool(THREADS));
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setMaxBinaryMessageSize(LARGEST);
            container.setMaxTextMessageSize(LARGEST);
            container.setMaxFrameSize(LARGEST);
            container.setIdleTimeout(Duration.ofMinutes(30));
            container.addMapping("/*", (request, response, callback) -> {
                if (mode != Mode.DEFLATE) {
                    response.setExtensions(List.of());
                }
                return new Endpoint(mode, all);
            });
        }));
        server.start();
        Console.serve(connector.getLocalPort());
    }

    /** Jetty looks for its methods by reflection, so it is public. */
    public static final class Endpoint implements Session.Listener {
        private final Mode mode;
        private final Set<Session> all;
        private Session session;

        Endpoint(Mode mode, Set<Session> all) {
            this.mode = mode;
            this.all = all;
        }

        @Override
        public void onWebSocketOpen(Session open) {
            session = open;
            all.add(open);
            open.demand();
        }

        @Override
        public void onWebSocketBinary(ByteBuffer data, Callback callback) {
            if (mode != Mode.BROADCAST) {
                session.sendBinary(
                        data,
                        Callback.from(
                                () -> {
                                    callback.succeed();
                                    session.demand();
                                },
                                callback::fail));
                return;
            }
            ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
            callback.succeed();
            all.forEach(to -> to.sendBinary(copy.duplicate(), Callback.NOOP));
            session.demand();
        }

        @Override
        public void onWebSocketText(String text) {
            session.sendText(text, Callback.from(session::demand, failure -> session.disconnect()));
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            all.remove(session);
            callback.succeed();
        }
    }
}
