package dev.bowline.verification.interop.peer;

import dev.bowline.codec.Role;
import dev.bowline.verification.interop.Deflate;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.Listening;
import dev.bowline.verification.interop.Message;
import dev.bowline.verification.interop.Settings;
import dev.bowline.verification.interop.TestTls;
import io.undertow.Undertow;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketExtension;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.client.WebSocketClient;
import io.undertow.websockets.client.WebSocketClientNegotiation;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xnio.IoFuture;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Undertow's core. Its client offers what its user writes; which contexts it keeps its user says too. */
public final class UndertowPeer extends JvmPeer {
    private final ByteBufferPool buffers = new DefaultByteBufferPool(false, 16 * 1024);
    private @Nullable XnioWorker started; // touched by the test's thread alone

    public UndertowPeer() {
        super("Undertow", Undertow.class);
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.of(Ability.PING, Ability.SEE_PING);
    }

    /** Its server keeps what its user says to itself. */
    @Override
    public boolean canAskFor(Role role, Deflate deflate) {
        return role == Role.CLIENT && !deflate.asksForWindows();
    }

    /** Its client does not get through a TLS handshake most of the times, not even with its own server. */
    @Override
    public boolean speaksTls(Role role) {
        return role == Role.SERVER;
    }

    private XnioWorker worker() {
        if (started == null) {
            try {
                started = Xnio.getInstance().createWorker(OptionMap.EMPTY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return started;
    }

    private static PerMessageDeflateHandshake handshake(boolean client, Deflate deflate) {
        boolean keepServer = !deflate.serverNoContextTakeover();
        boolean keepClient = !deflate.clientNoContextTakeover();
        boolean compress = client ? keepClient : keepServer;
        boolean decompress = client ? keepServer : keepClient;
        int level = PerMessageDeflateHandshake.DEFAULT_DEFLATER;
        return new PerMessageDeflateHandshake(client, level, compress, decompress, LIMIT_BYTES);
    }

    /** An offer, as its client has it. */
    private static List<WebSocketExtension> offers(Deflate deflate) {
        List<WebSocketExtension.Parameter> parameters = new ArrayList<>();
        if (deflate.serverNoContextTakeover()) {
            parameters.add(new WebSocketExtension.Parameter("server_no_context_takeover", null));
        }
        if (deflate.clientNoContextTakeover()) {
            parameters.add(new WebSocketExtension.Parameter("client_no_context_takeover", null));
        }
        return List.of(new WebSocketExtension("permessage-deflate", parameters));
    }

    @Override
    public End connect(URI uri, Settings settings, String... subprotocols) {
        UndertowEnd end = new UndertowEnd();
        WebSocketClient.ConnectionBuilder builder = WebSocketClient.connectionBuilder(worker(), buffers, uri);
        Deflate deflate = settings.deflate();
        if (deflate != null) {
            builder.setClientNegotiation(new WebSocketClientNegotiation(List.of(), offers(deflate)))
                    .setClientExtensions(Set.of(handshake(true, deflate)));
        }
        builder.connect()
                .addNotifier(
                        (future, attachment) -> {
                            if (future.getStatus() == IoFuture.Status.DONE) {
                                end.begin(channel(future));
                            } else {
                                end.failed(future.getException());
                            }
                        },
                        null);
        return end;
    }

    private static WebSocketChannel channel(IoFuture<? extends WebSocketChannel> future) {
        try {
            return future.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Listening listen(Settings settings) {
        Accepted accepted = new Accepted();
        WebSocketConnectionCallback callback = (exchange, channel) -> {
            UndertowEnd end = new UndertowEnd();
            end.begin(channel);
            accepted.put(exchange.getQueryString(), end);
        };
        WebSocketProtocolHandshakeHandler handler = new WebSocketProtocolHandshakeHandler(callback);
        Deflate deflate = settings.deflate();
        if (deflate != null) {
            handler.addExtension(handshake(false, deflate));
        }
        Undertow.Builder builder = Undertow.builder().setWorker(worker()).setHandler(handler);
        Undertow server = (settings.tls()
                        ? builder.addHttpsListener(0, "127.0.0.1", TestTls.serverSide())
                        : builder.addHttpListener(0, "127.0.0.1"))
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return accepted.on(port, server::stop);
    }

    @Override
    public void close() {
        if (started != null) {
            started.shutdown();
        }
        buffers.close();
    }

    private static final class UndertowEnd extends JvmEnd {
        private volatile @Nullable WebSocketChannel channel; // written before the test sees that it is open

        private WebSocketChannel channel() {
            return Objects.requireNonNull(channel, "not open yet");
        }

        void begin(WebSocketChannel open) {
            channel = open;
            opened();
            open.getReceiveSetter().set(new Receiver(this));
            open.resumeReceives();
        }

        @Override
        public void send(Message message) {
            if (message.isText()) {
                WebSockets.sendText(new String(message.payload(), StandardCharsets.UTF_8), channel(), null);
            } else {
                WebSockets.sendBinary(ByteBuffer.wrap(message.payload()), channel(), null);
            }
        }

        @Override
        public void ping(byte... payload) {
            WebSockets.sendPing(ByteBuffer.wrap(payload), channel(), null);
        }

        @Override
        public void close(int code, String reason) {
            WebSockets.sendClose(code, reason, channel(), null);
        }
    }

    private static final class Receiver extends AbstractReceiveListener {
        private final UndertowEnd end;

        Receiver(UndertowEnd end) {
            this.end = end;
        }

        @Override
        protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) {
            end.text(message.getData());
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
            var data = message.getData();
            end.binary(WebSockets.mergeBuffers(data.getResource()));
            data.free();
        }

        @Override
        protected void onFullPingMessage(WebSocketChannel from, BufferedBinaryMessage message) throws IOException {
            ByteBuffer payload = WebSockets.mergeBuffers(message.getData().getResource());
            end.ping(payload);
            WebSockets.sendPong(payload, from, null); // who listens for pings has to answer them
        }

        @Override
        protected void onFullPongMessage(WebSocketChannel from, BufferedBinaryMessage message) {
            var data = message.getData();
            end.pong(WebSockets.mergeBuffers(data.getResource()));
            data.free();
        }

        @Override
        protected void onCloseMessage(CloseMessage message, WebSocketChannel from) {
            end.closed(message.getCode(), message.getReason());
        }

        @Override
        protected void onError(WebSocketChannel from, Throwable error) {
            end.failed(error);
        }
    }
}
