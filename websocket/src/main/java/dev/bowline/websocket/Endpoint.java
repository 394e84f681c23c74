package dev.bowline.websocket;

import dev.bowline.codec.handshake.OpeningHandshake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a server does with the WebSockets of one path. Immutable: each method returns a new endpoint.
 */
public final class Endpoint {
    private final String path;
    private final WebSocketListener listener;
    private final List<String> subprotocols;
    private final @Nullable TextHeartbeat textHeartbeat;
    private final @Nullable AllowedOrigins allowedOrigins; // null for the server's
    private final @Nullable Function<UpgradeRequest, CompletionStage<UpgradeDecision>> upgrade;
    private final Map<String, Service> services;

    /**
     * What serves the connections that agreed on a subprotocol.
     *
     * @param options makes their options of the server's
     */
    public record Service(WebSocketListener listener, UnaryOperator<ConnectionOptions> options) {}

    private Endpoint(
            String path,
            WebSocketListener listener,
            Map<String, Service> services,
            List<String> subprotocols,
            @Nullable TextHeartbeat textHeartbeat,
            @Nullable AllowedOrigins allowedOrigins,
            @Nullable Function<UpgradeRequest, CompletionStage<UpgradeDecision>> upgrade) {
        this.path = path;
        this.listener = listener;
        this.services = services;
        this.subprotocols = subprotocols;
        this.textHeartbeat = textHeartbeat;
        this.allowedOrigins = allowedOrigins;
        this.upgrade = upgrade;
    }

    /**
     * An endpoint that accepts every request.
     *
     * @param path the exact path, such as {@code /chat}; or, ending in {@code /*}, every path below: {@code /*} is every
     *     path. Percent-encoding is not decoded. The exact path wins over a pattern, the longer pattern over the shorter
     */
    public static Endpoint of(String path, WebSocketListener listener) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path is \"" + path + "\", must begin with a slash");
        }
        int star = path.indexOf('*');
        if (star >= 0 && (star != path.length() - 1 || path.charAt(star - 1) != '/')) {
            throw new IllegalArgumentException(
                    "path is \"" + path + "\"; an asterisk may only stand at the end, behind a slash");
        }
        return new Endpoint(path, listener, Map.of(), List.of(), null, null, null);
    }

    /**
     * The subprotocols it speaks, the most wanted first. The first one that the client offers is chosen; a client that
     * offers none of them is served without one. {@link #onUpgrade} may choose otherwise.
     *
     * @throws IllegalArgumentException for a name that is no token or is given twice
     */
    public Endpoint subprotocols(String... names) {
        List<String> spoken = new ArrayList<>(services.keySet());
        spoken.addAll(List.of(names));
        OpeningHandshake.requireSubprotocols(spoken);
        return new Endpoint(path, listener, services, List.copyOf(spoken), textHeartbeat, allowedOrigins, upgrade);
    }

    /**
     * Serves the connections that agree on a subprotocol in a way of their own, beside those that don't. It is added in front of the
     * {@link #subprotocols}; a text heartbeat is not answered on them.
     *
     * @throws IllegalArgumentException for a name that is no token or is spoken already
     */
    public Endpoint service(String subprotocol, Service service) {
        List<String> spoken = new ArrayList<>(subprotocols);
        spoken.add(0, subprotocol);
        OpeningHandshake.requireSubprotocols(spoken);
        Map<String, Service> more = new HashMap<>(services);
        more.put(subprotocol, service);
        return new Endpoint(
                path, listener, Map.copyOf(more), List.copyOf(spoken), textHeartbeat, allowedOrigins, upgrade);
    }

    /** As {@link ServerOptions.Builder#allowedOrigins}, for this endpoint alone and in place of the server's. */
    public Endpoint allowedOrigins(String... origins) {
        return new Endpoint(path, listener, services, subprotocols, textHeartbeat, AllowedOrigins.of(origins), upgrade);
    }

    /** Takes pages of the server's own origin alone, whatever the server's options allow. */
    public Endpoint sameOrigin() {
        return new Endpoint(path, listener, services, subprotocols, textHeartbeat, AllowedOrigins.SAME_ORIGIN, upgrade);
    }

    /** As {@link ServerOptions.Builder#anyOrigin}, for this endpoint alone and in place of the server's. */
    public Endpoint anyOrigin() {
        return new Endpoint(path, listener, services, subprotocols, textHeartbeat, AllowedOrigins.ANY, upgrade);
    }

    /** Answers text heartbeats on all its connections; off by default. */
    public Endpoint textHeartbeat(TextHeartbeat heartbeat) {
        return new Endpoint(path, listener, services, subprotocols, heartbeat, allowedOrigins, upgrade);
    }

    /** Decides on each request before the connection exists; runs on the event loop and must not block. */
    public Endpoint onUpgrade(Function<UpgradeRequest, UpgradeDecision> decide) {
        return onUpgradeAsync(request -> CompletableFuture.completedFuture(decide.apply(request)));
    }

    /**
     * Decides on each request before the connection exists, now or later: the stage may be completed by any thread,
     * within the time for the handshake. A stage that fails answers 500.
     */
    public Endpoint onUpgradeAsync(Function<UpgradeRequest, CompletionStage<UpgradeDecision>> decide) {
        return new Endpoint(path, listener, services, subprotocols, textHeartbeat, allowedOrigins, decide);
    }

    public String path() {
        return path;
    }

    public WebSocketListener listener() {
        return listener;
    }

    /** What serves the connections that agreed on a subprotocol; null where that is {@link #listener} too. */
    public @Nullable Service service(@Nullable String subprotocol) {
        return subprotocol == null ? null : services.get(subprotocol);
    }

    /** The text heartbeat of all its connections, or null. */
    public @Nullable TextHeartbeat textHeartbeat() {
        return textHeartbeat;
    }

    /** The pages that may open its WebSockets; null for those of the server's options. */
    public @Nullable AllowedOrigins allowedOrigins() {
        return allowedOrigins;
    }

    /** The decision of {@link #onUpgrade}, or of nobody: to accept. */
    public CompletionStage<UpgradeDecision> decide(UpgradeRequest request) {
        return upgrade == null ? CompletableFuture.completedFuture(UpgradeDecision.accept()) : upgrade.apply(request);
    }

    /** The first of its subprotocols that the client offers, or null. */
    public @Nullable String chooseSubprotocol(UpgradeRequest request) {
        for (String spoken : subprotocols) {
            if (request.subprotocols().contains(spoken)) {
                return spoken;
            }
        }
        return null;
    }

    /** Whether it serves the path. */
    public boolean matches(String requested) {
        return path.endsWith("*") ? requested.startsWith(path.substring(0, path.length() - 1)) : path.equals(requested);
    }
}
