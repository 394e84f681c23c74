package dev.bowline.websocket.internal.connection;

import java.util.concurrent.TimeUnit;

/** Counts messages against a number allowed per second. Touched by the connection's event loop alone. */
final class MessageRate {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int allowed;
    private long windowNanos; // when the present second began
    private int count;

    MessageRate(int allowed, long nowNanos) {
        this.allowed = allowed;
        this.windowNanos = nowNanos;
    }

    /** Counts one message; false if it is one too many. */
    boolean allow(long nowNanos) {
        if (nowNanos - windowNanos >= WINDOW_NANOS) {
            windowNanos = nowNanos;
            count = 0;
        }
        return ++count <= allowed;
    }
}
