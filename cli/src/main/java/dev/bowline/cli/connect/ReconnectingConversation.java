package dev.bowline.cli.connect;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.ReconnectListener;
import dev.bowline.websocket.ReconnectingWebSocket;
import dev.bowline.websocket.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A conversation that outlives its connections: shows what happens between them, and ends when no further one is to come. */
final class ReconnectingConversation extends Conversation implements ReconnectListener {
    private final Screen screen;

    ReconnectingConversation(Screen screen) {
        super(screen);
        this.screen = screen;
    }

    @Override
    public void onConnecting(ReconnectingWebSocket socket, int attempt) {
        screen.status("connecting to " + socket.uri() + (attempt == 0 ? "" : ", attempt " + attempt));
    }

    @Override
    public void onConnectFailed(ReconnectingWebSocket socket, IOException cause) {
        screen.status(ConnectFailure.explain(cause));
    }

    @Override
    public void onWaiting(ReconnectingWebSocket socket, int attempt, Duration delay) {
        screen.status(String.format(Locale.ROOT, "waiting %.1f s for attempt %d", delay.toMillis() / 1000.0, attempt));
    }

    /** The connection ends, but not the conversation. */
    @Override
    public void onClose(WebSocket socket, CloseEvent event) {
        showClose(event);
    }

    @Override
    public void onEnd(ReconnectingWebSocket socket, CloseEvent event, List<PreparedMessage> undelivered) {
        if (!undelivered.isEmpty()) {
            int count = undelivered.size();
            screen.status("not sent: " + count + (count == 1 ? " message" : " messages"));
            fail();
        }
        end(event);
    }
}
