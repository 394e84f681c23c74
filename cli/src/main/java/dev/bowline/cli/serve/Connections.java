package dev.bowline.cli.serve;

import dev.bowline.cli.Logging;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.UpgradeRequest;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Says in the log who connects, and from where. Safe from any thread. */
final class Connections {
    private static final System.Logger LOG = System.getLogger(Connections.class.getName());

    private Connections() {}

    /** Whether a line says that a connection or a session comes or goes. */
    static void areLogged(boolean logged) {
        Logging.quiet(!logged, Connections.class, DemoEndpoint.class, DemoSessions.class);
    }

    /** The same endpoint, with a line for each connection of a session that it lets in: sessions don't know an address themselves. */
    static Endpoint logged(Endpoint endpoint) {
        return endpoint.onUpgradeAsync(request -> endpoint.decide(request).thenApply(decision -> {
            String chosen = decision.subprotocol();
            String subprotocol = chosen == null ? endpoint.chooseSubprotocol(request) : chosen;
            if (decision.isAccepted() && endpoint.service(subprotocol) != null) {
                LOG.log(Level.INFO, () -> "session connection from " + describe(request, null));
            }
            return decision;
        }));
    }

    /** {@code 203.0.113.7 port 4711 at /path as USER}; what a trusted proxy says of its client has no port. */
    static String describe(UpgradeRequest request, @Nullable String user) {
        InetSocketAddress peer = request.remoteAddress();
        return peer.getAddress().getHostAddress()
                + (peer.getPort() == 0 ? "" : " port " + peer.getPort())
                + " at " + request.path() + (user == null ? "" : " as " + user);
    }
}
