package dev.bowline.redis;

import java.time.Duration;
import java.util.List;

/**
 * Where Redis is, and how an engine uses it. Immutable.
 *
 * @param uris where: {@code redis://[user:password@]host[:port][/database]}, with {@code rediss} over TLS; {@code redis-sentinel://…#master}
 *     for one behind Sentinel; of a cluster, any of its nodes
 * @param cluster whether it is a cluster
 * @param prefix what the names of all keys and channels begin with: engines with the same one, on the same Redis, are one; letters,
 *     digits, hyphens, underscores and colons; default {@code bowline}
 * @param timeout how long a command may take, also while Redis is away, 10 ms to 1 min; default 2 s. What it was to do may still come about
 * @param remember how long a topic without messages keeps its epoch and its end, 1 min to 365 days; default 1 day
 * @param maxTailBytes how much of the topics that its nodes follow an engine keeps in memory, at least 0; default 64 MiB
 */
public record RedisOptions(
        List<String> uris, boolean cluster, String prefix, Duration timeout, Duration remember, long maxTailBytes) {
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LEAST_REMEMBER = Duration.ofMinutes(1);
    private static final Duration MOST_REMEMBER = Duration.ofDays(365);

    public RedisOptions {
        uris = List.copyOf(uris);
        if (uris.isEmpty() || (uris.size() > 1 && !cluster)) {
            throw new IllegalArgumentException("there are " + uris.size()
                    + " URIs, must be one, or of a cluster one or more; Sentinels stand in one URI, between commas");
        }
        if (!prefix.matches("[A-Za-z0-9_:-]{1,64}")) {
            throw new IllegalArgumentException(
                    "prefix is \"" + prefix + "\", must be 1 to 64 letters, digits, hyphens, underscores and colons");
        }
        requireWithin("timeout", timeout, LEAST_TIMEOUT, MOST_TIMEOUT);
        requireWithin("remember", remember, LEAST_REMEMBER, MOST_REMEMBER);
        if (maxTailBytes < 0) {
            throw new IllegalArgumentException("maxTailBytes is " + maxTailBytes + ", must be at least 0");
        }
    }

    private static void requireWithin(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from " + least + " to " + most);
        }
    }

    /** With the defaults; one server, or one behind Sentinel. */
    public static RedisOptions of(String uri) {
        return new RedisOptions(
                List.of(uri), false, "bowline", Duration.ofSeconds(2), Duration.ofDays(1), 64L * 1024 * 1024);
    }

    /** With the defaults; a cluster, of which these are some nodes. */
    public static RedisOptions ofCluster(List<String> uris) {
        return new RedisOptions(uris, true, "bowline", Duration.ofSeconds(2), Duration.ofDays(1), 64L * 1024 * 1024);
    }

    public RedisOptions withPrefix(String newPrefix) {
        return new RedisOptions(uris, cluster, newPrefix, timeout, remember, maxTailBytes);
    }

    public RedisOptions withTimeout(Duration newTimeout) {
        return new RedisOptions(uris, cluster, prefix, newTimeout, remember, maxTailBytes);
    }

    public RedisOptions withRemember(Duration newRemember) {
        return new RedisOptions(uris, cluster, prefix, timeout, newRemember, maxTailBytes);
    }

    public RedisOptions withMaxTailBytes(long newMaxTailBytes) {
        return new RedisOptions(uris, cluster, prefix, timeout, remember, newMaxTailBytes);
    }

    /** Without what the URIs may hold of passwords. */
    @Override
    public String toString() {
        return "RedisOptions[" + (cluster ? "cluster " : "") + prefix + "]";
    }
}
