package dev.bowline.verification.interop.peer;

import dev.bowline.codec.Role;
import dev.bowline.verification.interop.Deflate;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.Listening;
import dev.bowline.verification.interop.Message;
import dev.bowline.verification.interop.Settings;
import dev.bowline.verification.interop.TestTls;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.glassfish.tyrus.client.ClientManager;
import org.glassfish.tyrus.client.ClientProperties;
import org.glassfish.tyrus.client.SslEngineConfigurator;
import org.glassfish.tyrus.container.grizzly.server.GrizzlyServerContainer;
import org.glassfish.tyrus.ext.extension.deflate.PerMessageDeflateExtension;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.jspecify.annotations.Nullable;

/**
 * Tyrus, the reference implementation of Jakarta WebSocket, on Grizzly. Its extension knows no parameters; its server outside an
 * application server knows no TLS.
 */
public final class TyrusPeer extends JvmPeer {
    // Touched by the test's thread alone.
    private final ClientManager plain = client();
    private final ClientManager secure = client();

    public TyrusPeer() {
        super("Tyrus", ClientManager.class);
        secure.getProperties()
                .put(ClientProperties.SSL_ENGINE_CONFIGURATOR, new SslEngineConfigurator(TestTls.clientSide()));
    }

    private static ClientManager client() {
        ClientManager client = ClientManager.createClient();
        client.setDefaultMaxBinaryMessageBufferSize(LIMIT_BYTES);
        client.setDefaultMaxTextMessageBufferSize(LIMIT_BYTES);
        return client;
    }

    /**
     * The interface has no way to see a Ping; and the extension compresses each fragment by itself, and marks each, which is
     * against RFC 7692 §6.1.
     */
    @Override
    public Set<Ability> abilities() {
        return EnumSet.of(Ability.PING, Ability.FRAGMENT);
    }

    @Override
    public boolean canAskFor(Role role, Deflate deflate) {
        return false;
    }

    @Override
    public boolean speaksTls(Role role) {
        return role == Role.CLIENT;
    }

    private static List<Extension> extensions(Settings settings) {
        return settings.deflate() == null ? List.of() : List.of(new PerMessageDeflateExtension());
    }

    @Override
    public End connect(URI uri, Settings settings, String... subprotocols) {
        TyrusEnd end = new TyrusEnd();
        ClientEndpointConfig config = ClientEndpointConfig.Builder.create()
                .extensions(extensions(settings))
                .build();
        try {
            (settings.tls() ? secure : plain).connectToServer(new TyrusEndpoint(end, open -> {}), config, uri);
        } catch (DeploymentException | IOException e) {
            end.failed(e);
        }
        return end;
    }

    @Override
    public Listening listen(Settings settings) {
        Accepted accepted = new Accepted();
        TyrusServerContainer server = (TyrusServerContainer) new GrizzlyServerContainer().createContainer(Map.of());
        server.setDefaultMaxBinaryMessageBufferSize(LIMIT_BYTES);
        server.setDefaultMaxTextMessageBufferSize(LIMIT_BYTES);
        ServerEndpointConfig config = ServerEndpointConfig.Builder.create(TyrusEndpoint.class, "/")
                .extensions(extensions(settings))
                .configurator(new ServerEndpointConfig.Configurator() {
                    @Override
                    public <T> T getEndpointInstance(Class<T> type) {
                        TyrusEnd end = new TyrusEnd();
                        return type.cast(new TyrusEndpoint(end, open -> accepted.put(open.getQueryString(), end)));
                    }
                })
                .build();
        try {
            server.start("/", 0);
            server.register(config);
        } catch (DeploymentException | IOException e) {
            throw new AssertionError(e);
        }
        return accepted.on(server.getPort(), server::stop);
    }

    /** Tyrus calls its methods by reflection, so it is public. */
    public static final class TyrusEndpoint extends Endpoint {
        private final TyrusEnd end;
        private final Consumer<Session> then;

        TyrusEndpoint(TyrusEnd end, Consumer<Session> then) {
            this.end = end;
            this.then = then;
        }

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            end.begin(session);
            then.accept(session);
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            end.closed(reason.getCloseCode().getCode(), reason.getReasonPhrase());
        }

        @Override
        public void onError(Session session, Throwable failure) {
            end.failed(failure);
        }
    }

    private static final class TyrusEnd extends JvmEnd {
        private volatile @Nullable Session session; // written before the test sees that it is open

        private Session session() {
            return Objects.requireNonNull(session, "not open yet");
        }

        void begin(Session open) {
            session = open;
            open.addMessageHandler(String.class, (MessageHandler.Whole<String>) text -> text(text));
            open.addMessageHandler(ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) data -> binary(data));
            open.addMessageHandler(
                    PongMessage.class, (MessageHandler.Whole<PongMessage>) pong -> pong(pong.getApplicationData()));
            opened();
        }

        @Override
        public void send(Message message) {
            // A test that misses what was not sent fails by itself.
            Future<Void> unused = message.isText()
                    ? session().getAsyncRemote().sendText(new String(message.payload(), StandardCharsets.UTF_8))
                    : session().getAsyncRemote().sendBinary(ByteBuffer.wrap(message.payload()));
        }

        @Override
        public void sendPart(boolean isText, byte[] part, boolean last) {
            try {
                if (isText) {
                    session().getBasicRemote().sendText(new String(part, StandardCharsets.UTF_8), last);
                } else {
                    session().getBasicRemote().sendBinary(ByteBuffer.wrap(part), last);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void ping(byte... payload) {
            try {
                session().getBasicRemote().sendPing(ByteBuffer.wrap(payload));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close(int code, String reason) {
            try {
                session().close(new CloseReason(CloseCodes.getCloseCode(code), reason));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
