package dev.bowline.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Listens on a free loopback port and hands out the accepted connections as {@link RawPeer}s. Belongs to one thread. */
public final class RawListener implements AutoCloseable {
    private final ServerSocketChannel channel;
    private final Selector selector;

    private RawListener(ServerSocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /** Starts to listen. */
    public static RawListener open() {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_ACCEPT);
            return new RawListener(channel, selector);
        } catch (IOException e) {
            throw new AssertionError("cannot listen on loopback: " + e, e);
        }
    }

    /** The port. */
    public int port() {
        return channel.socket().getLocalPort();
    }

    /** The next connection, waiting up to ten seconds for it. */
    public RawPeer accept() {
        return accept(Await.DEFAULT);
    }

    /** The next connection, waiting up to {@code atMost} for it. */
    public RawPeer accept(Duration atMost) {
        long start = System.nanoTime();
        try {
            while (true) {
                SocketChannel accepted = channel.accept();
                if (accepted != null) {
                    return new RawPeer(accepted);
                }
                if (!RawChannel.ready(selector, start, atMost)) {
                    throw new AssertionError("nobody connected within " + Await.text(atMost));
                }
            }
        } catch (IOException e) {
            throw new AssertionError("cannot accept: " + e, e);
        }
    }

    /** Stops listening; accepted connections live on. */
    @Override
    public void close() {
        try {
            channel.close();
            selector.close();
        } catch (IOException e) {
            throw new AssertionError("cannot close: " + e, e);
        }
    }
}
