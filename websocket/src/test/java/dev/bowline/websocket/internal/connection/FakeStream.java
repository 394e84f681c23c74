package dev.bowline.websocket.internal.connection;

import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A stream in memory that counts calls and takes as many bytes as the test allows. */
final class FakeStream implements Stream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long room = Long.MAX_VALUE;
    private int writes;
    private boolean readInterest;
    private boolean writeInterest;
    private boolean outputShut;
    private boolean closed;
    private boolean broken;
    private @Nullable RuntimeException failure;
    private byte @Nullable [] incoming;
    private boolean ended;
    private @Nullable StreamHandler handler;

    @Override
    public synchronized void handler(StreamHandler newHandler) {
        handler = newHandler;
    }

    /** The handler in charge. */
    synchronized StreamHandler handler() {
        if (handler == null) {
            throw new IllegalStateException("no handler");
        }
        return handler;
    }

    /** What the next read gives. */
    synchronized void incoming(byte... bytes) {
        incoming = bytes.clone();
    }

    /** The peer has ended its side. */
    synchronized void end() {
        ended = true;
    }

    /** How many more bytes the operating system takes. */
    synchronized void room(long bytes) {
        room = bytes;
    }

    /** The peer is gone, which whoever writes is told. */
    synchronized void breakOff() {
        broken = true;
    }

    synchronized void fail(RuntimeException with) {
        failure = with;
    }

    @Override
    public synchronized int read(ByteBuffer target) {
        if (incoming == null) {
            return ended ? -1 : 0;
        }
        target.put(incoming);
        int n = incoming.length;
        incoming = null;
        return n;
    }

    @Override
    public synchronized long write(ByteBuffer[] buffers, int count) throws IOException {
        writes++;
        if (closed || broken) {
            throw new IOException(closed ? "closed" : "broken pipe");
        }
        if (failure != null) {
            throw failure;
        }
        long n = 0;
        for (int i = 0; i < count; i++) {
            while (buffers[i].hasRemaining() && room > 0) {
                written.write(buffers[i].get());
                room--;
                n++;
            }
        }
        return n;
    }

    synchronized int writes() {
        return writes;
    }

    synchronized byte[] written() {
        return written.toByteArray();
    }

    synchronized boolean readInterest() {
        return readInterest;
    }

    synchronized boolean writeInterest() {
        return writeInterest;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized boolean isOutputShut() {
        return outputShut;
    }

    @Override
    public synchronized void interest(boolean read, boolean write) {
        readInterest = read;
        writeInterest = write;
    }

    @Override
    public synchronized void shutdownOutput() {
        outputShut = true;
    }

    @Override
    public synchronized boolean isOpen() {
        return !closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("peer", 1);
    }
}
