package dev.bowline.websocket.internal.tls;

import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream in memory that gives and takes as many bytes at a time as the test allows. The loop's thread and the test's
 * take turns.
 */
final class MemoryStream implements Stream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private ByteBuffer incoming = ByteBuffer.allocate(0);
    private boolean ended;
    private int readLimit = Integer.MAX_VALUE;
    private long room = Long.MAX_VALUE;
    private boolean readInterest = true;
    private boolean writeInterest;
    private boolean outputShut;
    private boolean closed;
    private @Nullable IOException failure;
    private @Nullable StreamHandler handler;

    /** How many bytes one read gives at most. */
    synchronized void readLimit(int bytes) {
        readLimit = bytes;
    }

    /** How many more bytes are taken. */
    synchronized void room(long bytes) {
        room = bytes;
    }

    /** From now on reading and writing fail. */
    synchronized void fail(IOException with) {
        failure = with;
    }

    /** The peer sends bytes. */
    synchronized void incoming(byte... bytes) {
        incoming = ByteBuffer.allocate(incoming.remaining() + bytes.length)
                .put(incoming)
                .put(bytes)
                .flip();
    }

    /** The peer ends its side. */
    synchronized void end() {
        ended = true;
    }

    synchronized byte[] takeWritten() {
        byte[] bytes = written.toByteArray();
        written.reset();
        return bytes;
    }

    synchronized boolean readInterest() {
        return readInterest;
    }

    synchronized boolean writeInterest() {
        return writeInterest;
    }

    synchronized boolean isReadable() {
        return !closed && readInterest && (incoming.hasRemaining() || ended || failure != null);
    }

    synchronized boolean isWritable() {
        return !closed && writeInterest && (room > 0 || failure != null);
    }

    synchronized boolean isOutputShut() {
        return outputShut;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized StreamHandler handler() {
        if (handler == null) {
            throw new IllegalStateException("no handler");
        }
        return handler;
    }

    @Override
    public synchronized void handler(StreamHandler newHandler) {
        handler = newHandler;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        requireWhole();
        if (!incoming.hasRemaining()) {
            return ended ? -1 : 0;
        }
        int n = Math.min(readLimit, Math.min(incoming.remaining(), target.remaining()));
        target.put(target.position(), incoming, incoming.position(), n);
        target.position(target.position() + n);
        incoming.position(incoming.position() + n);
        return n;
    }

    @Override
    public synchronized long write(ByteBuffer[] buffers, int count) throws IOException {
        requireWhole();
        if (outputShut) {
            throw new IOException("written behind the end");
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

    private void requireWhole() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (failure != null) {
            throw failure;
        }
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
