package dev.bowline.websocket;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What happens on a {@link ReconnectingWebSocket}: what happens on each of its connections, and what happens between them.
 *
 * <p><b>Order.</b> {@code onConnecting}; then either {@code onConnectFailed}, or {@code onOpen}, messages and
 * {@code onClose} of a connection; then {@code onWaiting} and {@code onConnecting} again, or {@code onEnd}, once, as the last.
 * Never two at a time.
 *
 * <p><b>Threads.</b> As for {@link WebSocketListener}: the event loop, or the callback executor where there is one. An
 * exception of a method of this interface itself is logged and changes nothing.
 *
 * <p>In {@code onOpen}, what is sent on the connection goes ahead of what waits in the queue: a greeting, a token.
 */
public interface ReconnectListener extends WebSocketListener {
    /**
     * An attempt begins.
     *
     * @param attempt the number of this retry since a connection stood; 0 for the first attempt of all
     */
    default void onConnecting(ReconnectingWebSocket socket, int attempt) {}

    /**
     * The attempt failed; {@code onWaiting} or {@code onEnd} follows.
     *
     * @param cause as from {@link WebSocketClient#connect(java.net.URI, WebSocketListener)}
     */
    default void onConnectFailed(ReconnectingWebSocket socket, IOException cause) {}

    /**
     * There is no connection, and the next attempt is put off.
     *
     * @param attempt the number of that attempt, as {@code onConnecting} will get it
     * @param delay how long from now
     */
    default void onWaiting(ReconnectingWebSocket socket, int attempt, Duration delay) {}

    /**
     * It is over: after {@code close}, a code or an answer that says give up, or too many attempts.
     *
     * @param event how the last connection ended; 1006 if there was none, or the last attempt failed
     * @param undelivered what was queued and never handed to a connection, the oldest first
     */
    default void onEnd(ReconnectingWebSocket socket, CloseEvent event, List<PreparedMessage> undelivered) {}
}
