package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawFrame;
import dev.bowline.verification.conformance.Setting.Cut;
import dev.bowline.verification.conformance.Setting.Effort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The fuzzer's TCP stream. Unlike the testkit's {@code RawPeer} it fails nothing: what came, and how the stream ended, is
 * for the judge. One thread.
 */
final class Wire implements AutoCloseable {
    /** How the peer ended the stream. */
    enum End {
        NONE,
        FIN,
        RST
    }

    /** So much at each end of a long write is cut into single bytes; what lies between is cut into pieces. */
    private static final int SINGLE_BYTES = 2048;

    private static final int PIECE = 509; // prime, so that the cuts wander through the frames
    private static final int REDUCED_PIECES = 251; // with less effort no more of them than about that
    private static final int HEAD_LIMIT = 16 * 1024;

    private final Socket socket;
    private final Setting setting;
    private final InputStream in;
    private final OutputStream out;
    private ByteBuffer received = ByteBuffer.allocate(64 * 1024).limit(0);
    private End end = End.NONE;
    private boolean writable = true;

    Wire(Socket socket, Setting setting) throws IOException {
        this.socket = socket;
        this.setting = setting;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** How the peer ended the stream, as far as was read. */
    End end() {
        return end;
    }

    /** Writes in pieces of so many bytes, or smaller ones; what a peer that is gone does not take is lost. */
    void write(byte[] bytes, int piece) {
        int from = 0;
        while (from < bytes.length && writable) {
            int size = Math.min(pieceAt(from, bytes.length, piece), bytes.length - from);
            try {
                out.write(bytes, from, size);
            } catch (IOException e) {
                writable = false; // reading tells how it ended
            }
            from += size;
        }
    }

    void write(String head) {
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        write(bytes, bytes.length);
    }

    private int pieceAt(int from, int length, int piece) {
        if (setting.cut() == Cut.AS_DESCRIBED) {
            return piece;
        }
        if (from < SINGLE_BYTES || from >= length - SINGLE_BYTES) {
            return 1;
        }
        return setting.effort() == Effort.FULL
                ? Math.min(piece, PIECE)
                : Math.min(Math.max(piece, PIECE), Math.max(PIECE, length / REDUCED_PIECES));
    }

    /** The next frame; null where none comes in time or the stream has ended. */
    @Nullable
    RawFrame readFrame(Duration atMost) {
        long start = System.nanoTime();
        while (true) {
            RawFrame frame = RawFrame.parse(received);
            if (frame != null) {
                return frame;
            }
            if (!fill(start, atMost)) {
                return null;
            }
        }
    }

    /** A head up to and including the blank line; what came so far where it does not come. */
    String readHead(Duration atMost) {
        long start = System.nanoTime();
        while (true) {
            String text =
                    StandardCharsets.ISO_8859_1.decode(received.duplicate()).toString();
            int last = text.indexOf("\r\n\r\n");
            if (last >= 0 || text.length() > HEAD_LIMIT || !fill(start, atMost)) {
                String head = last >= 0 ? text.substring(0, last + 4) : text;
                received.position(received.position() + head.length());
                return head;
            }
        }
    }

    /** Reads until the stream ends, or for so long; returns the count of bytes that came. */
    int readToEnd(Duration atMost) {
        int count = received.remaining();
        received.position(received.limit());
        long start = System.nanoTime();
        while (fill(start, atMost)) {
            count += received.remaining();
            received.position(received.limit());
        }
        return count;
    }

    /** Reads more. Returns false where nothing came in time or the stream has ended. */
    private boolean fill(long start, Duration atMost) {
        if (end != End.NONE) {
            return false;
        }
        makeRoom();
        long leftMillis = (atMost.toNanos() - (System.nanoTime() - start)) / 1_000_000;
        try {
            socket.setSoTimeout((int) Math.max(1, leftMillis));
            int count = in.read(received.array(), received.limit(), received.capacity() - received.limit());
            if (count < 0) {
                end = End.FIN;
                return false;
            }
            received.limit(received.limit() + count);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            end = End.RST;
            return false;
        }
    }

    private void makeRoom() {
        if (received.limit() < received.capacity()) {
            return;
        }
        int capacity = received.remaining() > received.capacity() / 2 ? received.capacity() * 2 : received.capacity();
        received = ByteBuffer.allocate(capacity).put(received).flip();
    }

    /** Sends FIN; reading goes on. */
    void shutdownOutput() {
        try {
            writable = false;
            socket.shutdownOutput();
        } catch (IOException e) {
            // The peer has reset it, which reading tells.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to be judged.
        }
    }
}
