package dev.bowline.testkit;

import dev.bowline.testkit.FaultProxy.Direction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One connection through a {@link FaultProxy}, or a {@link TcpBalancer}: a socket to the client, a socket to the server, and a fault in each direction.
 *
 * <p>Safe for use by several threads; an order has taken effect when its method returns.
 */
public final class ProxyLink {
    /** Who made a link; called on the loop thread only. */
    interface Owner {
        /** What is to be done to the bytes of a new link. */
        Fault fault(Direction direction);

        /** Both sides of the link were told that it is over; {@code finishing} if they have yet to end it themselves. */
        void over(ProxyLink link, boolean stillFinishing);
    }

    private final Owner owner;
    private final ProxyLoop loop;
    private final long number;
    private final SocketChannel client;
    private final SocketChannel server;
    private final InetSocketAddress clientAddress;
    private final SelectionKey clientKey;
    private final SelectionKey serverKey;
    private final ProxyPipe toServer;
    private final ProxyPipe toClient;

    /** Written by the loop thread only. */
    private volatile boolean open = true;

    /** Both sockets are connected and not closed. Loop thread only. */
    private boolean connected;

    /** Loop thread only. */
    ProxyLink(Owner owner, ProxyLoop loop, long number, SocketChannel client, SocketChannel server) throws IOException {
        this.owner = owner;
        this.loop = loop;
        this.number = number;
        this.client = client;
        this.server = server;
        clientAddress = (InetSocketAddress) client.getRemoteAddress();
        for (SocketChannel channel : new SocketChannel[] {client, server}) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        toServer = new ProxyPipe(this, loop, client, server, owner.fault(Direction.TO_SERVER));
        toClient = new ProxyPipe(this, loop, server, client, owner.fault(Direction.TO_CLIENT));
        ProxyLoop.Handler handler = this::ready;
        clientKey = client.register(loop.selector(), 0, handler);
        serverKey = server.register(loop.selector(), 0, handler);
    }

    /** Loop thread only: begins to connect to the server. */
    void connect(SocketAddress target) {
        try {
            if (server.connect(target)) {
                begin();
            } else {
                serverKey.interestOps(SelectionKey.OP_CONNECT);
            }
        } catch (IOException e) {
            abort();
        }
    }

    /** Loop thread only: the server is connected. */
    void begin() {
        connected = true;
        toServer.pump();
        toClient.pump();
    }

    /** 1 for the first link of the proxy, 2 for the second … */
    public long number() {
        return number;
    }

    /** The client's address as the proxy sees it. */
    public InetSocketAddress clientAddress() {
        return clientAddress;
    }

    /** False once both sides were told that the link is over. */
    public boolean isOpen() {
        return open;
    }

    /** Bytes passed on in this direction. */
    public long forwardedBytes(Direction direction) {
        return pipe(direction).forwarded.get();
    }

    /** Bytes of this direction that vanished in a black hole or at an end. */
    public long swallowedBytes(Direction direction) {
        return pipe(direction).swallowed.get();
    }

    /** Applies a fault to both directions of this link. */
    public void apply(Fault fault) {
        apply(Direction.TO_SERVER, fault);
        apply(Direction.TO_CLIENT, fault);
    }

    /** Applies a fault to one direction of this link. */
    public void apply(Direction direction, Fault fault) {
        loop.call(() -> {
            pipe(direction).apply(fault);
            return true;
        });
    }

    /** Both sides see FIN at once; bytes under way, and bytes still sent, vanish. */
    public void close() {
        loop.call(() -> {
            finish();
            return true;
        });
    }

    /** Both sides see RST at once. */
    public void reset() {
        loop.call(() -> {
            abort();
            return true;
        });
    }

    // ---- loop thread only

    ProxyPipe pipe(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    ProxyPipe opposite(ProxyPipe pipe) {
        return pipe == toServer ? toClient : toServer;
    }

    boolean connected() {
        return connected;
    }

    private void ready(SelectionKey key) {
        if (key.isValid() && key.isConnectable()) {
            try {
                server.finishConnect();
                begin();
            } catch (IOException e) {
                abort();
            }
            return;
        }
        ProxyPipe reader = key == clientKey ? toServer : toClient;
        if (key.isValid() && key.isReadable()) {
            reader.readable();
        }
        if (key.isValid() && key.isWritable()) {
            opposite(reader).pump();
        }
    }

    /** A pipe did what it could: either the link is over, or the sockets must be watched for what is needed next. */
    void pumped() {
        if (connected && toServer.finished() && toClient.finished()) {
            dispose();
        }
        if (connected) {
            watch(clientKey, toServer.wantsRead(), toClient.wantsWrite());
            watch(serverKey, toClient.wantsRead(), toServer.wantsWrite());
        }
    }

    private static void watch(SelectionKey key, boolean read, boolean write) {
        int interest = (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Sends FIN both ways, and swallows what comes until both sides have ended. */
    void finish() {
        if (!connected) {
            dispose();
            return;
        }
        over(true);
        toServer.finishNow();
        toClient.finishNow();
        pumped();
    }

    /** Sends RST both ways. */
    void abort() {
        resetOnClose(client);
        resetOnClose(server);
        dispose();
    }

    private static void resetOnClose(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It is closed or dead already, which is what was wanted.
        }
    }

    /** Closes both sockets. */
    private void dispose() {
        connected = false;
        over(false);
        try {
            client.close();
            server.close();
        } catch (IOException e) {
            loop.failed(e);
        }
    }

    private void over(boolean finishing) {
        open = false;
        owner.over(this, finishing);
    }

    @Override
    public String toString() {
        return "link " + number + (isOpen() ? "" : " (closed)") + ": " + toServer.forwarded + " bytes to the server, "
                + toClient.forwarded + " bytes to the client";
    }
}
