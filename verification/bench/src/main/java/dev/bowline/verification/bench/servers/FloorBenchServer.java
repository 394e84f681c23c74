package dev.bowline.verification.bench.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The floor in Java: what {@code floor/floor.c} does on epoll, on the JDK's {@link Selector}, for machines without a C
 * compiler. It only moves and unmasks bytes, and checks nothing. What a WebSocket server on NIO costs beside this is
 * its own.
 *
 * <p>It answers the opening handshake, echoes each frame as its bytes come (it reassembles nothing), and echoes a Close
 * frame and closes. In broadcast mode, what one read brought goes to all connections, in one write for each. One thread
 * does it all.
 */
final class FloorBenchServer {
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final FloorBuffers buffers = new FloorBuffers();
    private final boolean broadcasting;

    /** Those that are open. Each knows its place here, so that it is taken out without a search. */
    private final List<FloorConnection> all = new ArrayList<>();

    private FloorBenchServer(boolean broadcasting) throws IOException {
        this.broadcasting = broadcasting;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Settings.BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void main(String[] arguments) throws IOException {
        Mode mode = Mode.of(arguments);
        mode.requireNot(Mode.DEFLATE, "The floor");
        FloorBenchServer server = new FloorBenchServer(mode == Mode.BROADCAST);
        Thread loop = new Thread(server::run, "floor");
        loop.setUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        loop.start();
        Console.serve(server.listener.socket().getLocalPort());
    }

    private void run() {
        try {
            while (true) {
                selector.select(this::ready);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot wait for the network", e);
        }
    }

    private void ready(SelectionKey key) {
        FloorConnection connection = (FloorConnection) key.attachment();
        if (connection == null) {
            accept();
            return;
        }
        if (!key.isValid()) {
            return; // ended by a broadcast of this same turn
        }
        try {
            if (key.isWritable()) {
                connection.goOn();
            } else {
                connection.read();
            }
        } catch (IOException e) {
            connection.end(); // its client went away, and sees that itself
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                key.attach(new FloorConnection(this, buffers, channel, key));
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot accept", e);
        }
    }

    /** Counts it among those that are open. Returns its place. */
    int add(FloorConnection connection) {
        all.add(connection);
        return all.size() - 1;
    }

    /** Takes out the one at that place; the last one moves there. */
    void remove(int place) {
        FloorConnection last = all.remove(all.size() - 1);
        if (place < all.size()) {
            all.set(place, last);
            last.moveTo(place);
        }
    }

    /** Sends the output on: to all in broadcast mode, else to where it came from. */
    void forward(FloorConnection from) throws IOException {
        if (!broadcasting || from.closing()) {
            from.deliver();
            return;
        }
        for (int i = all.size() - 1; i >= 0; i--) { // backwards: whoever takes a removed one's place has had it
            FloorConnection to = all.get(i);
            try {
                to.deliver();
            } catch (IOException e) {
                to.end();
            }
        }
    }
}
