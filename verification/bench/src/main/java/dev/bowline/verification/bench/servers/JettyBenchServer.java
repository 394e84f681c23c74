package dev.bowline.verification.bench.servers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's core, without servlets, with one acceptor and one selector. The endpoint never blocks and says so ({@link
 * Invocable.InvocationType#NON_BLOCKING}), so Jetty may call it on the thread that reads, without a switch to another.
 * It asks for the next message when the answer is sent, as Jetty's documentation shows for echoing with back-pressure.
 *
 * <p>Its compressors come from a pool of the server with zlib's default level, 6, and keep no context where the client
 * asks for none.
 */
public final class JettyBenchServer {
    private static final int THREADS = 8; // acceptor, selector, and what Jetty reserves for itself

    private JettyBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        Set<Session> all = ConcurrentHashMap.newKeySet();
        Server server = new Server(new QueuedThreadPool(THREADS));
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost(Settings.HOST);
        connector.setAcceptQueueSize(Settings.BACKLOG);
        connector.setAcceptedTcpNoDelay(true);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
            container.setMaxBinaryMessageSize(Settings.LARGEST);
            container.setMaxTextMessageSize(Settings.LARGEST);
            container.setMaxFrameSize(Settings.LARGEST);
            container.setIdleTimeout(Duration.ofMinutes(30));
            container.addMapping("/*", (request, response, callback) -> {
                if (mode != Mode.DEFLATE) {
                    response.setExtensions(List.of());
                }
                return mode == Mode.BROADCAST ? new Broadcast(all) : new Echo();
            });
        }));
        server.start();
        Console.serve(connector.getLocalPort());
    }

    /** Sends back what it gets. Jetty looks for its methods by reflection, so it is public. */
    public static final class Echo extends Session.Listener.Abstract {
        @Override
        public void onWebSocketOpen(Session open) {
            super.onWebSocketOpen(open);
            open.demand();
        }

        @Override
        public void onWebSocketBinary(ByteBuffer data, Callback callback) {
            Session session = getSession();
            session.sendBinary(
                    data,
                    Callback.from(
                            () -> {
                                callback.succeed();
                                session.demand();
                            },
                            callback::fail));
        }

        @Override
        public void onWebSocketText(String text) {
            Session session = getSession();
            session.sendText(text, Callback.from(session::demand, failure -> session.disconnect()));
        }
    }

    /** Sends what it gets to all. Jetty looks for its methods by reflection, so it is public. */
    public static final class Broadcast extends Session.Listener.Abstract {
        private final Set<Session> all;

        Broadcast(Set<Session> all) {
            this.all = all;
        }

        @Override
        public void onWebSocketOpen(Session open) {
            super.onWebSocketOpen(open);
            all.add(open);
            open.demand();
        }

        @Override
        public void onWebSocketBinary(ByteBuffer data, Callback callback) {
            ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
            callback.succeed();
            all.forEach(to -> to.sendBinary(copy.duplicate(), Callback.NOOP));
            getSession().demand();
        }

        @Override
        public void onWebSocketText(String text) {
            all.forEach(to -> to.sendText(text, Callback.NOOP));
            getSession().demand();
        }

        @Override
        public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
            all.remove(getSession());
            callback.succeed();
        }
    }
}
