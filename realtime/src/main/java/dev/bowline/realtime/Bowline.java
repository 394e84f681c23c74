package dev.bowline.realtime;

import dev.bowline.realtime.internal.client.DefaultSessionClient;
import java.net.URI;

/**
 * Opens sessions.
 *
 * <pre>{@code
 * SessionClient client = Bowline.connect(URI.create("wss://example.org/bowline"));
 * client.subscribe("news", (topic, offset, payload) -> System.out.println(payload.asText()));
 * client.publish("news", "Hello");
 * }</pre>
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and none blocks.
 */
public final class Bowline {
    private Bowline() {}

    /** {@link #connect(URI, SessionClientOptions, SessionListener)} with default options, and nobody who listens. */
    public static SessionClient connect(URI uri) {
        return connect(uri, SessionClientOptions.DEFAULT);
    }

    /** {@link #connect(URI, SessionClientOptions, SessionListener)} with nobody who listens. */
    public static SessionClient connect(URI uri, SessionClientOptions options) {
        return connect(uri, options, new SessionListener() {});
    }

    /**
     * Begins a session, and keeps it over any number of connections until its end.
     *
     * @param uri {@code ws://host[:port]/path?query}, or {@code wss://} for TLS; without fragment and user information
     * @param listener is told how it goes
     * @return at once: commands may be given now, and wait for the session
     * @throws IllegalArgumentException for a URI that no WebSocket can be opened to
     * @throws IllegalStateException if the {@linkplain SessionClientOptions#webSocketClient WebSocket client} is closed
     */
    public static SessionClient connect(URI uri, SessionClientOptions options, SessionListener listener) {
        return DefaultSessionClient.connect(uri, options, listener);
    }
}
