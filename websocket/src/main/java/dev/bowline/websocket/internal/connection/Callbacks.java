package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.CloseEvent;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.log.Log;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Calls the application's listener for one connection, on the event loop. A callback that throws is reported once and
 * closes the connection; after that only {@code onClose} is called.
 */
class Callbacks {
    private static final Log LOG = Log.of(Callbacks.class);

    /** The callbacks of a listener. */
    enum Event {
        OPEN("onOpen"),
        TEXT("onText"),
        BINARY("onBinary"),
        PING("onPing"),
        PONG("onPong"),
        DRAINED("onDrained"),
        CLOSE("onClose");

        final String callback;

        Event(String callback) {
            this.callback = callback;
        }
    }

    final Connection connection;
    private final WebSocketListener listener;
    private boolean failed; // touched by the thread that runs the callbacks, one at a time

    Callbacks(Connection connection, WebSocketListener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    /**
     * Something happened; called on the event loop.
     *
     * @param argument the payload, the close event, or null, as the callback demands
     */
    void tell(Event event, @Nullable Object argument) {
        connection.loop().callbackBegins(listener, event.callback);
        invoke(event, argument);
        connection.loop().callbackEnds();
    }

    /** Calls the listener, on whatever thread this is. */
    final void invoke(Event event, @Nullable Object argument) {
        if (failed && event != Event.CLOSE) {
            return;
        }
        try {
            call(event, argument);
        } catch (Throwable thrown) { // the application's code may throw anything; the loop must survive it
            failed = true;
            connection.callbackFailed();
            reportError(thrown);
        }
    }

    private void call(Event event, @Nullable Object argument) {
        switch (event) {
            case OPEN -> listener.onOpen(connection);
            case TEXT -> listener.onTextBytes(connection, payload(argument));
            case BINARY -> listener.onBinary(connection, payload(argument));
            case PING -> listener.onPing(connection, payload(argument));
            case PONG -> listener.onPong(connection, payload(argument));
            case DRAINED -> listener.onDrained(connection);
            case CLOSE -> {
                if (argument instanceof CloseEvent closeEvent) {
                    listener.onClose(connection, closeEvent);
                }
            }
        }
    }

    private static ByteBuffer payload(@Nullable Object argument) {
        if (argument instanceof ByteBuffer payload) {
            return payload;
        }
        throw new IllegalStateException("a message without a payload");
    }

    private void reportError(Throwable thrown) {
        try {
            listener.onError(connection, thrown);
        } catch (Throwable again) { // as above
            if (again != thrown) { // a listener may well throw on what it was given
                again.addSuppressed(thrown);
            }
            LOG.log(
                    System.Logger.Level.ERROR,
                    "onError of " + listener.getClass().getName() + " failed",
                    again);
        }
    }
}
