package dev.bowline.realtime;

import dev.bowline.session.client.ClientSessionOptions;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocketClient;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The limits and habits of a {@link SessionClient}. Immutable and validated by the builder; each option's default stands at its method in
 * {@link Builder}.
 */
public final class SessionClientOptions {
    public static final SessionClientOptions DEFAULT = builder().build();

    private final @Nullable String token;
    private final @Nullable TokenSource tokens;
    private final ClientSessionOptions session;
    private final ClientOptions client;
    private final @Nullable WebSocketClient webSocketClient;
    private final @Nullable Executor callbackExecutor;
    private final RandomGenerator random;

    private SessionClientOptions(Builder builder) {
        token = builder.token;
        tokens = builder.tokens;
        session = new ClientSessionOptions(builder.maxOutboxBytes, builder.agent);
        client = builder.client;
        webSocketClient = builder.webSocketClient;
        callbackExecutor = builder.callbackExecutor;
        random = builder.random;
        // The message knows what it can carry: better now than at each connection.
        new ClientMessage.Hello(token, null, List.of(), builder.agent);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Null without one. */
    public @Nullable String token() {
        return token;
    }

    /** Null without one. */
    public @Nullable TokenSource tokens() {
        return tokens;
    }

    /** Null where it does not say who it is. */
    public @Nullable String agent() {
        return session.agent();
    }

    public long maxOutboxBytes() {
        return session.maxOutboxBytes();
    }

    /** The part of the options that is the protocol's. */
    public ClientSessionOptions session() {
        return session;
    }

    public ClientOptions client() {
        return client;
    }

    public WebSocketClient webSocketClient() {
        return webSocketClient == null ? WebSocketClient.shared() : webSocketClient;
    }

    /** Null where callbacks run on the event loop. */
    public @Nullable Executor callbackExecutor() {
        return callbackExecutor;
    }

    public RandomGenerator random() {
        return random;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private @Nullable String token;
        private @Nullable TokenSource tokens;
        private @Nullable String agent;
        private long maxOutboxBytes = 1L << 20;
        private ClientOptions client = ClientOptions.DEFAULT;
        private @Nullable WebSocketClient webSocketClient;
        private @Nullable Executor callbackExecutor;
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        /** The application's token, visible ASCII, until {@link SessionClient#authenticate} gives another one. Default none. */
        public Builder token(String token) {
            this.token = token;
            tokens = null;
            return this;
        }

        /** Where tokens come from, in place of a single one. Default none. */
        public Builder tokens(TokenSource source) {
            tokens = source;
            token = null;
            return this;
        }

        /** Who the client is, for the server's logs: 1 to 128 visible ASCII characters. Default none. */
        public Builder agent(String agent) {
            this.agent = agent;
            return this;
        }

        /**
         * How much of commands may be without a result, in bytes: payload, name and 64 bytes for each. At least 1024; default 1 MiB.
         */
        public Builder maxOutboxBytes(long bytes) {
            maxOutboxBytes = bytes;
            return this;
        }

        /**
         * The options of each connection: header fields, TLS, a proxy, limits on what comes. A message beyond a limit ends the session
         * (1009). Its subprotocols, its heartbeat and its callback executor are without effect, as a session has its own. Default {@link ClientOptions#DEFAULT}.
         */
        public Builder client(ClientOptions options) {
            client = options;
            return this;
        }

        /** Whose event loops the session lives on; when that is closed, the session ends. Default {@link WebSocketClient#shared}. */
        public Builder webSocketClient(WebSocketClient client) {
            webSocketClient = client;
            return this;
        }

        /**
         * Where callbacks run: still one at a time and in order, and with reading paused while more than 64 KiB wait for them. What the
         * executor rejects runs on the event loop. By default callbacks run on the client's event loop.
         */
        public Builder callbackExecutor(Executor executor) {
            callbackExecutor = executor;
            return this;
        }

        /** Where the jitter of the waits comes from; used on the event loop. Default: the JDK's own of each thread. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * The options, validated.
         *
         * @throws IllegalArgumentException for an option out of its range, saying which
         */
        public SessionClientOptions build() {
            return new SessionClientOptions(this);
        }
    }
}
