package dev.bowline.verification.interop.peer;

import dev.bowline.codec.Role;
import dev.bowline.verification.interop.Deflate;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.Listening;
import dev.bowline.verification.interop.Message;
import dev.bowline.verification.interop.Settings;
import dev.bowline.verification.interop.TestTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Configurable;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** Jetty. Its client offers what its user writes; its server answers by itself. It compresses with the JDK's Deflater. */
public final class JettyPeer extends JvmPeer {
    private @Nullable WebSocketClient started; // touched by the test's thread alone

    public JettyPeer() {
        super("Jetty", Session.class);
    }

    /** It would offer a window of its own, but not keep it. */
    @Override
    public boolean canAskFor(Role role, Deflate deflate) {
        return role == Role.CLIENT && deflate.clientMaxWindowBits() == 0;
    }

    private static void configure(Configurable configurable) {
        configurable.setMaxBinaryMessageSize(LIMIT_BYTES);
        configurable.setMaxTextMessageSize(LIMIT_BYTES);
        configurable.setMaxFrameSize(LIMIT_BYTES);
        configurable.setIdleTimeout(Duration.ofMinutes(5));
    }

    private WebSocketClient client() {
        if (started == null) {
            SslContextFactory.Client trust = new SslContextFactory.Client();
            trust.setSslContext(TestTls.clientSide());
            ClientConnector connector = new ClientConnector();
            connector.setSslContextFactory(trust);
            WebSocketClient client = new WebSocketClient(new HttpClient(new HttpClientTransportOverHTTP(connector)));
            configure(client);
            LifeCycle.start(client);
            started = client;
        }
        return started;
    }

    @Override
    public End connect(URI uri, Settings settings, String... subprotocols) {
        JettyEnd end = new JettyEnd();
        ClientUpgradeRequest request = new ClientUpgradeRequest(uri);
        Deflate deflate = settings.deflate();
        if (deflate != null) {
            String parameters = deflate.parameters();
            request.addExtensions("permessage-deflate" + (parameters.isEmpty() ? "" : "; " + parameters));
        }
        try {
            CompletionStage<Session> connecting = client().connect(end, request);
            connecting.whenComplete((session, failure) -> {
                if (failure != null) {
                    end.failed(failure);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return end;
    }

    @Override
    public Listening listen(Settings settings) {
        Accepted accepted = new Accepted();
        Server server = new Server();
        ServerConnector connector;
        if (settings.tls()) {
            SslContextFactory.Server identity = new SslContextFactory.Server();
            identity.setSslContext(TestTls.serverSide());
            connector = new ServerConnector(server, identity);
        } else {
            connector = new ServerConnector(server);
        }
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            configure(container);
            container.addMapping("/*", (request, response, callback) -> {
                if (settings.deflate() == null) {
                    response.setExtensions(List.of());
                }
                JettyEnd end = new JettyEnd();
                accepted.put(request.getHttpURI().getQuery(), end);
                return end;
            });
        }));
        LifeCycle.start(server);
        return accepted.on(connector.getLocalPort(), () -> LifeCycle.stop(server));
    }

    @Override
    public void close() {
        LifeCycle.stop(started);
    }

    /** Jetty looks for its methods by reflection, so it is public. */
    public static final class JettyEnd extends JvmEnd implements Session.Listener.AutoDemanding {
        private volatile @Nullable Session session; // written before the test sees that it is open

        private Session session() {
            return Objects.requireNonNull(session, "not open yet");
        }

        @Override
        public void onWebSocketOpen(Session open) {
            session = open;
            opened();
        }

        @Override
        public void onWebSocketText(String text) {
            text(text);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer data, Callback callback) {
            binary(data);
            callback.succeed();
        }

        @Override
        public void onWebSocketPing(ByteBuffer payload) {
            ping(payload);
            session().sendPong(payload, Callback.NOOP); // who listens for pings has to answer them
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            pong(payload);
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            closed(code, reason);
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable failure) {
            failed(failure);
        }

        @Override
        public void send(Message message) {
            if (message.isText()) {
                session().sendText(new String(message.payload(), StandardCharsets.UTF_8), Callback.NOOP);
            } else {
                session().sendBinary(ByteBuffer.wrap(message.payload()), Callback.NOOP);
            }
        }

        @Override
        public void sendPart(boolean isText, byte[] part, boolean last) {
            if (isText) {
                session().sendPartialText(new String(part, StandardCharsets.UTF_8), last, Callback.NOOP);
            } else {
                session().sendPartialBinary(ByteBuffer.wrap(part), last, Callback.NOOP);
            }
        }

        @Override
        public void ping(byte... payload) {
            session().sendPing(ByteBuffer.wrap(payload), Callback.NOOP);
        }

        @Override
        public void close(int code, String reason) {
            session().close(code, reason, Callback.NOOP);
        }
    }
}
