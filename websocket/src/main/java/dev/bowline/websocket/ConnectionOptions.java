package dev.bowline.websocket;

import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.ProtocolOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The limits and habits of a connection, the same for server and client. Immutable and validated by the builder; each
 * option's default stands at its method in {@link Builder}.
 */
public final class ConnectionOptions {
    public static final ConnectionOptions DEFAULT = builder().build();

    private final ProtocolOptions protocol;
    private final long maxQueuedBytes;
    private final OverflowPolicy overflowPolicy;
    private final Heartbeat heartbeat;
    private final int maxMessagesPerSecond;
    private final @Nullable Executor callbackExecutor;
    private final List<ExtensionNegotiator> extensions;

    private ConnectionOptions(Builder builder) {
        protocol = new ProtocolOptions(
                builder.maxMessageBytes,
                builder.maxFrameBytes,
                builder.maxFragments,
                builder.messageTimeout,
                builder.closeTimeout);
        if (builder.maxQueuedBytes < 1) {
            throw new IllegalArgumentException("maxQueuedBytes is " + builder.maxQueuedBytes + ", must be at least 1");
        }
        if (builder.maxMessagesPerSecond < 0) {
            throw new IllegalArgumentException("maxMessagesPerSecond is " + builder.maxMessagesPerSecond
                    + ", must not be negative; zero means no limit");
        }
        maxQueuedBytes = builder.maxQueuedBytes;
        overflowPolicy = builder.overflowPolicy;
        heartbeat = builder.heartbeat;
        maxMessagesPerSecond = builder.maxMessagesPerSecond;
        callbackExecutor = builder.callbackExecutor;
        extensions = builder.extensions;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.maxMessageBytes = protocol.maxMessageBytes();
        builder.maxFrameBytes = protocol.maxFrameBytes();
        builder.maxFragments = protocol.maxFragments();
        builder.messageTimeout = protocol.messageTimeout();
        builder.closeTimeout = protocol.closeTimeout();
        builder.maxQueuedBytes = maxQueuedBytes;
        builder.overflowPolicy = overflowPolicy;
        builder.heartbeat = heartbeat;
        builder.maxMessagesPerSecond = maxMessagesPerSecond;
        builder.callbackExecutor = callbackExecutor;
        builder.extensions = extensions;
        return builder;
    }

    /** The limits on what is received, and on the time to close. */
    public ProtocolOptions protocol() {
        return protocol;
    }

    public long maxQueuedBytes() {
        return maxQueuedBytes;
    }

    public OverflowPolicy overflowPolicy() {
        return overflowPolicy;
    }

    public Heartbeat heartbeat() {
        return heartbeat;
    }

    /** Zero where there is no limit. */
    public int maxMessagesPerSecond() {
        return maxMessagesPerSecond;
    }

    /** Null where callbacks run on the event loop. */
    public @Nullable Executor callbackExecutor() {
        return callbackExecutor;
    }

    public List<ExtensionNegotiator> extensions() {
        return extensions;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private int maxMessageBytes = ProtocolOptions.DEFAULT.maxMessageBytes();
        private int maxFrameBytes = ProtocolOptions.DEFAULT.maxFrameBytes();
        private int maxFragments = ProtocolOptions.DEFAULT.maxFragments();
        private Duration messageTimeout = ProtocolOptions.DEFAULT.messageTimeout();
        private Duration closeTimeout = ProtocolOptions.DEFAULT.closeTimeout();
        private long maxQueuedBytes = 4L << 20;
        private OverflowPolicy overflowPolicy = OverflowPolicy.REFUSE_MESSAGE;
        private Heartbeat heartbeat = Heartbeat.DEFAULT;
        private int maxMessagesPerSecond;
        private @Nullable Executor callbackExecutor;
        private List<ExtensionNegotiator> extensions = List.of();

        private Builder() {}

        /** The largest message accepted, in bytes; beyond it the peer gets 1009. Default 1 MiB. */
        public Builder maxMessageBytes(int bytes) {
            maxMessageBytes = bytes;
            return this;
        }

        /**
         * The largest frame accepted, in payload bytes; beyond it the peer gets 1009. A frame of a compressed message may
         * be larger by an eighth and 64 bytes, as what does not compress grows. Default 1 MiB.
         */
        public Builder maxFrameBytes(int bytes) {
            maxFrameBytes = bytes;
            return this;
        }

        /**
         * The most frames that one message may come in; beyond it the peer gets 1008. 1 forbids fragments. Default
         * 131,072: 1 MiB in pieces of 8 bytes.
         */
        public Builder maxFragments(int frames) {
            maxFragments = frames;
            return this;
        }

        /**
         * How long a message may take from its first byte to its last, and a second longer for each 1,000 bytes of it
         * that have come; beyond it the peer gets 1008. Time in which nothing is read, as the application paused reading
         * or has not kept up, does not count. Zero: no limit. Default 60 s.
         */
        public Builder messageTimeout(Duration timeout) {
            messageTimeout = timeout;
            return this;
        }

        /**
         * How long the closing handshake may take, and the peer after it until it ends its side of the stream, before
         * the stream is cut. Default 5 s for each.
         */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = timeout;
            return this;
        }

        /**
         * The cap on the outgoing queue, in bytes with framing; a message that does not fit meets the overflow policy.
         * Default 4 MiB.
         */
        public Builder maxQueuedBytes(long bytes) {
            maxQueuedBytes = bytes;
            return this;
        }

        /** What happens to a message that does not fit. Default {@link OverflowPolicy#REFUSE_MESSAGE}. */
        public Builder overflowPolicy(OverflowPolicy policy) {
            overflowPolicy = policy;
            return this;
        }

        /** Default {@link Heartbeat#DEFAULT}: a ping after 20 s of silence, terminated after 10 s more. */
        public Builder heartbeat(Heartbeat heartbeat) {
            this.heartbeat = heartbeat;
            return this;
        }

        /**
         * How many messages the peer may send in one second, counted from second to second; beyond it it gets 1008.
         * Zero, the default: any number.
         */
        public Builder maxMessagesPerSecond(int messages) {
            maxMessagesPerSecond = messages;
            return this;
        }

        /**
         * Where callbacks run: still one at a time and in order for each connection, and with reading paused while more
         * than 64 KiB wait for them. For blocking code pass an executor of virtual threads where the JDK has them. With
         * null, the default, callbacks run on the connection's event loop.
         */
        public Builder callbackExecutor(@Nullable Executor executor) {
            callbackExecutor = executor;
            return this;
        }

        /** The extensions to negotiate. Default none. */
        public Builder extensions(List<ExtensionNegotiator> negotiators) {
            extensions = List.copyOf(negotiators);
            return this;
        }

        /**
         * The options, validated.
         *
         * @throws IllegalArgumentException for an option out of its range, saying which
         */
        public ConnectionOptions build() {
            return new ConnectionOptions(this);
        }
    }
}
