package dev.bowline.realtime;

import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.wire.ServerMessage;
import java.time.Duration;

/** What a hub allows its clients, and how long it waits for them. Immutable. */
public final class HubOptions {
    public static final HubOptions DEFAULT = builder().build();

    private final NodeOptions node;

    private HubOptions(NodeOptions node) {
        this.node = node;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** As the nodes of the hub have them. */
    NodeOptions node() {
        return node;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private Duration resumeWindow = Duration.ofMinutes(2);
        private Duration pingInterval = Duration.ofSeconds(20);
        private Duration pingTimeout = Duration.ofSeconds(10);
        private Duration helloTimeout = Duration.ofSeconds(10);
        private Duration handlerTimeout = Duration.ofSeconds(30);
        private Duration slowTimeout = Duration.ofSeconds(30);
        private Duration expiryNotice = Duration.ofMinutes(1);
        private int maxMessageBytes = 1 << 20;
        private int maxPending = 256;
        private long maxPendingBytes = 1 << 20;
        private long maxDirectBytes = 1 << 20;
        private long maxLoopDirectBytes = NodeOptions.DEFAULT.maxNodeDirectBytes();
        private int maxSubscriptions = 1_000;
        private int maxTopics = 10_000;
        private int maxSessions = 1_000_000;
        private int returnsPerSecond = NodeOptions.DEFAULT.returnsPerSecond();
        private int hellosPerSecond = NodeOptions.DEFAULT.hellosPerSecond();

        private Builder() {}

        /** How long a session waits for its client to come back; default 2 min. */
        public Builder resumeWindow(Duration window) {
            resumeWindow = window;
            return this;
        }

        /**
         * The heartbeat. The terms are the client's too: it gives a connection up after the sum of both.
         *
         * @param interval the longest silence; default 20 s
         * @param timeout how long to wait for an answer; default 10 s
         */
        public Builder heartbeat(Duration interval, Duration timeout) {
            pingInterval = interval;
            pingTimeout = timeout;
            return this;
        }

        /** How long a connection may take to say who it is; default 10 s. */
        public Builder helloTimeout(Duration timeout) {
            helloTimeout = timeout;
            return this;
        }

        /** How long handlers, authenticator and authorizer may take; default 30 s. A stream may take that long for each part. */
        public Builder handlerTimeout(Duration timeout) {
            handlerTimeout = timeout;
            return this;
        }

        /** How long a subscriber may be too slow for its topics before it is disconnected, to come back; default 30 s. */
        public Builder slowTimeout(Duration timeout) {
            slowTimeout = timeout;
            return this;
        }

        /** How long before the end of its authentication a client is told; default 1 min. */
        public Builder expiryNotice(Duration notice) {
            expiryNotice = notice;
            return this;
        }

        /** The largest message of a client's, header included; default 1 MiB. */
        public Builder maxMessageBytes(int bytes) {
            maxMessageBytes = bytes;
            return this;
        }

        /**
         * How much a client may ask for without an answer.
         *
         * @param commands default 256
         * @param bytes of their messages; default 1 MiB
         */
        public Builder maxPending(int commands, long bytes) {
            maxPending = commands;
            maxPendingBytes = bytes;
            return this;
        }

        /** How many bytes of direct messages and results a session may leave unacknowledged; default 1 MiB. */
        public Builder maxDirectBytes(long bytes) {
            maxDirectBytes = bytes;
            return this;
        }

        /**
         * How many bytes of direct messages and results all sessions of an event loop may leave unacknowledged together; default 256 MiB. When
         * it is more, sessions end whose clients are away, the longest away first: these are told {@code expired}.
         */
        public Builder maxLoopDirectBytes(long bytes) {
            maxLoopDirectBytes = bytes;
            return this;
        }

        /** How many topics and patterns a session may be subscribed to; default 1,000. */
        public Builder maxSubscriptions(int subscriptions) {
            maxSubscriptions = subscriptions;
            return this;
        }

        /**
         * How many topics a session may have in all, counting those that its patterns have brought messages of; default 10,000. When there
         * would be more, the pattern ends that brought the most: its client is told {@code too-large}, as is who subscribes to one more by name.
         */
        public Builder maxTopics(int topics) {
            maxTopics = topics;
            return this;
        }

        /** How many sessions an event loop may have; default 1,000,000. */
        public Builder maxSessions(int sessions) {
            maxSessions = sessions;
            return this;
        }

        /**
         * How many of the clients that it dismisses an event loop wants to have back in a second, there or at another hub; default 1,000. Their
         * advice is spread by that, but so that all are back when two thirds of the resume window are over at the latest. A hub that is
         * drained dismisses so many in a second.
         */
        public Builder returnsPerSecond(int clients) {
            returnsPerSecond = clients;
            return this;
        }

        /**
         * How many clients may come to an event loop in a second, new or back; default 5,000. More are told when to come again, each another
         * time: so a node that takes over the clients of one that has died can bear it. A second's worth may come at once.
         */
        public Builder hellosPerSecond(int clients) {
            hellosPerSecond = clients;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException for one that is not at least 1, or 1 ms
         */
        public HubOptions build() {
            return new HubOptions(new NodeOptions(
                    new ServerMessage.Terms(
                            resumeWindow.toMillis(),
                            pingInterval.toMillis(),
                            pingTimeout.toMillis(),
                            maxMessageBytes,
                            maxPending,
                            maxPendingBytes),
                    NodeOptions.DEFAULT.maxHelloBytes(),
                    helloTimeout.toMillis(),
                    maxDirectBytes,
                    maxLoopDirectBytes,
                    maxSubscriptions,
                    maxTopics,
                    maxSessions,
                    returnsPerSecond,
                    hellosPerSecond,
                    handlerTimeout.toMillis(),
                    slowTimeout.toMillis(),
                    expiryNotice.toMillis()));
        }
    }
}
