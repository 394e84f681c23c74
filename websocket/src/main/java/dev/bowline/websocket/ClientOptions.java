package dev.bowline.websocket;

import dev.bowline.codec.handshake.ClientHandshake;
import dev.bowline.codec.handshake.HeadLimits;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.websocket.tls.ClientTls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits and habits of a client. Immutable and validated by the builder; each option's default stands at its method
 * in {@link Builder}.
 */
public final class ClientOptions {
    public static final ClientOptions DEFAULT = builder().build();

    private final HttpHeaders headers;
    private final List<String> subprotocols;
    private final Duration connectTimeout;
    private final Duration handshakeTimeout;
    private final HeadLimits headLimits;
    private final @Nullable HttpProxy proxy;
    private final ClientTls tls;
    private final ConnectionOptions connection;

    private ClientOptions(Builder builder) {
        headers = builder.headers.build();
        subprotocols = builder.subprotocols;
        connectTimeout = moreThanZero("connectTimeout", builder.connectTimeout);
        handshakeTimeout = moreThanZero("handshakeTimeout", builder.handshakeTimeout);
        headLimits = new HeadLimits(builder.maxHeadBytes, builder.maxHeaders);
        proxy = builder.proxy;
        tls = builder.tls;
        connection = builder.connection;
        // The handshake knows which header fields and subprotocols can't be: better now than at each connect.
        new ClientHandshake(
                URI.create("ws://localhost/"), new byte[16], subprotocols, connection.extensions(), headers);
    }

    private static Duration moreThanZero(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ", must be more than zero");
        }
        return value;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.headers.addAll(headers);
        builder.subprotocols = subprotocols;
        builder.connectTimeout = connectTimeout;
        builder.handshakeTimeout = handshakeTimeout;
        builder.maxHeadBytes = headLimits.maxBytes();
        builder.maxHeaders = headLimits.maxHeaders();
        builder.proxy = proxy;
        builder.tls = tls;
        builder.connection = connection;
        return builder;
    }

    public HttpHeaders headers() {
        return headers;
    }

    public List<String> subprotocols() {
        return subprotocols;
    }

    public Duration connectTimeout() {
        return connectTimeout;
    }

    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    public HeadLimits headLimits() {
        return headLimits;
    }

    /** Null where the client connects directly. */
    public @Nullable HttpProxy proxy() {
        return proxy;
    }

    /** How {@code wss://} is spoken. */
    public ClientTls tls() {
        return tls;
    }

    public ConnectionOptions connection() {
        return connection;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private final HttpHeaders.Builder headers = HttpHeaders.builder();
        private List<String> subprotocols = List.of();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private int maxHeadBytes = HeadLimits.DEFAULT.maxBytes();
        private int maxHeaders = HeadLimits.DEFAULT.maxHeaders();
        private @Nullable HttpProxy proxy;
        private ClientTls tls = ClientTls.DEFAULT;
        private ConnectionOptions connection = ConnectionOptions.DEFAULT;

        private Builder() {}

        /**
         * Adds a header field to the request, such as {@code Authorization}, {@code Cookie} or {@code Origin}. Default
         * none beside those of the handshake itself.
         *
         * @throws IllegalArgumentException for a name or value that no header field can have
         */
        public Builder header(String name, String value) {
            headers.add(name, value);
            return this;
        }

        /** The subprotocols to offer, the most wanted first. Default none. */
        public Builder subprotocols(String... names) {
            subprotocols = List.of(names);
            return this;
        }

        /**
         * How long it may take to look up the name and to connect, over all addresses that are tried. Default 10 s.
         */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /**
         * How long it may take from there until the WebSocket is open, a proxy's answer and a TLS handshake included.
         * Default 10 s.
         */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = timeout;
            return this;
        }

        /** The largest response head accepted, in bytes. At least 64; default 8 KiB. */
        public Builder maxHeadBytes(int bytes) {
            maxHeadBytes = bytes;
            return this;
        }

        /** The most header fields accepted in a response. Default 64. */
        public Builder maxHeaders(int fields) {
            maxHeaders = fields;
            return this;
        }

        /** The proxy to connect through; it looks up the server's name then. Default none. */
        public Builder proxy(HttpProxy proxy) {
            this.proxy = proxy;
            return this;
        }

        /** How {@code wss://} is spoken; {@code ws://} ignores it. Default {@link ClientTls#DEFAULT}. */
        public Builder tls(ClientTls tls) {
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
        public ClientOptions build() {
            return new ClientOptions(this);
        }
    }
}
