package dev.bowline.realtime;

import dev.bowline.session.wire.Payload;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a session.
 *
 * <p><b>Order.</b> In the order in which it happened, and {@code onEnded}, once, as the last. Listeners of one client, its result stages
 * and its streams are never called two at a time.
 *
 * <p><b>Threads.</b> Callbacks run on the client's event loop and must not block: a blocked loop delays all its connections and is logged
 * after 1 s. With {@link SessionClientOptions.Builder#callbackExecutor} they run there instead and may block.
 *
 * <p><b>Exceptions.</b> What a callback throws is logged and changes nothing.
 */
public interface SessionListener {
    /** The session has changed its state. */
    default void onState(SessionClient client, SessionState state) {}

    /**
     * A session is open. If it is not the one of before, the commands that were sent in that one and have no result have ended as unknown;
     * direct messages may be lost; subscriptions go on, and tell what they miss.
     *
     * @param resumed whether it is the session of before, with nothing lost in between
     * @param reason why it is not, where there was one before; else null
     */
    default void onOpen(SessionClient client, boolean resumed, @Nullable String reason) {}

    /**
     * An attempt to connect has failed. The next one follows, unless an answer of the server's says that it would fail likewise
     * ({@link dev.bowline.websocket.ReconnectRule#DEFAULT}): then this is the session's end.
     *
     * @param cause as from {@link dev.bowline.websocket.WebSocketClient#connect(java.net.URI, dev.bowline.websocket.WebSocketListener)}; or
     *     the token source's failure
     */
    default void onConnectFailed(SessionClient client, IOException cause) {}

    /**
     * The connection is lost, or was given up. The session waits for the next one, unless the code says otherwise (bowline-v1.md, section
     * 10.2).
     *
     * @param code of the closing handshake; 1006 without one
     */
    default void onDisconnect(SessionClient client, int code, String reason) {}

    /**
     * A direct message of the server's application.
     *
     * @param payload the listener's own
     */
    default void onMessage(SessionClient client, String name, Payload payload) {}

    /**
     * The authentication ends. Where there is a {@link TokenSource}, the client renews it by itself; else
     * {@link SessionClient#authenticate} does.
     *
     * @param left how long it lasts
     */
    default void onExpiring(SessionClient client, Duration left) {}

    /**
     * The session is over: by {@code close}, by a code or an answer that says so, or as the WebSocket client was closed.
     *
     * @param code 1000 after {@code close}; 1006 if an attempt to connect was answered by a refusal; 4504 if the server does not speak
     *     {@code bowline.v1}; else that of the server's closing
     */
    default void onEnded(SessionClient client, int code, String reason) {}
}
