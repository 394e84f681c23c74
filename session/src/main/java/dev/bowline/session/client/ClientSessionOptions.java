package dev.bowline.session.client;

import org.jspecify.annotations.Nullable;

/**
 * How a client's session behaves.
 *
 * @param maxOutboxBytes how much of commands without a result is kept, at least 1024; default 4 MiB
 * @param agent who it is, for the server's logs: 1 to 128 visible ASCII characters; null for nobody
 */
public record ClientSessionOptions(
        long maxOutboxBytes, @Nullable String agent) {
    public static final ClientSessionOptions DEFAULT = new ClientSessionOptions(4 << 20, null);

    private static final int LEAST_OUTBOX_BYTES = 1024;

    public ClientSessionOptions {
        if (maxOutboxBytes < LEAST_OUTBOX_BYTES) {
            throw new IllegalArgumentException(
                    "maxOutboxBytes is " + maxOutboxBytes + ", must be at least " + LEAST_OUTBOX_BYTES);
        }
    }
}
