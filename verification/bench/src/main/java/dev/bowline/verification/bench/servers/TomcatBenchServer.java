package dev.bowline.verification.bench.servers;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.MessageHandler;
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
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat, embedded, on its NIO connector. */
public final class TomcatBenchServer {
    private static final int LARGEST = 16 * 1024 * 1024 + 1024;
    private static final Set<Session> ALL = ConcurrentHashMap.newKeySet();

    private TomcatBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        java.util.logging.LogManager.getLogManager().reset();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxConnections", "100000");
        connector.setProperty("acceptCount", "4096");
        connector.setProperty("tcpNoDelay", "true");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), null);
        context.addApplicationListener(Registration.class.getName());
        context.addParameter("mode", mode.name());
        org.apache.catalina.Wrapper fallback =
                Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet");
        fallback.setLoadOnStartup(1);
        context.addServletMappingDecoded("/", "default");
        tomcat.start();
        Console.serve(connector.getLocalPort());
    }

    /** Registers the endpoint when the application starts. */
    public static final class Registration implements jakarta.servlet.ServletContextListener {
        @Override
        public void contextInitialized(jakarta.servlet.ServletContextEvent event) {
            Mode mode = Mode.valueOf(event.getServletContext().getInitParameter("mode"));
            ServerContainer container =
                    (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
            container.setDefaultMaxBinaryMessageBufferSize(LARGEST);
            container.setDefaultMaxTextMessageBufferSize(LARGEST);
            try {
                container.addEndpoint(
                        ServerEndpointConfig.Builder.create(mode == Mode.BROADCAST ? Broadcast.class : Echo.class, "/")
                                .configurator(new Extensions(mode))
                                .build());
            } catch (jakarta.websocket.DeploymentException e) {
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

    /** Sends back what it gets. */
    public static class Echo extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            ALL.add(session);
            session.addMessageHandler(ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) data -> came(session, data));
            session.addMessageHandler(String.class, (MessageHandler.Whole<String>) text -> send(session, text));
        }

        void came(Session session, ByteBuffer data) {
            try {
                session.getBasicRemote().sendBinary(data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void send(Session session, String text) {
            try {
                session.getBasicRemote().sendText(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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
