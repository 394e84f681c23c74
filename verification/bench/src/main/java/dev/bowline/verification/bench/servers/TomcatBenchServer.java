package dev.bowline.verification.bench.servers;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.LogManager;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/**
 * Tomcat, embedded, on its NIO connector, with the one poller that it has.
 *
 * <p>A message is passed on part by part, through handlers of parts: a handler of whole messages has Tomcat allocate a
 * buffer of the largest message for each connection, and thousands of connections exhaust the heap. A part is what its
 * buffers of 8 KiB hold, so a small message is one part. Sending is in blocking style, as is usual in Jakarta
 * WebSocket: the other one costs a callback and allows one message at a time. Batching is off, as nothing tells an
 * endpoint that a read is done and the batch due.
 *
 * <p>Its compression has no level to choose; it is zlib's default, 6.
 */
public final class TomcatBenchServer {
    private static final Set<Session> ALL = ConcurrentHashMap.newKeySet();

    private TomcatBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        LogManager.getLogManager().reset();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(0);
        connector.setProperty("address", Settings.HOST);
        connector.setProperty("maxConnections", "-1");
        connector.setProperty("acceptCount", Integer.toString(Settings.BACKLOG));
        connector.setProperty("tcpNoDelay", "true");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), null);
        context.addApplicationListener(Registration.class.getName());
        context.addParameter("mode", mode.name());
        Wrapper fallback = Tomcat.addServlet(context, "default", DefaultServlet.class.getName());
        fallback.setLoadOnStartup(1);
        fallback.addMapping("/");
        tomcat.start();
        Console.serve(connector.getLocalPort());
    }

    /** Registers the endpoint when the application starts. Tomcat makes it by reflection, so it is public. */
    public static final class Registration implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            Mode mode = Mode.valueOf(event.getServletContext().getInitParameter("mode"));
            ServerContainer container =
                    (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
            try {
                container.addEndpoint(
                        ServerEndpointConfig.Builder.create(mode == Mode.BROADCAST ? Broadcast.class : Echo.class, "/")
                                .configurator(new Extensions(mode))
                                .build());
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Tomcat compresses wherever a client offers it, unless it is told not to. */
    private static final class Extensions extends ServerEndpointConfig.Configurator {
        private final Mode mode;

        Extensions(Mode mode) {
            this.mode = mode;
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return mode == Mode.DEFLATE ? super.getNegotiatedExtensions(installed, requested) : List.of();
        }
    }

    /** What both modes have in common. */
    private abstract static class Parts extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            ALL.add(session);
            session.addMessageHandler(ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>)
                    (part, last) -> came(session, remote -> remote.sendBinary(part.duplicate(), last)));
            session.addMessageHandler(String.class, (MessageHandler.Partial<String>)
                    (part, last) -> came(session, remote -> remote.sendText(part, last)));
        }

        abstract void came(Session from, Part part);

        @Override
        public void onClose(Session session, CloseReason reason) {
            ALL.remove(session);
        }
    }

    /** A part of a message, which may be sent to several. */
    private interface Part {
        void sendBy(RemoteEndpoint.Basic remote) throws IOException;
    }

    /** Sends back what it gets. Tomcat makes it by reflection, so it is public. */
    public static final class Echo extends Parts {
        @Override
        void came(Session from, Part part) {
            try {
                part.sendBy(from.getBasicRemote());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Sends what it gets to all. Tomcat makes it by reflection, so it is public. */
    public static final class Broadcast extends Parts {
        @Override
        void came(Session from, Part part) {
            ALL.forEach(to -> deliver(to, part));
        }

        /** Whoever can't be sent to has ended meanwhile, which must not end whoever sent. */
        private static void deliver(Session to, Part part) {
            try {
                synchronized (to) { // a second thread's send is an error to Tomcat, not a reason to wait
                    part.sendBy(to.getBasicRemote());
                }
            } catch (IOException | IllegalStateException e) {
                ALL.remove(to);
            }
        }
    }
}
