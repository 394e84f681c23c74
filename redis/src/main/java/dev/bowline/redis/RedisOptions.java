package dev.bowline.redis;

import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param trustedCertificates a file in PEM with the authorities whose word is good for servers behind {@code rediss}; null, the default, for
 *     those that Java trusts
 */
public record RedisOptions(
        List<String> uris,
        boolean cluster,
        String prefix,
        Duration timeout,
        Duration remember,
        long maxTailBytes,
        @Nullable Path trustedCertificates) {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration REMEMBER = Duration.ofDays(1);
    private static final long MAX_TAIL_BYTES = 64L * 1024 * 1024;
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
        for (int i = 0; i < uris.size(); i++) {
            requireUri(uris.get(i), i + 1);
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

    private static void requireUri(String uri, int number) {
        try {
            RedisURI.create(uri);
        } catch (IllegalArgumentException e) {
            // neither it nor its cause may stand here: there may be a password in it
            throw new IllegalArgumentException(
                    "URI " + number + " can't be read, must be like redis://[user:password@]host[:port][/database]");
        }
    }

    private static void requireWithin(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from " + least + " to " + most);
        }
    }

    /** With the defaults; one server, or one behind Sentinel. */
    public static RedisOptions of(String uri) {
        return new RedisOptions(List.of(uri), false, "bowline", TIMEOUT, REMEMBER, MAX_TAIL_BYTES, null);
    }

    /** With the defaults; a cluster, of which these are some nodes. */
    public static RedisOptions ofCluster(List<String> uris) {
        return new RedisOptions(uris, true, "bowline", TIMEOUT, REMEMBER, MAX_TAIL_BYTES, null);
    }

    public RedisOptions withPrefix(String newPrefix) {
        return new RedisOptions(uris, cluster, newPrefix, timeout, remember, maxTailBytes, trustedCertificates);
    }

    public RedisOptions withTimeout(Duration newTimeout) {
        return new RedisOptions(uris, cluster, prefix, newTimeout, remember, maxTailBytes, trustedCertificates);
    }

    public RedisOptions withRemember(Duration newRemember) {
        return new RedisOptions(uris, cluster, prefix, timeout, newRemember, maxTailBytes, trustedCertificates);
    }

    public RedisOptions withMaxTailBytes(long newMaxTailBytes) {
        return new RedisOptions(uris, cluster, prefix, timeout, remember, newMaxTailBytes, trustedCertificates);
    }

    public RedisOptions withTrustedCertificates(@Nullable Path newTrustedCertificates) {
        return new RedisOptions(uris, cluster, prefix, timeout, remember, maxTailBytes, newTrustedCertificates);
    }

    /** Without what the URIs may hold of passwords. */
    @Override
    public String toString() {
        return "RedisOptions[" + (cluster ? "cluster " : "") + prefix + "]";
    }
}
