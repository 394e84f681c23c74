package dev.bowline.websocket.internal.transport.epoll;

import static dev.bowline.websocket.internal.transport.epoll.Kernel.EPOLLERR;
import static dev.bowline.websocket.internal.transport.epoll.Kernel.EPOLLHUP;
import static dev.bowline.websocket.internal.transport.epoll.Kernel.EPOLLIN;
import static dev.bowline.websocket.internal.transport.epoll.Kernel.EPOLLOUT;

import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** A TCP stream. */
final class EpollStream extends Ready implements Stream {
    private final InetSocketAddress remoteAddress;
    private @Nullable StreamHandler handler;
    private boolean connecting;

    EpollStream(int fd, InetSocketAddress remoteAddress) {
        super(fd);
        this.remoteAddress = remoteAddress;
    }

    @Override
    public void handler(StreamHandler handler) {
        this.handler = handler;
    }

    void connecting() {
        connecting = true;
    }

    @Override
    void onReady(int events) {
        StreamHandler told = requireHandler();
        if (connecting) {
            finishConnect(told);
            return;
        }
        // An error, or an end of both ways, shows to whoever reads or writes.
        int ready = (events & (EPOLLERR | EPOLLHUP)) == 0 ? events : events | EPOLLIN | EPOLLOUT;
        if ((ready & watched() & EPOLLOUT) != 0) {
            told.onWritable();
        }
        // The handler may have closed the stream, or another one have taken its place.
        if ((ready & watched() & EPOLLIN) != 0 && isOpen()) {
            requireHandler().onReadable();
        }
    }

    private StreamHandler requireHandler() {
        if (handler == null) {
            throw new IllegalStateException("a stream was registered without a handler");
        }
        return handler;
    }

    private void finishConnect(StreamHandler told) {
        int result = open().kernel().pendingError(fd);
        if (result < 0) {
            close();
            told.onConnectFailed(Failures.of(result));
        } else {
            connected();
        }
    }

    void connected() {
        if (isOpen()) {
            connecting = false;
            interest(true, false);
            requireHandler().onConnected();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int n = openOrThrow().receive(fd, target);
        if (n == -Kernel.EAGAIN) {
            return 0;
        }
        if (n < 0) {
            throw Failures.of(n);
        }
        return n == 0 && target.hasRemaining() ? -1 : n;
    }

    @Override
    public long write(ByteBuffer[] buffers, int count) throws IOException {
        EpollTransport by = openOrThrow();
        long n = count == 1 ? by.send(fd, buffers[0]) : by.send(fd, buffers, count);
        if (n == -Kernel.EAGAIN) {
            return 0;
        }
        if (n < 0) {
            throw Failures.of((int) n);
        }
        return n;
    }

    @Override
    public void interest(boolean read, boolean write) {
        if (transport == null || connecting) {
            return;
        }
        try {
            watch(transport, (read ? EPOLLIN : 0) | (write ? EPOLLOUT : 0));
        } catch (IOException e) { // the kernel has no memory for it; the transport gives the stream up
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        int result = openOrThrow().kernel().shutdown(fd, Kernel.SHUT_WR);
        if (result < 0) {
            throw Failures.of(result);
        }
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    private EpollTransport open() {
        if (transport == null || !isOpen()) {
            throw new IllegalStateException("the stream is not registered");
        }
        return transport;
    }

    private EpollTransport openOrThrow() throws IOException {
        if (transport == null || !isOpen()) {
            throw new ClosedChannelException();
        }
        return transport;
    }
}
