package dev.bowline.websocket;

import dev.bowline.codec.handshake.ClientHandshake;
import dev.bowline.websocket.internal.client.AddressResolver;
import dev.bowline.websocket.internal.client.Client;
import dev.bowline.websocket.internal.client.ClientAccess;
import dev.bowline.websocket.internal.reconnect.Reconnector;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSockets.
 *
 * <pre>{@code
 * WebSocketClient.shared()
 *         .connect(URI.create("ws://localhost:3000/chat"), new WebSocketListener() {
 *             @Override
 *             public void onOpen(WebSocket socket) {
 *                 socket.send("Hello");
 *             }
 *         });
 * }</pre>
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and none but {@link #close} and {@link #stop} blocks. All
 * clients of the program share one event loop, unless {@link Builder#eventLoops} gives a client loops of its own; a
 * thousand connections need no more threads than one. The loops are daemon threads: they do not keep the program
 * running. Names are looked up on other daemon threads, eight at most, that end when they have nothing to do.
 *
 * <p><b>Addresses.</b> Where a name has several, IPv6 and IPv4 are tried in turn, the next one when one fails or has not
 * answered for 250 ms; the first that connects is used (RFC 8305).
 */
public final class WebSocketClient implements AutoCloseable {
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);
    private static final WebSocketClient SHARED = builder().build();

    static {
        ClientAccess.provide(socketClient -> socketClient.client);
    }

    private final Client client;
    private final ClientOptions options;

    private WebSocketClient(Builder builder) {
        client = new Client(builder.eventLoops, builder.transport, builder.resolver);
        options = builder.options;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The client of the whole program, with default options; {@link #close} has no effect on it. */
    public static WebSocketClient shared() {
        return SHARED;
    }

    /** {@link #connect(URI, WebSocketListener, ClientOptions)} with this client's options. */
    public CompletionStage<WebSocket> connect(URI uri, WebSocketListener listener) {
        return connect(uri, listener, options);
    }

    /**
     * Opens a WebSocket.
     *
     * <p>The stage completes on the connection's event loop, behind {@code onOpen} (with a
     * {@linkplain ConnectionOptions#callbackExecutor callback executor}: perhaps before it). What depends on the stage
     * without {@code …Async} runs there too and must not block. Cancelling {@code toCompletableFuture()} gives the
     * attempt up. An attempt that fails calls nothing of the listener.
     *
     * @param uri {@code ws://host[:port]/path?query}, or {@code wss://} for TLS; without fragment and user information
     * @return completed with the open connection; or exceptionally with a {@link WebSocketHandshakeException} if the
     *     server or the proxy answered something else, with a {@link javax.net.ssl.SSLException} if TLS failed, and with
     *     another {@link java.io.IOException} if the host is unknown, no address took the connection, the stream broke or
     *     time ran out. The message says which, in one sentence
     * @throws IllegalArgumentException for a URI that no WebSocket can be opened to
     * @throws IllegalStateException if the client is closed
     */
    public CompletionStage<WebSocket> connect(URI uri, WebSocketListener listener, ClientOptions options) {
        requireSupported(uri);
        client.requireOpen();
        return client.connect(client.nextLoop(), uri, options, listener);
    }

    /** {@link #keepConnected(URI, ReconnectListener, ReconnectOptions)} with this client's options for connections. */
    public ReconnectingWebSocket keepConnected(URI uri, ReconnectListener listener) {
        return keepConnected(
                uri, listener, ReconnectOptions.builder().client(options).build());
    }

    /**
     * Opens a WebSocket, and opens it again whenever it is lost.
     *
     * @return at once; how it goes the listener is told. The client keeps it until its end
     * @throws IllegalArgumentException for a URI that no WebSocket can be opened to
     * @throws IllegalStateException if the client is closed
     */
    public ReconnectingWebSocket keepConnected(URI uri, ReconnectListener listener, ReconnectOptions options) {
        requireSupported(uri);
        client.requireOpen();
        Reconnector reconnector = new Reconnector(client, uri, listener, options);
        client.began(reconnector);
        reconnector.start();
        return reconnector;
    }

    private static void requireSupported(URI uri) {
        ClientHandshake.requireWebSocketUri(uri);
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("port of the URI is " + uri.getPort() + ", must be 1 to 65535");
        }
    }

    /**
     * Closes the client: attempts fail, connections are closed with 1001 "going away" and, after the grace, cut; event
     * loops of its own end. Not to be called on an event loop of the client.
     *
     * @param grace how long to wait for the closing handshakes
     */
    public void stop(Duration grace) throws InterruptedException {
        if (this != SHARED) {
            client.stop(grace);
        }
    }

    /** {@link #stop} with 5 s of grace. */
    @Override
    public void close() {
        try {
            stop(CLOSE_GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Collects what a client is to be. Not thread-safe. */
    public static final class Builder {
        private int eventLoops;
        private TransportKind transport = TransportKind.AUTOMATIC;
        private ClientOptions options = ClientOptions.DEFAULT;
        private @Nullable AddressResolver resolver;

        private Builder() {}

        /**
         * Gives the client event loops of its own, each with a daemon thread. Default 0: it shares the program's one.
         */
        public Builder eventLoops(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("eventLoops is " + count + ", must not be negative");
            }
            eventLoops = count;
            return this;
        }

        /**
         * How event loops of its own move bytes; without effect where it has none. Default {@link TransportKind#AUTOMATIC}.
         * Where the kind can't be had, {@link #build} throws {@link UnsupportedOperationException}.
         */
        public Builder transport(TransportKind kind) {
            transport = kind;
            return this;
        }

        /** The options of connections that are opened without options. Default {@link ClientOptions#DEFAULT}. */
        public Builder options(ClientOptions options) {
            this.options = options;
            return this;
        }

        /** Looks names up elsewhere; for tests. */
        Builder resolver(AddressResolver resolver) {
            this.resolver = resolver;
            return this;
        }

        public WebSocketClient build() {
            return new WebSocketClient(this);
        }
    }
}
