package dev.bowline.redis;

import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where Redis is, and how an engine uses it. Immutable: each {@code with…} gives another one. */
public final class RedisOptions {
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LEAST_REMEMBER = Duration.ofMinutes(1);
    private static final Duration MOST_REMEMBER = Duration.ofDays(365);
    private static final Duration LEAST_LEASE = Duration.ofSeconds(1);
    private static final Duration MOST_LEASE = Duration.ofMinutes(5);
    private static final Duration LEAST_WINDOW = Duration.ofSeconds(1);
    private static final Duration MOST_WINDOW = Duration.ofDays(1);

    /** What they are; changed only by whoever makes new ones. */
    private static final class Values implements Cloneable {
        private List<String> uris = List.of();
        private boolean cluster;
        private String prefix = "bowline";
        private Duration timeout = Duration.ofSeconds(2);
        private Duration remember = Duration.ofDays(1);
        private long maxTailBytes = 64L * 1024 * 1024;
        private Duration lease = Duration.ofSeconds(10);
        private Duration window = Duration.ofMinutes(2);
        private boolean keepSessions = true;
        private @Nullable Path trustedCertificates;

        @Override
        public Values clone() {
            try {
                return (Values) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("it is cloneable", e);
            }
        }
    }

    private final Values values;

    private RedisOptions(Values values) {
        this.values = values;
    }

    private static RedisOptions of(List<String> uris, boolean cluster) {
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("there is no URI, must be at least one of a node of the cluster");
        }
        for (int i = 0; i < uris.size(); i++) {
            requireUri(uris.get(i), i + 1);
        }
        Values values = new Values();
        values.uris = List.copyOf(uris);
        values.cluster = cluster;
        return new RedisOptions(values);
    }

    /**
     * With the defaults; one server, or one behind Sentinel.
     *
     * @param uri {@code redis://[user:password@]host[:port][/database]}, with {@code rediss} over TLS; {@code
     *     redis-sentinel://host[:port],host[:port]…#master} for one behind Sentinel
     * @throws IllegalArgumentException for what is no such URI
     */
    public static RedisOptions of(String uri) {
        return of(List.of(uri), false);
    }

    /**
     * With the defaults; a cluster.
     *
     * @param uris of any of its nodes, at least one
     * @throws IllegalArgumentException for what is no such URI
     */
    public static RedisOptions ofCluster(List<String> uris) {
        return of(uris, true);
    }

    private static void requireUri(String uri, int number) {
        if (!namesHost(uri)) {
            // neither it nor a cause may stand here: there may be a password in it
            throw new IllegalArgumentException(
                    "URI " + number + " can't be read, must be like redis://[user:password@]host[:port][/database]");
        }
    }

    /** What can't be read for its port counts as one without a host. */
    private static boolean namesHost(String uri) {
        try {
            RedisURI read = RedisURI.create(uri);
            return (read.getHost() != null && !read.getHost().isEmpty())
                    || !read.getSentinels().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private RedisOptions with(Consumer<Values> change) {
        Values changed = values.clone();
        change.accept(changed);
        return new RedisOptions(changed);
    }

    private static void requireWithin(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from " + least + " to " + most);
        }
    }

    /**
     * What the names of all keys and channels begin with: engines with the same one, in the same database of the same Redis, are one; 1 to 64
     * letters, digits, hyphens, underscores and colons. Default {@code bowline}. In any but the first database the database's number stands
     * behind it, as in {@code bowline:3}.
     */
    public RedisOptions withPrefix(String prefix) {
        if (!prefix.matches("[A-Za-z0-9_:-]{1,64}")) {
            throw new IllegalArgumentException(
                    "prefix is \"" + prefix + "\", must be 1 to 64 letters, digits, hyphens, underscores and colons");
        }
        return with(changed -> changed.prefix = prefix);
    }

    /** How long a command may take, also while Redis is away, 10 ms to 1 min; default 2 s. What it was to do may still come about. */
    public RedisOptions withTimeout(Duration timeout) {
        requireWithin("timeout", timeout, LEAST_TIMEOUT, MOST_TIMEOUT);
        return with(changed -> changed.timeout = timeout);
    }

    /** How long a topic without messages keeps its epoch and its end, 1 min to 365 days; default 1 day. */
    public RedisOptions withRemember(Duration remember) {
        requireWithin("remember", remember, LEAST_REMEMBER, MOST_REMEMBER);
        return with(changed -> changed.remember = remember);
    }

    /** How much of the topics that its nodes follow an engine keeps in memory, at least 0; default 64 MiB. */
    public RedisOptions withMaxTailBytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("maxTailBytes is " + bytes + ", must be at least 0");
        }
        return with(changed -> changed.maxTailBytes = bytes);
    }

    /** How long an engine may be silent before the others take it for gone, 1 s to 5 min; default 10 s. */
    public RedisOptions withLease(Duration lease) {
        requireWithin("lease", lease, LEAST_LEASE, MOST_LEASE);
        return with(changed -> changed.lease = lease);
    }

    /** How long a session can be resumed that no engine has: as long as the hubs' own resume window; 1 s to 1 day, default 2 min. */
    public RedisOptions withWindow(Duration window) {
        requireWithin("window", window, LEAST_WINDOW, MOST_WINDOW);
        return with(changed -> changed.window = window);
    }

    /**
     * Whether sessions outlive the engine that has them, also if that ends without a word: then all that becomes of them is kept in Redis before
     * a client hears of it, which costs a command for each turn of a session, and one way to Redis and back for each answer. If not, they move
     * between engines that live, and those of one that ended are lost, which their clients are told. Default true.
     */
    public RedisOptions withKeepSessions(boolean keep) {
        return with(changed -> changed.keepSessions = keep);
    }

    /**
     * A file in PEM with the authorities whose word is good for servers behind {@code rediss}; null, the default, for those that Java trusts.
     */
    public RedisOptions withTrustedCertificates(@Nullable Path file) {
        return with(changed -> changed.trustedCertificates = file);
    }

    // ---- For the engine ----

    List<String> uris() {
        return values.uris;
    }

    boolean cluster() {
        return values.cluster;
    }

    /**
     * What all keys and channels begin with. A Redis has its channels for all databases together, so the number of any but the first stands
     * there too: else servers on two of them would hear each other.
     */
    String prefix() {
        int database = RedisURI.create(values.uris.get(0)).getDatabase();
        return database == 0 ? values.prefix : values.prefix + ":" + database;
    }

    Duration timeout() {
        return values.timeout;
    }

    Duration remember() {
        return values.remember;
    }

    long maxTailBytes() {
        return values.maxTailBytes;
    }

    Duration lease() {
        return values.lease;
    }

    Duration window() {
        return values.window;
    }

    boolean keepSessions() {
        return values.keepSessions;
    }

    @Nullable
    Path trustedCertificates() {
        return values.trustedCertificates;
    }

    /** Without what the URIs may hold of passwords. */
    @Override
    public String toString() {
        return "RedisOptions[" + (values.cluster ? "cluster " : "") + values.prefix + "]";
    }
}
