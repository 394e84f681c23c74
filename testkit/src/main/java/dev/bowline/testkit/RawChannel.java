package dev.bowline.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The bytes of a {@link RawPeer}: bounded writes, and a buffer of what was received. */
final class RawChannel implements AutoCloseable {
    /** The peer sent FIN. */
    static final String FIN = "FIN";

    /** The peer sent RST. */
    static final String RST = "RST";

    private static final int INITIAL_BYTES = 16 * 1024;
    private static final int SHOWN = 64;

    private final SocketChannel channel;

    // A selector for each direction, so that one thread may read while another one writes.
    private final Selector readable = Selector.open();
    private final Selector writable = Selector.open();

    /** Bytes received and not consumed, from position to limit. Reading thread only. */
    private ByteBuffer in = ByteBuffer.allocate(INITIAL_BYTES).limit(0);

    RawChannel(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    /** Received and not consumed: the caller moves the position. Valid until the next {@link #fill}. */
    ByteBuffer received() {
        return in;
    }

    /** Waits for more bytes. Returns null, or how the connection ended; fails after {@code atMost} from {@code start}. */
    @Nullable
    String fill(long start, Duration atMost, String what) {
        int before = in.remaining();
        while (true) {
            String end = readNow();
            if (end != null || in.remaining() > before) {
                return end;
            }
            if (!ready(readable, start, atMost)) {
                throw new AssertionError("expected " + what + ", but it did not come within " + Await.text(atMost)
                        + "; received " + text());
            }
        }
    }

    /** Waits for more bytes or the end. Returns how the connection ended; null for more bytes, or nothing in all the time. */
    @Nullable
    String fillIfAny(Duration atMost) {
        return ready(readable, System.nanoTime(), atMost) ? readNow() : null;
    }

    private @Nullable String readNow() {
        if (in.limit() == in.capacity()) {
            int capacity = in.remaining() > in.capacity() / 2 ? in.capacity() * 2 : in.capacity();
            in = ByteBuffer.allocate(capacity).put(in).flip();
        }
        ByteBuffer free = in.duplicate().limit(in.capacity()).position(in.limit());
        try {
            int count = channel.read(free);
            in.limit(in.limit() + Math.max(0, count));
            return count < 0 ? FIN : null;
        } catch (IOException e) {
            return RST;
        }
    }

    /** Writes all, or fails after {@code atMost}. */
    void write(ByteBuffer bytes, Duration atMost) throws IOException {
        long start = System.nanoTime();
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0 && !ready(writable, start, atMost)) {
                throw new AssertionError("the peer does not read: " + bytes.remaining()
                        + " bytes were not written within " + Await.text(atMost));
            }
        }
    }

    void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError("cannot send FIN: " + e, e);
        }
    }

    void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            throw new AssertionError("cannot reset: " + e, e);
        }
        close();
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.socket().getLocalSocketAddress();
    }

    int remotePort() {
        return channel.socket().getPort();
    }

    /** What was received and not consumed, for messages. */
    String text() {
        byte[] start = new byte[Math.min(SHOWN, in.remaining())];
        in.duplicate().get(start);
        StringBuilder ascii = new StringBuilder();
        for (byte b : start) {
            ascii.append(b >= ' ' && b <= '~' ? (char) b : '.');
        }
        return in.remaining() + " bytes"
                + (start.length == 0 ? "" : ": " + HexFormat.of().formatHex(start) + " \"" + ascii + "\"");
    }

    @Override
    public void close() {
        // A registered socket is let go only when its selectors are.
        try (channel;
                readable) {
            writable.close();
        } catch (IOException e) {
            throw new AssertionError("cannot close: " + e, e);
        }
    }

    /** Waits for the selector's one key. Returns false after {@code atMost} from {@code start}. */
    static boolean ready(Selector selector, long start, Duration atMost) {
        long leftNanos = atMost.toNanos() - (System.nanoTime() - start);
        if (leftNanos <= 0) {
            return false;
        }
        try {
            selector.selectedKeys().clear();
            boolean ready = selector.select(leftNanos / 1_000_000 + 1) > 0;
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for the network");
            }
            return ready;
        } catch (IOException e) {
            throw new AssertionError("cannot wait for the network: " + e, e);
        }
    }
}
