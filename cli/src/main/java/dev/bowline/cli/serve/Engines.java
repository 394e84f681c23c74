package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.redis.RedisConnectException;
import dev.bowline.redis.RedisEngine;
import dev.bowline.redis.RedisOptions;
import dev.bowline.session.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where sessions, topics and mailboxes are kept. */
final class Engines {
    static final String MEMORY = "memory";

    private static final String CLUSTER = "redis-cluster://";
    private static final String SECURE_CLUSTER = "rediss-cluster://";

    private Engines() {}

    /**
     * An engine, and how to end it.
     *
     * @param redis null for one in memory
     */
    record Opened(@Nullable RedisEngine redis) implements AutoCloseable {
        /** Null for the hub's own, in memory. */
        @Nullable
        Engine engine() {
            return redis;
        }

        /** Whether other nodes may go on with what this one has. */
        boolean isShared() {
            return redis != null;
        }

        @Override
        public void close() {
            if (redis != null) {
                redis.close();
            }
        }
    }

    /**
     * What was asked for.
     *
     * @param redis null for memory
     */
    record Choice(@Nullable RedisOptions redis) {
        Opened open() throws CommandFailure {
            if (redis == null) {
                return new Opened(null);
            }
            try {
                return new Opened(new RedisEngine(redis));
            } catch (RedisConnectException e) {
                throw new CommandFailure(e.getMessage() + ". Is it running, and is --engine right?");
            }
        }
    }

    /** Reads {@code memory}, or the URI of a Redis. */
    static final class Converter implements ITypeConverter<Choice> {
        @Override
        public Choice convert(String value) {
            if (value.equals(MEMORY)) {
                return new Choice(null);
            }
            try {
                if (value.startsWith(CLUSTER) || value.startsWith(SECURE_CLUSTER)) {
                    return new Choice(RedisOptions.ofCluster(nodes(value)));
                }
                return new Choice(RedisOptions.of(value));
            } catch (IllegalArgumentException e) {
                // the value is not repeated: there may be a password in it
                throw new TypeConversionException("the engine can't be read, but must be \"" + MEMORY
                        + "\", redis://[user:password@]host[:port][/database] or rediss://… over TLS,"
                        + " redis-sentinel://host[:port],…#master, or redis-cluster://[user:password@]host[:port],…");
            }
        }

        /** Each node of a cluster with the credentials of all. */
        private static List<String> nodes(String value) {
            String scheme = value.startsWith(SECURE_CLUSTER) ? "rediss://" : "redis://";
            String rest = value.substring(value.indexOf("://") + 3);
            int at = rest.lastIndexOf('@');
            String credentials = rest.substring(0, at + 1);
            List<String> nodes = new ArrayList<>();
            for (String node : rest.substring(at + 1).split(",", -1)) {
                nodes.add(scheme + credentials + node);
            }
            return nodes;
        }
    }
}
