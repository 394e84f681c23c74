package dev.bowline.testkit;

import dev.bowline.testkit.FaultProxy.Direction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plain TCP load balancer on loopback, without sticky routing: each connection goes to the next backend in turn, and if that one refuses,
 * to the one behind it. Bytes and ends pass as they come; who sends faster than the other side reads has to wait. If no backend takes a
 * connection, it is reset.
 *
 * <p>Safe for use by several threads; an order has taken effect when its method returns. One thread, whatever the number of connections.
 */
public final class TcpBalancer implements AutoCloseable {
    private final InetSocketAddress address;
    private final ProxyLoop loop;
    private final Owner owner = new Owner();

    // ---- loop thread only from here on

    private final ServerSocketChannel listener;
    private final List<InetSocketAddress> backends = new ArrayList<>();

    /** The place in {@link #backends} of the one whose turn it is. */
    private int turn;

    /** Clients whose backend is not connected yet. */
    private final Set<Dial> dials = new HashSet<>();

    /** Links that are open, and those whose sides have yet to end. */
    private final Set<ProxyLink> links = new LinkedHashSet<>();

    private final Set<ProxyLink> finishing = new HashSet<>();
    private long accepted;

    private TcpBalancer() throws IOException {
        listener = FaultProxy.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        address = (InetSocketAddress) listener.getLocalAddress();
        loop = new ProxyLoop("tcp-balancer-" + address.getPort());
        listener.register(loop.selector(), SelectionKey.OP_ACCEPT, (ProxyLoop.Handler) key -> accept());
    }

    /** Listens on a free port; without backends so far. */
    public static TcpBalancer start() {
        try {
            TcpBalancer balancer = new TcpBalancer();
            balancer.loop.start();
            return balancer;
        } catch (IOException e) {
            throw new AssertionError("cannot start a balancer: " + e, e);
        }
    }

    /** The port that clients connect to. */
    public int port() {
        return address.getPort();
    }

    /** Takes in a backend, on loopback; nothing if it is there. */
    public void add(int port) {
        loop.call(() -> {
            InetSocketAddress backend = backend(port);
            if (!backends.contains(backend)) {
                backends.add(backend);
            }
            return true;
        });
    }

    /** Takes out a backend: it gets no new connection. Those that it has stay. */
    public void remove(int port) {
        loop.call(() -> backends.remove(backend(port)));
    }

    private static InetSocketAddress backend(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** How many connections there are now. */
    public int connections() {
        return loop.call(() -> links.size() + dials.size());
    }

    /** Resets all connections. New ones are welcome. */
    public void resetAll() {
        loop.call(() -> {
            cut();
            return true;
        });
    }

    /** Stops listening, resets all connections and ends the thread. Does nothing if closed already. */
    @Override
    public void close() {
        if (loop.stopped()) {
            return;
        }
        loop.call(() -> {
            try {
                listener.close();
                loop.selector().selectNow(); // a registered socket is let go only by its selector
            } catch (IOException e) {
                loop.failed(e);
            }
            cut();
            return true;
        });
        loop.stop();
    }

    // ---- loop thread only

    private void cut() {
        List.copyOf(dials).forEach(Dial::giveUp);
        List.copyOf(links).forEach(ProxyLink::abort);
        List.copyOf(finishing).forEach(ProxyLink::abort);
    }

    private void accept() {
        try {
            for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
                accepted++;
                List<InetSocketAddress> inTurn = new ArrayList<>(backends.size());
                for (int i = 0; i < backends.size(); i++) {
                    inTurn.add(backends.get((turn + i) % backends.size()));
                }
                turn = backends.isEmpty() ? 0 : (turn + 1) % backends.size();
                Dial dial = new Dial(accepted, client, inTurn);
                dials.add(dial);
                dial.next();
            }
        } catch (IOException e) {
            loop.failed(e); // too many open files, for instance
        }
    }

    /** A client's way to a backend that takes it. What the client sends meanwhile waits in the kernel. */
    private final class Dial {
        private final long number;
        private final SocketChannel client;
        private final List<InetSocketAddress> left;
        private @Nullable SocketChannel server;

        Dial(long number, SocketChannel client, List<InetSocketAddress> left) {
            this.number = number;
            this.client = client;
            this.left = left;
        }

        void next() {
            while (!left.isEmpty()) {
                try {
                    SocketChannel channel = SocketChannel.open();
                    server = channel;
                    channel.configureBlocking(false);
                    if (channel.connect(left.remove(0))) {
                        connected(channel);
                    } else {
                        channel.register(loop.selector(), SelectionKey.OP_CONNECT, (ProxyLoop.Handler) this::ready);
                    }
                    return;
                } catch (IOException e) {
                    closeServer(); // it refused: the next one
                }
            }
            giveUp();
        }

        private void ready(SelectionKey key) {
            SocketChannel channel = (SocketChannel) key.channel();
            try {
                if (channel.finishConnect()) {
                    connected(channel);
                }
            } catch (IOException e) {
                closeServer();
                next();
            }
        }

        private void connected(SocketChannel channel) throws IOException {
            dials.remove(this);
            ProxyLink link = new ProxyLink(owner, loop, number, client, channel);
            links.add(link);
            link.begin();
        }

        private void closeServer() {
            try {
                if (server != null) {
                    server.close();
                }
            } catch (IOException e) {
                loop.failed(e);
            }
        }

        void giveUp() {
            dials.remove(this);
            closeServer();
            try {
                client.setOption(StandardSocketOptions.SO_LINGER, 0);
                client.close();
            } catch (IOException e) {
                loop.failed(e);
            }
        }
    }

    private final class Owner implements ProxyLink.Owner {
        @Override
        public Fault fault(Direction direction) {
            return Fault.none();
        }

        @Override
        public void over(ProxyLink link, boolean stillFinishing) {
            links.remove(link);
            if (stillFinishing) {
                finishing.add(link);
            } else {
                finishing.remove(link);
            }
        }
    }
}
