package dev.bowline.websocket.internal.transport;

import dev.bowline.websocket.internal.log.Log;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The transport on JDK NIO: one {@link Selector}. */
public final class NioTransport implements Transport {
    private static final Log LOG = Log.of(NioTransport.class);

    /**
     * How many streams to accept before streams that are open get their turn, which waits some ten milliseconds for so many.
     * All clients of a restarted server stand before its door; with few let in at a time, and long turns of those who are in,
     * the last would wait longer than they have patience.
     */
    private static final int ACCEPT_BATCH = 1024;

    private final Selector selector;
    private final Queue<NioStream> connectedAtOnce = new ArrayDeque<>();
    private final Consumer<SelectionKey> dispatch = this::dispatch; // one object for all selects

    private final AtomicLong handled = new AtomicLong(); // counted by the loop's thread

    public NioTransport() throws IOException {
        selector = Selector.open();
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public Acceptor listen(InetSocketAddress address, int backlog, AcceptHandler handler) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            // A restarted server must not wait for the old one's connections in TIME_WAIT.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, backlog);
            channel.configureBlocking(false);
            NioAcceptor acceptor = new NioAcceptor(channel, handler);
            acceptor.key = channel.register(selector, SelectionKey.OP_ACCEPT, acceptor);
            return acceptor;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Stream connect(InetSocketAddress address, StreamHandler handler) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            NioStream stream = new NioStream(channel, address);
            stream.handler(handler);
            boolean atOnce = channel.connect(address);
            stream.key = channel.register(selector, atOnce ? 0 : SelectionKey.OP_CONNECT, stream);
            if (atOnce) {
                // The selector does not announce it; the handler is told in the next poll all the same.
                connectedAtOnce.add(stream);
            }
            return stream;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void register(Stream accepted, StreamHandler handler) throws IOException {
        NioStream stream = (NioStream) accepted;
        stream.handler(handler);
        try {
            stream.key = stream.channel.register(selector, SelectionKey.OP_READ, stream);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    @Override
    public void poll(long timeoutNanos) throws IOException {
        boolean work = false;
        for (NioStream stream = connectedAtOnce.poll(); stream != null; stream = connectedAtOnce.poll()) {
            work = true; // its handler may have timers, tasks and bytes to flush, which must not wait
            stream.connected();
        }
        if (work || timeoutNanos <= 0) {
            selector.selectNow(dispatch);
        } else if (timeoutNanos == Long.MAX_VALUE) {
            selector.select(dispatch);
        } else {
            // Rounded up, or the last fraction of a millisecond before a timer would be spent spinning.
            selector.select(dispatch, TimeUnit.NANOSECONDS.toMillis(timeoutNanos + 999_999));
        }
    }

    private void dispatch(SelectionKey key) {
        handled.setOpaque(handled.getPlain() + 1);
        Ready ready = (Ready) key.attachment();
        try {
            ready.onReady(key);
        } catch (RuntimeException | Error e) {
            // Handlers catch what can be foreseen. Left open, the stream would be ready again at once, for ever, and
            // those
            // behind it in this poll would never get their turn.
            LOG.log(System.Logger.Level.ERROR, "The handler of a stream failed; closing the stream", e);
            ready.close();
        }
    }

    @Override
    public long handled() {
        return handled.getOpaque();
    }

    @Override
    public int registered() {
        return selector.keys().size();
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() {
        for (SelectionKey key : selector.keys()) {
            ((Ready) key.attachment()).close();
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Closing a selector failed", e);
        }
    }

    /** What stands behind a selection key. */
    private interface Ready {
        void onReady(SelectionKey key);

        void close();
    }

    private static final class NioAcceptor implements Acceptor, Ready {
        private final ServerSocketChannel channel;
        private final AcceptHandler handler;
        private final InetSocketAddress localAddress;
        private @Nullable SelectionKey key; // set once, right after construction

        NioAcceptor(ServerSocketChannel channel, AcceptHandler handler) throws IOException {
            this.channel = channel;
            this.handler = handler;
            this.localAddress = (InetSocketAddress) channel.getLocalAddress();
        }

        @Override
        public void onReady(SelectionKey ready) {
            for (int i = 0; i < ACCEPT_BATCH; i++) {
                SocketChannel accepted = null;
                try {
                    accepted = channel.accept();
                    if (accepted == null) {
                        return;
                    }
                    accepted.configureBlocking(false);
                    accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    NioStream stream = new NioStream(accepted, (InetSocketAddress) accepted.getRemoteAddress());
                    handler.onAccepted(stream);
                } catch (IOException e) {
                    if (accepted == null) {
                        handler.onAcceptFailed(this, e);
                        return;
                    }
                    // This one peer has gone already; the next in line has not.
                    closeQuietly(accepted);
                } catch (RuntimeException | Error e) { // no memory
                    if (accepted != null) {
                        closeQuietly(accepted);
                    }
                    handler.onAcceptFailed(this, new IOException(e));
                    return;
                }
            }
        }

        @Override
        public InetSocketAddress localAddress() {
            return localAddress;
        }

        @Override
        public void accepting(boolean on) {
            if (key != null && key.isValid()) {
                key.interestOps(on ? SelectionKey.OP_ACCEPT : 0);
            }
        }

        @Override
        public void close() {
            closeQuietly(channel);
        }
    }

    private static final class NioStream implements Stream, Ready {
        private final SocketChannel channel;
        private final InetSocketAddress remoteAddress;
        private @Nullable SelectionKey key; // set once, when registered
        private @Nullable StreamHandler handler;

        NioStream(SocketChannel channel, InetSocketAddress remoteAddress) {
            this.channel = channel;
            this.remoteAddress = remoteAddress;
        }

        @Override
        public void handler(StreamHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onReady(SelectionKey ready) {
            if (handler == null) {
                throw new IllegalStateException("a stream was registered without a handler");
            }
            if (!ready.isValid()) {
                return; // another handler closed this stream in the same poll
            }
            int ops = ready.readyOps();
            if ((ops & SelectionKey.OP_CONNECT) != 0) {
                finishConnect(handler);
                return;
            }
            if ((ops & SelectionKey.OP_WRITE) != 0) {
                handler.onWritable();
            }
            // The handler may have closed the stream, which is no reason to tell it more.
            if ((ops & SelectionKey.OP_READ) != 0 && ready.isValid()) {
                handler.onReadable();
            }
        }

        private void finishConnect(StreamHandler told) {
            try {
                channel.finishConnect();
            } catch (IOException e) {
                close();
                told.onConnectFailed(e);
                return;
            }
            connected();
        }

        private void connected() {
            if (channel.isOpen() && handler != null) {
                interest(true, false);
                handler.onConnected();
            }
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public long write(ByteBuffer[] buffers, int count) throws IOException {
            return count == 1 ? channel.write(buffers[0]) : channel.write(buffers, 0, count);
        }

        @Override
        public void interest(boolean read, boolean write) {
            if (key != null && key.isValid()) {
                int ops = (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
                if (key.interestOps() != ops) {
                    key.interestOps(ops);
                }
            }
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {
            closeQuietly(channel);
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return remoteAddress;
        }
    }

    private static void closeQuietly(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is released all the same; there is nobody to tell but the log.
            LOG.log(System.Logger.Level.DEBUG, "Closing a socket failed", e);
        }
    }
}
