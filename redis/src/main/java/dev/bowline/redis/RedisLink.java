package dev.bowline.redis;

import dev.bowline.redis.Confirmations.Kind;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine's connections to Redis, be it one server, one behind Sentinel, or a cluster: one for commands, one for what is published. Both
 * come back by themselves; a command that was on its way is then sent again, so each must do no harm when it is done twice.
 *
 * <p>A connection whose other end has gone silently is found out within three times the timeout, and made again. So are both when a server
 * says that it is a replica: where the master is now is then asked anew.
 *
 * <p>Safe from any thread.
 */
final class RedisLink implements AutoCloseable {
    /** Whom to tell what is published; on the connection's thread. */
    interface Listener {
        /**
         * A message.
         *
         * @param glob by which it came; null where it came by the channel's name
         */
        void onMessage(@Nullable String glob, String channel, byte[] message);

        /**
         * The connection for what is published was lost, and another one is there: all that was subscribed is in effect again. What was
         * published in between has not been told, and will not be. Perhaps called more than once for one loss.
         */
        default void subscribedAgain() {}
    }

    static final long BROKEN = -1;

    private final Duration timeout;
    private final Liveness liveness;
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final RedisClusterAsyncCommands<byte[], byte[]> commands;
    private final RedisPubSubAsyncCommands<byte[], byte[]> subscriptions;
    private final Confirmations confirmations = new Confirmations();
    private final ScriptRunner scripts;
    private final ScheduledFuture<?> pings;
    private final AtomicLong lastMoveNanos;
    private final AtomicLong losses = new AtomicLong(); // of the connection for what is published
    private final AtomicLong told = new AtomicLong(); // up to which of these the listener was told

    /**
     * Connects.
     *
     * @throws RedisConnectException if that fails
     */
    RedisLink(RedisOptions options, Listener published) {
        timeout = options.timeout();
        lastMoveNanos = new AtomicLong(System.nanoTime() - timeout.toNanos());
        liveness = new Liveness(timeout.multipliedBy(3).dividedBy(2));
        resources = RedisClients.resources(liveness);
        StatefulRedisPubSubConnection<byte[], byte[]> subscriber;
        AbstractRedisClient opened = null;
        try {
            if (options.cluster()) {
                RedisClusterClient cluster = RedisClients.cluster(resources, options);
                opened = cluster;
                commands = cluster.connect(ByteArrayCodec.INSTANCE).async();
                subscriber = cluster.connectPubSub(ByteArrayCodec.INSTANCE);
            } else {
                RedisClient single = RedisClients.single(resources, options);
                opened = single;
                commands = single.connect(ByteArrayCodec.INSTANCE).async();
                subscriber = single.connectPubSub(ByteArrayCodec.INSTANCE);
            }
        } catch (RuntimeException e) {
            RedisClients.close(opened, resources);
            throw new RedisConnectException(
                    "can't connect to Redis at " + RedisClients.places(options) + ": " + reason(e), e);
        }
        client = opened;
        scripts = new ScriptRunner(commands);
        subscriptions = subscriber.async();
        subscriber.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(byte[] channel, byte[] message) {
                published.onMessage(null, text(channel), message);
            }

            @Override
            public void message(byte[] pattern, byte[] channel, byte[] message) {
                published.onMessage(text(pattern), text(channel), message);
            }

            @Override
            public void subscribed(byte[] channel, long count) {
                confirmations.confirmed(Kind.SUBSCRIBED, text(channel));
            }

            @Override
            public void unsubscribed(byte[] channel, long count) {
                confirmations.confirmed(Kind.UNSUBSCRIBED, text(channel));
            }

            @Override
            public void psubscribed(byte[] pattern, long count) {
                confirmations.confirmed(Kind.SUBSCRIBED_ALL, text(pattern));
            }

            @Override
            public void punsubscribed(byte[] pattern, long count) {
                confirmations.confirmed(Kind.UNSUBSCRIBED_ALL, text(pattern));
            }
        });
        subscriber.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
                confirm(published);
            }
        });
        pings = resources
                .eventExecutorGroup()
                .scheduleAtFixedRate(this::ping, timeout.toNanos(), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static String reason(Throwable thrown) {
        Throwable deepest = thrown;
        for (int depth = 0; depth < 10; depth++) {
            Throwable next = deepest.getCause() == null && deepest.getSuppressed().length > 0
                    ? deepest.getSuppressed()[0] // of a cluster, each node's own
                    : deepest.getCause();
            if (next == null) {
                break;
            }
            deepest = next;
        }
        return String.valueOf(deepest.getMessage());
    }

    /** Something must be said now and then: a silent connection may be dead. {@link Liveness} looks at whether an answer comes. */
    private void ping() {
        RedisFuture<String> unused = subscriptions.ping();
        RedisFuture<String> unusedToo = commands.ping();
    }

    /**
     * Lettuce subscribes again on its own connection's thread, behind this. When a first answer is there it has done so, and when the second
     * one is, so has Redis.
     */
    private void confirm(Listener published) {
        long loss = losses.incrementAndGet();
        subscriptions.ping().thenCompose(first -> subscriptions.ping()).thenRun(() -> {
            published.subscribedAgain();
            told.accumulateAndGet(loss, Math::max);
        });
    }

    /**
     * What stays the same as long as all comes that is published; {@link #BROKEN} where something may have been missed of which the listener
     * was not told yet.
     */
    long unbroken() {
        long lost = losses.get();
        return told.get() == lost ? lost : BROKEN;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Runs a script, which returns a list, behind those that were given before. All its keys are in one slot. */
    CompletionStage<List<Object>> run(Script script, List<String> keys, byte[]... arguments) {
        byte[][] names = keys.stream().map(RedisLink::bytes).toArray(byte[][]::new);
        return sent(() -> scripts.run(script, names, arguments));
    }

    /** Whether a script is under way. For tests. */
    boolean isRunning() {
        return scripts.isRunning();
    }

    CompletionStage<Long> publish(String channel, byte[] message) {
        return sent(() -> commands.publish(bytes(channel), message));
    }

    /** Sends a command, and looks at why it failed. */
    private <T> CompletionStage<T> sent(Supplier<CompletionStage<T>> command) {
        long down = liveness.down();
        return command.get().exceptionallyCompose(failure -> {
            if (Failures.isReadOnly(failure)) {
                moveOn();
            }
            boolean never = down != Liveness.UP && down == liveness.down();
            return CompletableFuture.failedStage(never ? new Failures.NotSent(failure) : failure);
        });
    }

    /** The server is no master any more: whoever is it now is found by connecting again. */
    private void moveOn() {
        long last = lastMoveNanos.get();
        long now = System.nanoTime();
        if (now - last >= timeout.toNanos() && lastMoveNanos.compareAndSet(last, now)) {
            liveness.closeAll();
        }
    }

    // ---- Their stages end on the connection's thread, before what Redis sends behind the confirmation is told

    CompletionStage<Void> subscribe(String channel) {
        return confirmations.await(Kind.SUBSCRIBED, channel, () -> subscriptions.subscribe(bytes(channel)));
    }

    CompletionStage<Void> unsubscribe(String channel) {
        return confirmations.await(Kind.UNSUBSCRIBED, channel, () -> subscriptions.unsubscribe(bytes(channel)));
    }

    CompletionStage<Void> subscribeAll(String glob) {
        return confirmations.await(Kind.SUBSCRIBED_ALL, glob, () -> subscriptions.psubscribe(bytes(glob)));
    }

    CompletionStage<Void> unsubscribeAll(String glob) {
        return confirmations.await(Kind.UNSUBSCRIBED_ALL, glob, () -> subscriptions.punsubscribe(bytes(glob)));
    }

    @Override
    public void close() {
        pings.cancel(false);
        RedisClients.close(client, resources);
    }
}
