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
import org.glassfish.tyrus.container.grizzly.server.GrizzlyServerContainer;
import org.glassfish.tyrus.server.TyrusServerContainer;

/** Tyrus on Grizzly. */
public final class TyrusBenchServer {
    private static final int LARGEST = 16 * 1024 * 1024 + 1024;
    private static final Set<Session> ALL = ConcurrentHashMap.newKeySet();

    private TyrusBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        if (mode == Mode.DEFLATE) {
            System.err.println("Tyrus compresses each frame by itself, which no other client understands.");
            System.exit(2);
        }
        java.util.logging.LogManager.getLogManager().reset();
        TyrusServerContainer server =
                (TyrusServerContainer) new GrizzlyServerContainer().createContainer(Map.<String, Object>of());
        server.setDefaultMaxBinaryMessageBufferSize(LARGEST);
        server.setDefaultMaxTextMessageBufferSize(LARGEST);
        server.start("/", 0);
        server.register(ServerEndpointConfig.Builder.create(mode == Mode.BROADCAST ? Broadcast.class : Echo.class, "/")
                .build());
        Console.serve(server.getPort());
    }

    /** Sends back what it gets. */
    public static class Echo extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            ALL.add(session);
            session.addMessageHandler(ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) data -> came(session, data));
            session.addMessageHandler(String.class, (MessageHandler.Whole<String>)
                    text -> session.getAsyncRemote().sendText(text));
        }

        void came(Session session, ByteBuffer data) {
            session.getAsyncRemote().sendBinary(data);
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            ALL.remove(session);
        }
    }

    /** Sends what it gets to all. */
    public static final class Broadcast extends Echo {
        @Override
        void came(Session session, ByteBuffer data) {
            ALL.forEach(to -> super.came(to, data.duplicate()));
        }
    }
}
