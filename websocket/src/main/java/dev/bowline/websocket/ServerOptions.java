package dev.bowline.websocket;

import dev.bowline.codec.handshake.HeadLimits;
import dev.bowline.websocket.internal.server.HostNames;
import dev.bowline.websocket.internal.server.TrustedProxies;
import dev.bowline.websocket.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits and habits of a server. Immutable and validated by the builder; each option's default stands at its method
 * in {@link Builder}.
 */
public final class ServerOptions {
    public static final ServerOptions DEFAULT = builder().build();

    private final int eventLoops;
    private final TransportKind transport;
    private final int backlog;
    private final HeadLimits headLimits;
    private final Duration handshakeTimeout;
    private final int maxConnections;
    private final int maxConnectionsPerAddress;
    private final AllowedOrigins allowedOrigins;
    private final List<String> allowedHosts;
    private final List<String> trustedProxies;
    private final @Nullable ServerTls tls;
    private final ConnectionOptions connection;

    private ServerOptions(Builder builder) {
        eventLoops = atLeastOne("eventLoops", builder.eventLoops);
        transport = builder.transport;
        backlog = atLeastOne("backlog", builder.backlog);
        maxConnections = atLeastOne("maxConnections", builder.maxConnections);
        maxConnectionsPerAddress = atLeastOne("maxConnectionsPerAddress", builder.maxConnectionsPerAddress);
        headLimits = new HeadLimits(builder.maxHeadBytes, builder.maxHeaders);
        handshakeTimeout = builder.handshakeTimeout;
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("handshakeTimeout is " + handshakeTimeout + ", must be more than zero");
        }
        allowedOrigins = builder.allowedOrigins;
        allowedHosts = builder.allowedHosts;
        trustedProxies = builder.trustedProxies;
        tls = builder.tls;
        connection = builder.connection;
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
        }
        return value;
    }

    public static Builder builder() {
        return new Builder();
    }

    public int eventLoops() {
        return eventLoops;
    }

    public TransportKind transport() {
        return transport;
    }

    public int backlog() {
        return backlog;
    }

    public HeadLimits headLimits() {
        return headLimits;
    }

    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    public int maxConnections() {
        return maxConnections;
    }

    public int maxConnectionsPerAddress() {
        return maxConnectionsPerAddress;
    }

    public AllowedOrigins allowedOrigins() {
        return allowedOrigins;
    }

    /** Empty where any is allowed. */
    public List<String> allowedHosts() {
        return allowedHosts;
    }

    /** Empty where none is trusted. */
    public List<String> trustedProxies() {
        return trustedProxies;
    }

    /** Null where the server speaks plain TCP. */
    public @Nullable ServerTls tls() {
        return tls;
    }

    public ConnectionOptions connection() {
        return connection;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private int eventLoops = Runtime.getRuntime().availableProcessors();
        private TransportKind transport = TransportKind.AUTOMATIC;
        private int backlog = 1024;
        private int maxHeadBytes = HeadLimits.DEFAULT.maxBytes();
        private int maxHeaders = HeadLimits.DEFAULT.maxHeaders();
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private int maxConnections = 100_000;
        private int maxConnectionsPerAddress = 20_000;
        private AllowedOrigins allowedOrigins = AllowedOrigins.SAME_ORIGIN;
        private List<String> allowedHosts = List.of();
        private List<String> trustedProxies = List.of();
        private @Nullable ServerTls tls;
        private ConnectionOptions connection = ConnectionOptions.DEFAULT;

        private Builder() {}

        /** The number of event loops, each with a thread of its own. Default: the number of processors. */
        public Builder eventLoops(int count) {
            eventLoops = count;
            return this;
        }

        /**
         * How the event loops move bytes. Default {@link TransportKind#AUTOMATIC}. Where the kind can't be had, the server's
         * start throws {@link UnsupportedOperationException}.
         */
        public Builder transport(TransportKind kind) {
            transport = kind;
            return this;
        }

        /** How many connections the operating system may hold until they are accepted. Default 1024. */
        public Builder backlog(int connections) {
            backlog = connections;
            return this;
        }

        /** The largest request head, in bytes; beyond it the client gets 431. At least 64; default 8 KiB. */
        public Builder maxHeadBytes(int bytes) {
            maxHeadBytes = bytes;
            return this;
        }

        /** The most header fields in a request; beyond it the client gets 431. Default 64. */
        public Builder maxHeaders(int fields) {
            maxHeaders = fields;
            return this;
        }

        /**
         * How long a client may take from connecting, or from its last response, to the end of its request head, a TLS
         * handshake included, and an {@code onUpgrade} stage to its decision. Default 10 s.
         */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = timeout;
            return this;
        }

        /** The most TCP connections at a time; beyond it a client gets 503. Default 100,000. */
        public Builder maxConnections(int connections) {
            maxConnections = connections;
            return this;
        }

        /** The most TCP connections at a time from one IP address; beyond it a client gets 429. Default 20,000. */
        public Builder maxConnectionsPerAddress(int connections) {
            maxConnectionsPerAddress = connections;
            return this;
        }

        /**
         * Lets pages of these origins open WebSockets, beside those of the server's own; any other page gets 403. An
         * endpoint may say otherwise for itself. Default: pages of the server's own origin alone. What is no browser
         * sends no {@code Origin} and is not concerned. See {@link AllowedOrigins}.
         *
         * @param origins such as {@code https://example.com} or {@code http://localhost:5173}
         * @throws IllegalArgumentException for what is no origin, saying what was expected
         */
        public Builder allowedOrigins(String... origins) {
            allowedOrigins = AllowedOrigins.of(origins);
            return this;
        }

        /**
         * Lets pages of every origin open WebSockets: then a cookie proves nothing, for the browser sends it whatever the
         * page is.
         */
        public Builder anyOrigin() {
            allowedOrigins = AllowedOrigins.ANY;
            return this;
        }

        /**
         * Answers requests for these hosts alone, whatever the port; any other gets 421, plain {@code GET} too. It keeps
         * pages from reaching the server under a name of their own (DNS rebinding), which matters where who can reach it
         * may use it: on loopback, in a private network. Default, and without arguments: any host.
         *
         * @param hosts names and addresses as clients write them, such as {@code example.com}, {@code 127.0.0.1} or
         *     {@code [::1]}
         * @throws IllegalArgumentException for what is no host, saying what was expected
         */
        public Builder allowedHosts(String... hosts) {
            allowedHosts = List.of(hosts);
            new HostNames(allowedHosts); // better now than at the start
            return this;
        }

        /**
         * Believes proxies at these addresses what {@code X-Forwarded-For} says of who their clients are: {@link WebSocket#remoteAddress} is
         * the client's then, with port 0, and {@link #maxConnectionsPerAddress} counts clients and not the proxy. Each proxy must add to that
         * field, or set it. Default: none, as anybody can send such a field.
         *
         * @param networks addresses or networks, such as {@code 127.0.0.1}, {@code 10.0.0.0/8} or {@code fd00::/8}
         * @throws IllegalArgumentException for what is neither
         */
        public Builder trustedProxies(String... networks) {
            trustedProxies = List.of(networks);
            new TrustedProxies(trustedProxies); // better now than at the start
            return this;
        }

        /** Speaks TLS on the port, and nothing else: {@code wss://} and {@code https://}. Default: plain TCP. */
        public Builder tls(ServerTls tls) {
            this.tls = tls;
            return this;
        }

        /** The options of each connection. Default {@link ConnectionOptions#DEFAULT}. */
        public Builder connection(ConnectionOptions options) {
            connection = options;
            return this;
        }

        /**
         * The options, validated.
         *
         * @throws IllegalArgumentException for an option out of its range, saying which
         */
        public ServerOptions build() {
            return new ServerOptions(this);
        }
    }
}
