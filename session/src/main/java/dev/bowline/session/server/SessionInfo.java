package dev.bowline.session.server;

import org.jspecify.annotations.Nullable;

/**
 * A session, as the application sees it.
 *
 * @param user null for none
 * @param agent who the client says it is; null for nobody
 */
public record SessionInfo(
        String id, @Nullable String user, @Nullable String agent) {}
