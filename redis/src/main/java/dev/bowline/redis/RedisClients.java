package dev.bowline.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes Lettuce's clients as the options say. */
final class RedisClients {
    /** How many commands may wait for Redis: more fail at once. */
    static final int MAX_QUEUED = 100_000;

    private static final long LEAST_RECONNECT_MILLIS = 10;
    private static final long MOST_RECONNECT_MILLIS = 1_000;

    /** How long the end of connections and threads may take. */
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private RedisClients() {}

    static ClientResources resources(Liveness liveness) {
        return ClientResources.builder()
                .nettyCustomizer(liveness)
                .reconnectDelay(Delay.fullJitter(
                        LEAST_RECONNECT_MILLIS, MOST_RECONNECT_MILLIS, LEAST_RECONNECT_MILLIS, TimeUnit.MILLISECONDS))
                .build();
    }

    static RedisClient single(ClientResources resources, RedisOptions options) {
        RedisClient client = RedisClient.create(resources, uris(options).get(0));
        ClientOptions.Builder common = ClientOptions.builder();
        apply(options, common);
        client.setOptions(common.build());
        return client;
    }

    static RedisClusterClient cluster(ClientResources resources, RedisOptions options) {
        RedisClusterClient client = RedisClusterClient.create(resources, uris(options));
        ClusterClientOptions.Builder common = ClusterClientOptions.builder();
        apply(options, common);
        client.setOptions(common.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh()
                        .adaptiveRefreshTriggersTimeout(options.timeout())
                        .build())
                .build());
        return client;
    }

    private static void apply(RedisOptions options, ClientOptions.Builder common) {
        common.timeoutOptions(
                        TimeoutOptions.builder().fixedTimeout(options.timeout()).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(options.timeout())
                        .build())
                .requestQueueSize(MAX_QUEUED);
        Path trusted = options.trustedCertificates();
        if (trusted != null) {
            common.sslOptions(SslOptions.builder()
                    .jdkSslProvider()
                    .trustManager(trusted.toFile())
                    .build());
        }
    }

    private static List<RedisURI> uris(RedisOptions options) {
        List<RedisURI> uris = options.uris().stream().map(RedisURI::create).toList();
        uris.stream().flatMap(RedisClients::withSentinels).forEach(uri -> uri.setTimeout(options.timeout()));
        return uris;
    }

    private static Stream<RedisURI> withSentinels(RedisURI uri) {
        return Stream.concat(Stream.of(uri), uri.getSentinels().stream());
    }

    /** Hosts and ports alone. */
    static String places(RedisOptions options) {
        return uris(options).stream()
                .flatMap(RedisClients::withSentinels)
                .filter(uri -> uri.getHost() != null)
                .map(uri -> uri.getHost() + ":" + uri.getPort())
                .collect(Collectors.joining(", "));
    }

    static void close(@Nullable AbstractRedisClient client, ClientResources resources) {
        if (client != null) {
            client.shutdown(Duration.ZERO, CLOSE);
        }
        resources
                .shutdown(0, CLOSE.toSeconds(), TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE.toSeconds(), TimeUnit.SECONDS);
    }
}
