package dev.bowline.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * A plain TCP peer that does what the test says, byte by byte, and knows nothing of the code under test.
 *
 * <p>It connects ({@link #connect}) or was accepted ({@link RawListener}). Every wait, for connecting, reading or writing, is
 * bounded by the deadline: ten seconds unless {@link #deadline} says otherwise. What does not come in time, and what comes
 * instead of what was expected, is an {@link AssertionError} that shows the bytes.
 *
 * <p>One thread may read while another one writes.
 */
public final class RawPeer implements AutoCloseable {
    private static final int HEAD_LIMIT = 1 << 20;

    private final RawChannel channel;
    private volatile Duration deadline = Await.DEFAULT;

    RawPeer(SocketChannel channel) throws IOException {
        this.channel = new RawChannel(channel);
    }

    /** Connects to a port on loopback. */
    public static RawPeer connect(int port) {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    }

    /** Connects; a {@code receiveBufferBytes} above 0 makes the peer's writes block soon when this side does not read. */
    public static RawPeer connect(InetSocketAddress address, int receiveBufferBytes) {
        try {
            SocketChannel channel = SocketChannel.open();
            try {
                if (receiveBufferBytes > 0) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
                }
                channel.socket().connect(address, Math.toIntExact(Await.DEFAULT.toMillis()));
                return new RawPeer(channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new AssertionError("cannot connect to " + address + ": " + e, e);
        }
    }

    /** Bounds every later wait. */
    public RawPeer deadline(Duration atMost) {
        deadline = atMost;
        return this;
    }

    /** The address of this side. */
    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    // ---- writing

    /** Writes all bytes. */
    public void write(byte... bytes) {
        if (!tryWrite(bytes)) {
            throw new AssertionError("cannot write " + bytes.length + " bytes: the connection is over");
        }
    }

    /** Writes all bytes; false if the connection ended meanwhile. */
    public boolean tryWrite(byte... bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes), deadline);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes text in ISO 8859-1, one byte for each character: for heads, good and bad. */
    public void write(String text) {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes one byte at a time, each in a packet of its own as far as TCP allows. */
    public void writeOneByteAtATime(byte... bytes) {
        writeInPieces(bytes, 1, () -> {});
    }

    /** Writes pieces of {@code size} bytes and runs {@code between} between two of them; it may wait for a condition. */
    public void writeInPieces(byte[] bytes, int size, Runnable between) {
        for (int from = 0; from < bytes.length; from += size) {
            if (from > 0) {
                between.run();
            }
            write(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
        }
    }

    /** Writes frames, back to back. */
    public void send(RawFrame... frames) {
        write(RawFrame.concat(frames));
    }

    // ---- opening handshake

    /** Shakes hands as a client; returns the response head, which must be correct. */
    public String handshakeAsClient(String target, String... headerLines) {
        write(RawHandshake.request("localhost:" + channel.remotePort(), target, headerLines));
        String head = readHead();
        RawHandshake.checkResponse(head, RawHandshake.KEY);
        return head;
    }

    /** Shakes hands as a server; returns the request head, which must be correct. */
    public String handshakeAsServer(String... headerLines) {
        String head = readHead();
        write(RawHandshake.response(RawHandshake.checkRequest(head), headerLines));
        return head;
    }

    // ---- reading

    /** Reads up to and including the blank line. */
    public String readHead() {
        long start = System.nanoTime();
        while (true) {
            String received = StandardCharsets.ISO_8859_1
                    .decode(channel.received().duplicate())
                    .toString();
            int end = received.indexOf("\r\n\r\n");
            if (end >= 0) {
                read(end + 4);
                return received.substring(0, end + 4);
            }
            if (received.length() > HEAD_LIMIT) {
                throw new AssertionError("a head of more than " + HEAD_LIMIT + " bytes");
            }
            need(start, deadline, "a head");
        }
    }

    /** Reads exactly {@code count} bytes. */
    public byte[] read(int count) {
        long start = System.nanoTime();
        while (channel.received().remaining() < count) {
            need(start, deadline, count + " bytes");
        }
        byte[] bytes = new byte[count];
        channel.received().get(bytes);
        return bytes;
    }

    /** Reads one frame. */
    public RawFrame readFrame() {
        return readFrame(deadline);
    }

    /** Reads one frame, waiting up to {@code atMost}. */
    public RawFrame readFrame(Duration atMost) {
        long start = System.nanoTime();
        while (true) {
            RawFrame frame = RawFrame.parse(channel.received());
            if (frame != null) {
                return frame;
            }
            need(start, atMost, "a frame");
        }
    }

    /** Reads one frame, which must equal {@code expected} in all but the mask. */
    public void expectFrame(RawFrame expected) {
        RawFrame frame = readFrame();
        if (!frame.withoutMask().equals(expected.withoutMask())) {
            throw new AssertionError("expected " + expected + ", but came " + frame + ", then " + channel.text());
        }
    }

    /** Waits for FIN; bytes before it, or RST, fail. */
    public void expectEof() {
        expectEnd(RawChannel.FIN, deadline);
    }

    /** Waits up to {@code atMost} for FIN; bytes before it, or RST, fail. */
    public void expectEof(Duration atMost) {
        expectEnd(RawChannel.FIN, atMost);
    }

    /** Waits for FIN, and ends this side too, as peers do that were not cut; bytes before it, or RST, fail. */
    public void expectEofAndEnd() {
        expectEof();
        shutdownOutput();
    }

    /** Waits for RST; bytes before it, or FIN, fail. */
    public void expectReset() {
        expectEnd(RawChannel.RST, deadline);
    }

    /** Waits up to {@code atMost} for RST; bytes before it, or FIN, fail. */
    public void expectReset(Duration atMost) {
        expectEnd(RawChannel.RST, atMost);
    }

    /** Reads until the connection ends, by FIN or by RST, and returns what came before. */
    public byte[] readToEnd() {
        long start = System.nanoTime();
        while (channel.fill(start, deadline, "an end") == null) {
            // go on
        }
        return read(channel.received().remaining());
    }

    /** Watches for this long that neither bytes nor an end come. */
    public void expectNothing(Duration period) {
        String end = channel.received().hasRemaining() ? null : channel.fillIfAny(period);
        if (end != null || channel.received().hasRemaining()) {
            throw new AssertionError("expected nothing, but came " + (end != null ? end : channel.text()));
        }
    }

    private void expectEnd(String expected, Duration atMost) {
        String end = channel.received().hasRemaining() ? null : channel.fill(System.nanoTime(), atMost, expected);
        if (!expected.equals(end)) {
            throw new AssertionError("expected " + expected + ", but came " + (end != null ? end : channel.text()));
        }
    }

    private void need(long start, Duration atMost, String what) {
        String end = channel.fill(start, atMost, what);
        if (end != null) {
            throw new AssertionError("expected " + what + ", but came " + end + " after " + channel.text());
        }
    }

    // ---- ending

    /** Sends FIN; reading goes on. */
    public void shutdownOutput() {
        channel.shutdownOutput();
    }

    /** Closes with RST. */
    public void reset() {
        channel.reset();
    }

    /** Closes; does nothing if closed already. */
    @Override
    public void close() {
        channel.close();
    }
}
