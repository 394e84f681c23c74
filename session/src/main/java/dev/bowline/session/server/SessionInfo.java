package dev.bowline.session.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session, as the application sees it at that moment. Immutable.
 *
 * @param user null for none
 * @param agent who the client says it is; null for nobody
 * @param attributes of the {@link Identity} that the client has shown last; empty for none
 */
public record SessionInfo(
        String id, @Nullable String user, @Nullable String agent, Map<String, String> attributes) {
    public SessionInfo {
        attributes = Map.copyOf(attributes);
    }

    /** Without attributes. */
    public SessionInfo(String id, @Nullable String user, @Nullable String agent) {
        this(id, user, agent, Map.of());
    }
}
