package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.CloseEvent;

/** Whoever keeps count of connections. Called on the event loop. */
public interface ConnectionOwner {
    /** The connection is open; called before the application's {@code onOpen}. */
    void onOpened(Connection connection);

    /** The connection is gone; called before the application's {@code onClose}. */
    void onClosed(Connection connection, CloseEvent event);
}
