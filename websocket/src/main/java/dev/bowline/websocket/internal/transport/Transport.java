package dev.bowline.websocket.internal.transport;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Moves the bytes of many TCP streams on one thread: the contract behind which JDK NIO and epoll stand.
 *
 * <p>Used by its event loop's thread alone, but for {@link #wakeUp}.
 */
public interface Transport {
    /** {@code nio} or {@code epoll}. */
    String name();

    /**
     * Binds a listening socket. Accepted streams are not yet registered with any transport.
     *
     * @throws IOException if the address can't be bound
     */
    Acceptor listen(InetSocketAddress address, int backlog, AcceptHandler handler) throws IOException;

    /**
     * Begins to connect; the handler is told how that ends.
     *
     * @throws IOException if it failed at once; the handler is not told then
     */
    Stream connect(InetSocketAddress address, StreamHandler handler) throws IOException;

    /**
     * Takes over a stream that an acceptor of this or another transport of the same kind has accepted; it begins with
     * interest in reading.
     *
     * @throws IOException if the stream is broken already; it is closed then
     */
    void register(Stream stream, StreamHandler handler) throws IOException;

    /**
     * Waits for streams that are ready, and calls their handlers.
     *
     * @param timeoutNanos how long to wait at most; zero or less: not at all; {@link Long#MAX_VALUE}: until
     *     {@link #wakeUp}
     */
    void poll(long timeoutNanos) throws IOException;

    /** How many streams and acceptors it holds; those closed since the last {@link #poll} may count still. */
    int registered();

    /** How often a handler was called so far. From any thread, which may see a number that was true shortly before. */
    long handled();

    /** Makes a {@link #poll}, now or next, return at once. From any thread. */
    void wakeUp();

    /** Closes what it holds: streams and acceptors too. */
    void close();

    /** A listening socket. */
    interface Acceptor {
        InetSocketAddress localAddress();

        /** Stops accepting for now, or goes on. */
        void accepting(boolean on);

        void close();
    }

    /** Whom to tell about accepted streams. */
    interface AcceptHandler {
        void onAccepted(Stream stream);

        /** Accepting failed, as when file descriptors have run out. */
        void onAcceptFailed(Acceptor acceptor, IOException cause);
    }
}
