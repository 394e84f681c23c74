package dev.bowline.websocket.internal.server;

import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Violation;
import dev.bowline.codec.Visible;
import dev.bowline.codec.handshake.OpeningHandshake;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.websocket.AllowedOrigins;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.internal.log.Log;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that browsers were led to send: for a host that is not the server's, or from a page of a foreign
 * origin. Logs which, and which option would allow it. Safe from any thread.
 */
final class Gate {
    private static final Log LOG = Log.of(Gate.class);

    /** At some 500 bytes a line, less than 10 MB a day. */
    private static final int LINES_PER_MINUTE = 10;

    /** How much of what a peer sent is shown. */
    private static final int SHOWN = 200;

    private final AllowedOrigins origins;
    private final HostNames hosts;
    private final boolean secure;
    private final LogThrottle throttle = new LogThrottle(LINES_PER_MINUTE, TimeUnit.MINUTES.toNanos(1));

    Gate(ServerOptions options) {
        origins = options.allowedOrigins();
        hosts = new HostNames(options.allowedHosts());
        secure = options.tls() != null;
    }

    /** Judges the host that a request is for, be it for a WebSocket or not; null if it may pass. */
    @Nullable
    ProtocolError host(RequestHead request, long nowNanos) {
        if (!request.headers().contains("Host")) {
            return Violation.HOST_MISSING.error(); // RFC 9112 §3.2: of any request
        }
        if (!OpeningHandshake.hasValidAuthority(request)) {
            return Violation.HOST_MALFORMED.error();
        }
        String authority = String.valueOf(request.authority());
        if (hosts.allow(authority)) {
            return null;
        }
        String shown = Visible.of(authority, SHOWN);
        log(
                nowNanos,
                "Refused a request for the host " + shown + " with 421: the server does not go by that name. If it is"
                        + " to, add it to allowedHosts of ServerOptions, or to --allow-host of bowline serve.");
        return Violation.HOST_NOT_ALLOWED.error(shown);
    }

    /** Judges the page that wants to open a WebSocket at the endpoint; null if it may pass. */
    @Nullable
    ProtocolError origin(Endpoint endpoint, RequestHead request, long nowNanos) {
        AllowedOrigins own = endpoint.allowedOrigins();
        String origin = request.headers().first("Origin");
        if ((own == null ? origins : own).allow(origin, request.authority(), secure)) {
            return null;
        }
        String shown = Visible.of(String.valueOf(origin), SHOWN);
        String where = own == null ? "ServerOptions" : "its Endpoint";
        String remedy = shown.contains("://")
                ? "add it to allowedOrigins of " + where + ", or to --allow-origin of bowline serve"
                : "only anyOrigin() of " + where + ", or --allow-any-origin of bowline serve, can do so";
        log(
                nowNanos,
                "Refused a WebSocket at " + Visible.of(request.path(), SHOWN) + " to a page of the origin " + shown
                        + " with 403: it is neither the server's own, " + (secure ? "https://" : "http://")
                        + Visible.of(String.valueOf(request.authority()), SHOWN)
                        + ", nor listed. If it is to be allowed, " + remedy + ".");
        return Violation.ORIGIN_NOT_ALLOWED.error(shown);
    }

    private void log(long nowNanos, String line) {
        int before = throttle.permit(nowNanos);
        if (before != LogThrottle.SILENCE) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    before == 0 ? line : line + " (" + before + " such refusals before it were not logged.)");
        }
    }
}
