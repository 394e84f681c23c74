package dev.bowline.verification.interop.peer;

import dev.bowline.codec.Role;
import dev.bowline.verification.interop.Deflate;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.Listening;
import dev.bowline.verification.interop.Peer;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What all implementations for the JVM share: both roles, a version in the name of their jar, and one end after another. */
abstract class JvmPeer implements Peer {
    private static final Pattern VERSION = Pattern.compile("-(\\d[^/]*)\\.jar");

    /** Larger than any message, as some count what does not compress in its grown form. */
    static final int LIMIT_BYTES = 2 << 20;

    /** They log through the JDK. Held here, as the JDK forgets loggers and their levels otherwise. */
    private static final List<Logger> QUIET = Stream.of("io.undertow", "org.xnio", "org.jboss", "org.glassfish")
            .map(Logger::getLogger)
            .toList();

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private final String name;
    private final Class<?> member;

    /** @param member any class of it */
    JvmPeer(String name, Class<?> member) {
        this.name = name;
        this.member = member;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String version() {
        String jar = Path.of(URI.create(Objects.requireNonNull(
                                member.getProtectionDomain().getCodeSource().getLocation())
                        .toString()))
                .toString();
        Matcher matcher = VERSION.matcher(jar);
        if (!matcher.find()) {
            throw new AssertionError("no version in " + jar);
        }
        return matcher.group(1);
    }

    @Override
    public final Set<Role> roles() {
        return EnumSet.allOf(Role.class);
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.allOf(Ability.class);
    }

    @Override
    public boolean canAskFor(Role role, Deflate deflate) {
        return !deflate.asksForWindows();
    }

    /** The ends of a server's connections, by the query that each came with. */
    static final class Accepted {
        private final Map<String, CompletableFuture<End>> ends = new ConcurrentHashMap<>();
        private final AtomicInteger last = new AtomicInteger();

        private CompletableFuture<End> end(String query) {
            return ends.computeIfAbsent(query, any -> new CompletableFuture<>());
        }

        /** @param query without the question mark, or a longer text that ends with it */
        void put(@Nullable String query, End end) {
            String whole = Objects.requireNonNull(query, "the query");
            end(whole.substring(whole.lastIndexOf('?') + 1)).complete(end);
        }

        /** A server that puts its ends here. */
        Listening on(int port, Runnable stop) {
            return new Listening() {
                @Override
                public int port() {
                    return port;
                }

                @Override
                public Awaited await() {
                    String query = "link=" + last.incrementAndGet();
                    return new Awaited(
                            "?" + query,
                            () -> end(query).orTimeout(10, TimeUnit.SECONDS).join());
                }

                @Override
                public void close() {
                    stop.run();
                }
            };
        }
    }

    @Override
    public void close() {
        // Most have nothing beyond their servers and connections.
    }
}
