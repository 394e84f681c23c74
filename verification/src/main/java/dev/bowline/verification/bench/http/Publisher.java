package dev.bowline.verification.bench.http;

import java.io.IOException;

/** Publishes over one connection. For one thread. */
interface Publisher extends AutoCloseable {
    /**
     * Publishes until then, and waits for the results.
     *
     * @param endNanos of {@link System#nanoTime}
     * @return how many messages
     */
    long publishUntil(long endNanos) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
