package dev.bowline.websocket.internal.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** One TCP stream. Used by its event loop's thread alone. */
public interface Stream {
    /** Replaces the handler. */
    void handler(StreamHandler handler);

    /**
     * Reads what is there.
     *
     * @return the number of bytes; zero if there are none now; -1 when the peer has ended its side
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Writes, in one call to the operating system, as much as it takes.
     *
     * @return the number of bytes taken; zero if none can be taken now
     */
    long write(ByteBuffer[] buffers, int count) throws IOException;

    /** Says which readiness to tell the handler. */
    void interest(boolean read, boolean write);

    /** Ends our side; the peer reads an end of stream behind what was written. */
    void shutdownOutput() throws IOException;

    /** Whether it is not closed yet, by this end. */
    boolean isOpen();

    /** Closes at once; bytes not yet taken are lost. Harmless when closed already. */
    void close();

    /** The other end; the same after the stream is closed. */
    InetSocketAddress remoteAddress();
}
