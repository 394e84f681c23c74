package dev.bowline.cli.config;

import dev.bowline.redis.RedisOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where sessions, topics and mailboxes are kept.
 *
 * @param redis null for memory
 */
public record EngineChoice(@Nullable RedisOptions redis) {
    public static final EngineChoice MEMORY = new EngineChoice(null);

    /** What is allowed, in words. */
    public static final String ALLOWED =
            "\"memory\", redis://[user:password@]host[:port][/database] or rediss://… over TLS,"
                    + " redis-sentinel://host[:port],…#master, or redis-cluster://[user:password@]host[:port],…";

    private static final String CLUSTER = "redis-cluster://";
    private static final String SECURE_CLUSTER = "rediss-cluster://";

    /** There may be a password in it. */
    static final Type<EngineChoice> TYPE = new Type<>() {
        @Override
        public String allowed() {
            return ALLOWED;
        }

        @Override
        public EngineChoice read(String text) {
            return EngineChoice.read(text);
        }

        @Override
        public String write(EngineChoice value) {
            return value.redis == null ? "memory" : "redis";
        }

        @Override
        public boolean isSecret() {
            return true;
        }
    };

    /**
     * Reads {@code memory}, or the URI of a Redis.
     *
     * @throws IllegalArgumentException for anything else; without a message, as there may be a password in it
     */
    public static EngineChoice read(String text) {
        if (text.equals("memory")) {
            return MEMORY;
        }
        try {
            return new EngineChoice(
                    text.startsWith(CLUSTER) || text.startsWith(SECURE_CLUSTER)
                            ? RedisOptions.ofCluster(nodes(text))
                            : RedisOptions.of(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException();
        }
    }

    /** Each node of a cluster with the credentials of all. */
    private static List<String> nodes(String text) {
        String scheme = text.startsWith(SECURE_CLUSTER) ? "rediss://" : "redis://";
        String rest = text.substring(text.indexOf("://") + 3);
        int at = rest.lastIndexOf('@');
        String credentials = rest.substring(0, at + 1);
        List<String> nodes = new ArrayList<>();
        for (String node : rest.substring(at + 1).split(",", -1)) {
            nodes.add(scheme + credentials + node);
        }
        return nodes;
    }

    /** Where nodes share it, with what a configuration says of that. */
    public EngineChoice with(Values values) {
        if (redis == null) {
            return this;
        }
        Path trusted = values.isGiven(Settings.REDIS_TRUSTED_CERTIFICATES)
                ? values.file(Settings.REDIS_TRUSTED_CERTIFICATES)
                : null;
        return new EngineChoice(redis.withWindow(values.get(Settings.RESUME_WINDOW))
                .withPrefix(values.get(Settings.REDIS_PREFIX))
                .withTimeout(values.get(Settings.REDIS_TIMEOUT))
                .withLease(values.get(Settings.REDIS_LEASE))
                .withKeepSessions(values.get(Settings.REDIS_KEEP_SESSIONS))
                .withTrustedCertificates(trusted));
    }

    /** Whether nodes share it. */
    public boolean isShared() {
        return redis != null;
    }
}
