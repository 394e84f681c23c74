package dev.bowline.verification.interop;

import java.util.function.Supplier;

/** A server of another implementation. */
public interface Listening extends AutoCloseable {
    /**
     * A connection still to be opened.
     *
     * @param query by which the server tells it from others, with the question mark; may be empty
     * @param end the server's end, once the client's is open
     */
    record Awaited(String query, Supplier<End> end) {}

    int port();

    Awaited await();

    @Override
    void close();
}
