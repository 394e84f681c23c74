package dev.bowline.websocket.internal.server;

import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.StaticResource;
import dev.bowline.websocket.TextHeartbeat;
import dev.bowline.websocket.internal.connection.EncodedTextHeartbeat;
import dev.bowline.websocket.tls.ServerTls;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What all connections of a server share. Safe from any thread. */
final class ServerContext {
    private final ServerOptions options;
    private final List<Endpoint> endpoints;
    private final HttpResponses responses;
    private final TrustedProxies proxies;
    private final Admission admission;
    private final Gate gate;
    private final Map<TextHeartbeat, EncodedTextHeartbeat> textHeartbeats = new ConcurrentHashMap<>();
    private volatile @Nullable ServerTls tls; // of connections that are accepted from now on
    private volatile boolean stopping;

    ServerContext(ServerOptions options, List<Endpoint> endpoints, Map<String, StaticResource> resources) {
        this.options = options;
        // The exact path wins over a pattern, the longer pattern over the shorter.
        this.endpoints = endpoints.stream()
                .sorted(Comparator.comparing((Endpoint e) -> e.path().endsWith("*"))
                        .thenComparing(e -> -e.path().length()))
                .toList();
        this.responses = new HttpResponses(resources);
        this.tls = prepared(options.tls());
        this.proxies = new TrustedProxies(options.trustedProxies());
        this.admission = new Admission(options.maxConnections(), options.maxConnectionsPerAddress(), proxies::trusts);
        this.gate = new Gate(options);
    }

    ServerOptions options() {
        return options;
    }

    /** Null where the server speaks plain TCP. */
    @Nullable
    ServerTls tls() {
        return tls;
    }

    void tls(ServerTls newTls) {
        tls = prepared(newTls);
    }

    /** What is wrong with it, or takes long, comes to light now and not on an event loop. */
    private static @Nullable ServerTls prepared(@Nullable ServerTls tls) {
        if (tls != null) {
            tls.context();
        }
        return tls;
    }

    HttpResponses responses() {
        return responses;
    }

    TrustedProxies proxies() {
        return proxies;
    }

    Admission admission() {
        return admission;
    }

    Gate gate() {
        return gate;
    }

    @Nullable
    Endpoint endpoint(String path) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.matches(path)) {
                return endpoint;
            }
        }
        return null;
    }

    /** Text heartbeats are encoded once; an application has few of them. */
    @Nullable
    EncodedTextHeartbeat encoded(@Nullable TextHeartbeat heartbeat) {
        return heartbeat == null ? null : textHeartbeats.computeIfAbsent(heartbeat, EncodedTextHeartbeat::new);
    }

    boolean isStopping() {
        return stopping;
    }

    void stopping() {
        stopping = true;
    }
}
