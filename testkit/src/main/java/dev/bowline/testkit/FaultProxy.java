package dev.bowline.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that does to connections what networks do.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
 *     client.connect(proxy.port());
 *     proxy.apply(Fault.blackHole());                            // the train enters the tunnel
 *     proxy.apply(Direction.TO_CLIENT, Fault.throttle(1_000));   // a bad link, one way
 *     proxy.links().get(0).reset();                              // one connection only
 * }
 * }</pre>
 *
 * <p>A fault given to the proxy holds for all links, present and future; a fault given to a {@link ProxyLink} for that link, until
 * the proxy is given another one. Who connects while a {@link Fault#blackHole} is on gets a connection to the server all the same,
 * through which nothing passes; {@link #admit} says what becomes of new connections themselves.
 *
 * <p>Safe for use by several threads; an order has taken effect when its method returns. One thread, whatever the number of links;
 * it sleeps unless there is something to do.
 */
public final class FaultProxy implements AutoCloseable {
    /** The way that bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** What becomes of new connections. */
    public enum Admission {
        /** They become links. */
        OPEN,
        /** They are accepted, then RST: the client's attempt fails, or succeeds just before. So too if the server is not there. */
        RESET,
        /** They are left to the kernel: the client is connected, and nothing ever comes. Served when open again. */
        SILENT,
        /** Nobody listens: the client's attempt is refused. */
        REFUSED
    }

    private static final int BACKLOG = 4096;

    private volatile InetSocketAddress target;
    private final int receiveBufferBytes; // 0 for what the system takes
    private final InetSocketAddress address;
    private final ProxyLoop loop;
    private final AtomicLong accepted = new AtomicLong();
    private final Owner owner = new Owner();

    // ---- loop thread only from here on

    private final Map<Direction, Fault> faults = new EnumMap<>(Direction.class);

    /** Links that are open. */
    private final Set<ProxyLink> links = new LinkedHashSet<>();

    /** Links that were told to finish, and whose sides have not both ended. */
    private final Set<ProxyLink> finishing = new LinkedHashSet<>();

    private @Nullable ServerSocketChannel listener;
    private Admission admission = Admission.OPEN;

    private FaultProxy(InetSocketAddress target, int receiveBufferBytes) throws IOException {
        this.target = target;
        this.receiveBufferBytes = receiveBufferBytes;
        faults.put(Direction.TO_SERVER, Fault.none());
        faults.put(Direction.TO_CLIENT, Fault.none());
        ServerSocketChannel first =
                listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), receiveBufferBytes);
        listener = first;
        address = (InetSocketAddress) first.getLocalAddress();
        loop = new ProxyLoop("fault-proxy-" + address.getPort());
        register(first, SelectionKey.OP_ACCEPT);
    }

    /** Listens on a free loopback port and connects each connection to the given address. */
    public static FaultProxy to(String host, int port) {
        return to(host, port, 0);
    }

    /**
     * As {@link #to(String, int)}, with small buffers, so that who sends notices soon that the other side does not read: systems hold megabytes.
     * With less than some 128 KiB, Linux drops segments on the loopback, which are larger, and what is sent then trickles.
     *
     * @param receiveBufferBytes how much the system may hold of what the proxy has not read of a side, as of {@link
     *     StandardSocketOptions#SO_RCVBUF}; 0 leaves that to the system
     */
    public static FaultProxy to(String host, int port, int receiveBufferBytes) {
        try {
            FaultProxy proxy = new FaultProxy(new InetSocketAddress(host, port), receiveBufferBytes);
            proxy.loop.start();
            return proxy;
        } catch (IOException e) {
            throw new AssertionError("cannot start a fault proxy: " + e, e);
        }
    }

    /** The port that clients connect to. */
    public int port() {
        return address.getPort();
    }

    /** Connects new connections to another port of the same host; those that are open stay as they are. */
    public void target(int port) {
        target = new InetSocketAddress(target.getAddress(), port);
    }

    /** Applies a fault to both directions of all links, present and future. */
    public void apply(Fault fault) {
        applyTo(fault, Direction.values());
    }

    /** Applies a fault to one direction of all links, present and future. */
    public void apply(Direction direction, Fault fault) {
        applyTo(fault, direction);
    }

    private void applyTo(Fault fault, Direction... directions) {
        loop.call(() -> {
            for (Direction direction : directions) {
                faults.put(direction, fault);
                List.copyOf(links).forEach(link -> link.pipe(direction).apply(fault));
            }
            return true;
        });
    }

    /** Says what becomes of new connections from now on. */
    public void admit(Admission newAdmission) {
        loop.call(() -> {
            changeAdmission(newAdmission);
            return true;
        });
    }

    /** The open links, oldest first. */
    public List<ProxyLink> links() {
        return loop.call(() -> List.copyOf(links));
    }

    /** The number of links there have been so far, open or not. */
    public long acceptedCount() {
        return accepted.get();
    }

    /** How often the proxy's thread woke up; for the test that it sleeps. */
    long turns() {
        return loop.turns();
    }

    /** Both sides of all links see FIN at once. New connections are welcome. */
    public void closeAll() {
        loop.call(() -> {
            List.copyOf(links).forEach(ProxyLink::finish);
            return true;
        });
    }

    /** Both sides of all links see RST at once. New connections are welcome. */
    public void resetAll() {
        loop.call(() -> {
            List.copyOf(links).forEach(ProxyLink::abort);
            return true;
        });
    }

    /** Stops listening, ends all links with RST and the thread. Does nothing if closed already. */
    @Override
    public void close() {
        if (loop.stopped()) {
            return;
        }
        loop.call(() -> {
            changeAdmission(Admission.REFUSED);
            List<ProxyLink> all = new ArrayList<>(links);
            all.addAll(finishing);
            all.forEach(ProxyLink::abort);
            return true;
        });
        loop.stop();
    }

    // ---- loop thread only

    private final class Owner implements ProxyLink.Owner {
        @Override
        public Fault fault(Direction direction) {
            return faults.getOrDefault(direction, Fault.none());
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

    private void accept(ServerSocketChannel from) {
        try {
            for (SocketChannel client = from.accept(); client != null; client = from.accept()) {
                if (admission == Admission.RESET) {
                    client.setOption(StandardSocketOptions.SO_LINGER, 0);
                    client.close();
                } else {
                    begin(client);
                }
            }
        } catch (IOException e) {
            // Too many open files, for instance. Trying again and again would not help.
            loop.failed(e);
            changeAdmission(Admission.SILENT);
        }
    }

    private void begin(SocketChannel client) throws IOException {
        SocketChannel server = SocketChannel.open();
        if (receiveBufferBytes > 0) {
            server.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
        }
        ProxyLink link = new ProxyLink(owner, loop, accepted.incrementAndGet(), client, server);
        links.add(link);
        link.connect(target);
    }

    private void changeAdmission(Admission newAdmission) {
        admission = newAdmission;
        try {
            if (newAdmission == Admission.REFUSED) {
                if (listener != null) {
                    listener.close();
                    listener = null;
                    loop.selector().selectNow(); // a registered socket is let go only by its selector
                }
                return;
            }
            if (listener == null) {
                listener = listen(address, receiveBufferBytes);
            }
            register(listener, newAdmission == Admission.SILENT ? 0 : SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + address, e);
        }
    }

    private void register(ServerSocketChannel channel, int interest) throws IOException {
        channel.register(loop.selector(), interest, (ProxyLoop.Handler) key -> accept(channel));
    }

    static ServerSocketChannel listen(InetSocketAddress address, int receiveBufferBytes) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        if (receiveBufferBytes > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes); // what it accepts has the same
        }
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(address, BACKLOG);
        channel.configureBlocking(false);
        return channel;
    }
}
