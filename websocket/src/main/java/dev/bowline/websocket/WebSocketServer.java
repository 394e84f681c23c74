package dev.bowline.websocket;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.internal.server.Server;
import dev.bowline.websocket.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * A WebSocket server.
 *
 * <pre>{@code
 * WebSocketServer server = WebSocketServer.builder()
 *         .port(3000)
 *         .endpoint("/chat", new WebSocketListener() {
 *             @Override
 *             public void onText(WebSocket socket, String text) {
 *                 socket.send(text);
 *             }
 *         })
 *         .start();
 * }</pre>
 *
 * <p><b>Life.</b> {@link Builder#start} binds the address and accepts from then on; {@link #stop} ends it for good. Its
 * event loops keep the program running until then.
 *
 * <p><b>Threads.</b> Every method may be called from any thread. A connection stays on the event loop that it was given
 * to.
 */
public final class WebSocketServer implements AutoCloseable {
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private final Server server;

    private WebSocketServer(Server server) {
        this.server = server;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The address it listens on. */
    public InetSocketAddress address() {
        return server.localAddress();
    }

    /** The port it listens on: with port 0, the one that the operating system chose. */
    public int port() {
        return address().getPort();
    }

    /**
     * A live, unmodifiable view of the open connections of all endpoints. Its size is that of the moment; an iteration goes over
     * those that are open when it begins.
     */
    public Collection<WebSocket> connections() {
        return server.registry().all();
    }

    /**
     * A live, unmodifiable view of the open connections of one user, as named by {@link UpgradeDecision#user}; empty if
     * there are none. Look it up each time: a view that has become empty stays so.
     */
    public Collection<WebSocket> user(String name) {
        return server.registry().user(name);
    }

    /**
     * What the server has done since it was started, and what it holds now. Blocks nobody, and waits for nobody, though an event loop be
     * blocked; costs some microseconds for each event loop, however many connections there are.
     */
    public ServerStatistics statistics() {
        return server.statistics();
    }

    /**
     * Sends a message to all connections, framed once for all of them. What one thread broadcasts and what it sends to single
     * connections arrives in the order in which it did so.
     */
    public CompletionStage<BroadcastResult> broadcast(PreparedMessage message) {
        return broadcast(message, socket -> true);
    }

    /**
     * Sends a message to the connections that pass the filter, framed once for all of them.
     *
     * @param filter runs on the event loops, several at a time; must not block
     * @return completed when the message is queued everywhere; exceptionally if the filter throws
     */
    public CompletionStage<BroadcastResult> broadcast(PreparedMessage message, Predicate<? super WebSocket> filter) {
        return server.registry().broadcast(message, filter);
    }

    /**
     * Speaks TLS with other keys, or other trust, on connections that are accepted from now on; those that are open
     * stay as they are.
     *
     * @throws IllegalStateException if the server was started without {@link ServerOptions.Builder#tls}
     */
    public void tls(ServerTls tls) {
        if (!server.isSecure()) {
            throw new IllegalStateException("the server speaks plain TCP; it must be started with TLS to speak it");
        }
        secure(Objects.requireNonNull(tls, "tls"));
    }

    /** Speaks TLS on connections that are accepted from now on, whatever the options say; for tests. */
    void secure(ServerTls tls) {
        server.tls(tls);
    }

    /**
     * Accepts no more connections, so that a balancer takes this server out, and whoever comes back goes to another one. WebSockets that are
     * open stay until {@link #stop}, which is still to be called; who is about to open one is refused. Returns at once; the port is free soon.
     */
    public void stopAccepting() {
        server.stopAccepting();
    }

    /**
     * Stops: accepts no more, closes every connection with 1001 "going away", waits for the closing handshakes, cuts what
     * is left, and ends the event loops. When it returns every {@code onClose} has returned and the port is free, unless a
     * callback has blocked its event loop for 5 s. Not to be called on an event loop.
     *
     * @param grace how long to wait for the closing handshakes
     */
    public void stop(Duration grace) throws InterruptedException {
        server.stop(grace);
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

    /** Collects what a server is to be. Not thread-safe. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port;
        private ServerOptions options = ServerOptions.DEFAULT;
        private final List<Endpoint> endpoints = new ArrayList<>();
        private final Map<String, StaticResource> resources = new TreeMap<>();

        private Builder() {}

        /**
         * The name or address of the interface to listen on. Default {@code 127.0.0.1}: this machine only;
         * {@code 0.0.0.0} or {@code ::} is every interface.
         */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** The port, 0 to 65535. Default 0: one that is free. */
        public Builder port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port is " + port + ", must be 0 to 65535");
            }
            this.port = port;
            return this;
        }

        /** Default {@link ServerOptions#DEFAULT}. */
        public Builder options(ServerOptions options) {
            this.options = options;
            return this;
        }

        /** Serves WebSockets at a path: see {@link Endpoint#of}. */
        public Builder endpoint(String path, WebSocketListener listener) {
            return endpoint(Endpoint.of(path, listener));
        }

        /**
         * Serves an endpoint.
         *
         * @throws IllegalArgumentException if there is one at its path already
         */
        public Builder endpoint(Endpoint endpoint) {
            if (endpoints.stream().anyMatch(other -> other.path().equals(endpoint.path()))) {
                throw new IllegalArgumentException("there is an endpoint at " + endpoint.path() + " already");
            }
            endpoints.add(endpoint);
            return this;
        }

        /**
         * Answers plain GET and HEAD requests of a path. What is not listed is answered with 404.
         *
         * @param path the exact path; there may be an endpoint at the same one
         */
        public Builder resource(String path, StaticResource resource) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path is \"" + path + "\", must begin with a slash");
            }
            if (resources.putIfAbsent(path, resource) != null) {
                throw new IllegalArgumentException("there is a resource at " + path + " already");
            }
            return this;
        }

        /**
         * Binds the address and begins to accept.
         *
         * @throws IOException if the host is unknown or the port taken; the message says which and why
         */
        public WebSocketServer start() throws IOException {
            return new WebSocketServer(Server.start(new InetSocketAddress(host, port), options, endpoints, resources));
        }
    }
}
