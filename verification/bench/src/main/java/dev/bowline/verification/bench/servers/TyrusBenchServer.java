package dev.bowline.verification.bench.servers;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.logging.LogManager;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.glassfish.tyrus.container.grizzly.server.GrizzlyServerContainer;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;

/**
 * Tyrus on Grizzly, with one selector and one worker: nothing here blocks, so a second one would only compete for the
 * one processor. It sends in asynchronous style, which queues what a connection does not take at once.
 *
 * <p>Its compression does not take part: it ignores every parameter of an offer (so it keeps contexts where a client
 * asks it not to) and compresses each fragment by itself. Nor can it be told how many connections may wait to be
 * accepted, nor on which address it listens.
 */
public final class TyrusBenchServer {
    private static final Set<Session> ALL = ConcurrentHashMap.newKeySet();

    private TyrusBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        mode.requireNot(Mode.DEFLATE, "Tyrus");
        LogManager.getLogManager().reset();
        TyrusServerContainer server = (TyrusServerContainer) new GrizzlyServerContainer()
                .createContainer(Map.of(
                        GrizzlyServerContainer.SELECTOR_THREAD_POOL_CONFIG, oneThread("selector"),
                        GrizzlyServerContainer.WORKER_THREAD_POOL_CONFIG, oneThread("worker"),
                        TyrusWebSocketEngine.INCOMING_BUFFER_SIZE, Settings.LARGEST));
        server.setDefaultMaxBinaryMessageBufferSize(Settings.LARGEST);
        server.setDefaultMaxTextMessageBufferSize(Settings.LARGEST);
        server.start("/", 0);
        server.register(ServerEndpointConfig.Builder.create(mode == Mode.BROADCAST ? Broadcast.class : Echo.class, "/")
                .build());
        Console.serve(server.getPort());
    }

    private static ThreadPoolConfig oneThread(String name) {
        return ThreadPoolConfig.defaultConfig()
                .setPoolName(name)
                .setCorePoolSize(1)
                .setMaxPoolSize(1);
    }

    /** What both modes have in common. */
    private abstract static class Messages extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            ALL.add(session);
            session.addMessageHandler(
                    ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) data -> binary(session, data));
            session.addMessageHandler(String.class, (MessageHandler.Whole<String>) text -> text(session, text));
        }

        abstract void binary(Session from, ByteBuffer data);

        abstract void text(Session from, String text);

        // What could not be sent ends the connection, of which onClose tells; so nobody asks the futures.

        static void send(Session to, ByteBuffer data) {
            Future<Void> unused = to.getAsyncRemote().sendBinary(data);
        }

        static void send(Session to, String text) {
            Future<Void> unused = to.getAsyncRemote().sendText(text);
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            ALL.remove(session);
        }
    }

    /** Sends back what it gets. Tyrus makes it by reflection, so it is public. */
    public static final class Echo extends Messages {
        @Override
        void binary(Session from, ByteBuffer data) {
            send(from, data);
        }

        @Override
        void text(Session from, String text) {
            send(from, text);
        }
    }

    /** Sends what it gets to all. Tyrus makes it by reflection, so it is public. */
    public static final class Broadcast extends Messages {
        @Override
        void binary(Session from, ByteBuffer data) {
            ALL.forEach(to -> send(to, data.duplicate()));
        }

        @Override
        void text(Session from, String text) {
            ALL.forEach(to -> send(to, text));
        }
    }
}
