package dev.bowline.verification.bench.polling;

/** An application's server, with the orders of so many users. All methods may be called from any thread. */
interface BenchServer extends AutoCloseable {
    int port();

    /** The order has this version now. */
    void change(int order, long version);

    /** Requests that were answered so far; of sessions, messages that came. */
    long handled();

    @Override
    void close();
}
