package dev.bowline.realtime;

import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Payload;

/**
 * A request of a client's.
 *
 * @param session whose it is
 * @param name what is asked for
 */
public record Request(SessionInfo session, String name, Payload payload) {
    /** The payload as text. */
    public String text() {
        return payload.asText();
    }
}
