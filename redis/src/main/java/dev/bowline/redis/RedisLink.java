package dev.bowline.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An engine's connections to Redis, be it one server, one behind Sentinel, or a cluster: one for commands, one for what is published. Both
 * come back by themselves; a command that was on its way is then sent again, so each must do no harm when it is done twice.
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
    }

    /** How many commands may wait for Redis: more fail at once. */
    private static final int MAX_QUEUED = 100_000;

    private final AbstractRedisClient client;
    private final RedisClusterAsyncCommands<byte[], byte[]> commands;
    private final RedisPubSubAsyncCommands<byte[], byte[]> subscriptions;

    RedisLink(RedisOptions options, Listener published) {
        TimeoutOptions timeouts =
                TimeoutOptions.builder().fixedTimeout(options.timeout()).build();
        List<RedisURI> uris = options.uris().stream().map(RedisURI::create).toList();
        StatefulRedisPubSubConnection<byte[], byte[]> subscriber;
        if (options.cluster()) {
            RedisClusterClient cluster = RedisClusterClient.create(uris);
            cluster.setOptions(ClusterClientOptions.builder()
                    .timeoutOptions(timeouts)
                    .requestQueueSize(MAX_QUEUED)
                    .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .enablePeriodicRefresh()
                            .build())
                    .build());
            client = cluster;
            StatefulRedisClusterConnection<byte[], byte[]> connection = cluster.connect(ByteArrayCodec.INSTANCE);
            commands = connection.async();
            subscriber = cluster.connectPubSub(ByteArrayCodec.INSTANCE);
        } else {
            RedisClient single = RedisClient.create(uris.get(0));
            single.setOptions(ClientOptions.builder()
                    .timeoutOptions(timeouts)
                    .requestQueueSize(MAX_QUEUED)
                    .build());
            client = single;
            commands = single.connect(ByteArrayCodec.INSTANCE).async();
            subscriber = single.connectPubSub(ByteArrayCodec.INSTANCE);
        }
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
        });
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Runs a script, which returns a list. All its keys are in one slot. */
    CompletionStage<List<Object>> run(Script script, List<String> keys, byte[]... arguments) {
        byte[][] names = keys.stream().map(RedisLink::bytes).toArray(byte[][]::new);
        CompletionStage<List<Object>> known =
                commands.evalsha(script.digest(), ScriptOutputType.MULTI, names, arguments);
        return known.exceptionallyCompose(failure -> failure instanceof RedisNoScriptException
                        || (failure instanceof CompletionException wrapped
                                && wrapped.getCause() instanceof RedisNoScriptException)
                ? commands.eval(script.text(), ScriptOutputType.MULTI, names, arguments)
                : CompletableFuture.failedStage(failure));
    }

    CompletionStage<Long> publish(String channel, byte[] message) {
        return commands.publish(bytes(channel), message);
    }

    CompletionStage<Void> subscribe(String channel) {
        return subscriptions.subscribe(bytes(channel));
    }

    CompletionStage<Void> unsubscribe(String channel) {
        return subscriptions.unsubscribe(bytes(channel));
    }

    CompletionStage<Void> subscribeAll(String glob) {
        return subscriptions.psubscribe(bytes(glob));
    }

    CompletionStage<Void> unsubscribeAll(String glob) {
        return subscriptions.punsubscribe(bytes(glob));
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
