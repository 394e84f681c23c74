package dev.bowline.websocket;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * The habits of a {@link ReconnectingWebSocket}. Immutable and validated by the builder; each option's default stands at
 * its method in {@link Builder}.
 */
public final class ReconnectOptions {
    public static final ReconnectOptions DEFAULT = builder().build();

    private final ClientOptions client;
    private final Backoff backoff;
    private final int maxAttempts;
    private final Duration stableAfter;
    private final long maxQueuedBytes;
    private final ReconnectRule rule;
    private final RandomGenerator random;

    private ReconnectOptions(Builder builder) {
        if (builder.maxAttempts < 0) {
            throw new IllegalArgumentException("maxAttempts is " + builder.maxAttempts + ", must not be negative");
        }
        if (builder.stableAfter.isNegative()) {
            throw new IllegalArgumentException("stableAfter is " + builder.stableAfter + ", must not be negative");
        }
        if (builder.maxQueuedBytes < 0) {
            throw new IllegalArgumentException(
                    "maxQueuedBytes is " + builder.maxQueuedBytes + ", must not be negative; zero means no queue");
        }
        client = builder.client;
        backoff = builder.backoff;
        maxAttempts = builder.maxAttempts;
        stableAfter = builder.stableAfter;
        maxQueuedBytes = builder.maxQueuedBytes;
        rule = builder.rule;
        random = builder.random;
    }

    public static Builder builder() {
        return new Builder();
    }

    public ClientOptions client() {
        return client;
    }

    public Backoff backoff() {
        return backoff;
    }

    public int maxAttempts() {
        return maxAttempts;
    }

    public Duration stableAfter() {
        return stableAfter;
    }

    public long maxQueuedBytes() {
        return maxQueuedBytes;
    }

    public ReconnectRule rule() {
        return rule;
    }

    public RandomGenerator random() {
        return random;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private ClientOptions client = ClientOptions.DEFAULT;
        private Backoff backoff = Backoff.DEFAULT;
        private int maxAttempts = Integer.MAX_VALUE;
        private Duration stableAfter = Duration.ofSeconds(5);
        private long maxQueuedBytes = 1L << 20;
        private ReconnectRule rule = ReconnectRule.DEFAULT;
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        /** The options of each attempt and connection, the heartbeat among them. Default {@link ClientOptions#DEFAULT}. */
        public Builder client(ClientOptions options) {
            client = options;
            return this;
        }

        /** The waits between attempts. Default {@link Backoff#DEFAULT}. */
        public Builder backoff(Backoff backoff) {
            this.backoff = backoff;
            return this;
        }

        /**
         * How many retries in a row, without a connection that stood, before it gives up; zero for none. Default: any
         * number.
         */
        public Builder maxAttempts(int retries) {
            maxAttempts = retries;
            return this;
        }

        /** A connection that stood for so long begins the backoff anew when it ends. Default 5 s. */
        public Builder stableAfter(Duration time) {
            stableAfter = time;
            return this;
        }

        /**
         * How much may wait for a connection: payload and 14 bytes for each message. Zero: nothing waits, and what is
         * sent without a connection is refused with {@link SendResult#QUEUE_FULL}. Default 1 MiB.
         */
        public Builder maxQueuedBytes(long bytes) {
            maxQueuedBytes = bytes;
            return this;
        }

        /** Whether to try again. Default {@link ReconnectRule#DEFAULT}. */
        public Builder rule(ReconnectRule rule) {
            this.rule = rule;
            return this;
        }

        /** Where the backoff's jitter comes from; used on event loops. Default: the JDK's own of each thread. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * The options, validated.
         *
         * @throws IllegalArgumentException for an option out of its range, saying which
         */
        public ReconnectOptions build() {
            return new ReconnectOptions(this);
        }
    }
}
