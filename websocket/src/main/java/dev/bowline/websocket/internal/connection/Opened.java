package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.Role;
import dev.bowline.websocket.UpgradeRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the opening handshake brought about.
 *
 * @param subprotocol empty for none
 * @param extension null for none
 */
public record Opened(
        Role role,
        UpgradeRequest request,
        String subprotocol,
        @Nullable Agreement extension,
        @Nullable String user,
        @Nullable EncodedTextHeartbeat textHeartbeat) {}
