package dev.bowline.session.server;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.wire.Payload;
import java.util.List;

/** The way to the other end of a connection. Used on the node's thread alone; what is sent to a link that has ended goes nowhere. */
public interface Link {
    /** Sends a message, whatever room there is. */
    void send(Payload message);

    /** Sends messages that others get too, in order. */
    void send(List<Entry> entries);

    /**
     * Whether there is room for messages of topics. Where there was none, {@link ServerConnection#drained} tells when there is
     * again.
     */
    boolean hasRoom();

    /** Closes the connection behind what was sent. */
    void close(int code, String reason);
}
