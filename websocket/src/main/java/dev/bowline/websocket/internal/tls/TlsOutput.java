package dev.bowline.websocket.internal.tls;

import dev.bowline.websocket.internal.transport.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing half of a TLS stream. Plaintext counts as taken when the last byte of its record has been taken by the
 * stream below: so whoever counts the bytes still to send need not know of TLS. Touched by its event loop alone.
 */
final class TlsOutput {
    /** How much to seal for one write below: two records of the usual size. */
    private static final int BATCH_BYTES = 32 * 1024;

    /** How much plaintext to take at a time: encrypting takes the loop's time, and other streams want theirs. */
    private static final int MAX_TAKEN_BYTES = 256 * 1024;

    /** How much of the engine's own may wait: a peer that asks for new keys again and again must take the answers. */
    private static final int MAX_CONTROL_BYTES = 4 * 1024;

    private final Stream raw;
    private final TlsBuffers shared;
    private @Nullable SealedRecords left; // what the stream below has not taken yet
    private int controlBytes; // how much of it is the engine's own
    private long untold; // plaintext that was taken by a flush; the next write tells

    TlsOutput(Stream raw, TlsBuffers shared) {
        this.raw = raw;
        this.shared = shared;
    }

    boolean isBlocked() {
        return left != null;
    }

    /** Whether so many of the engine's own records wait that none may be caused any more. */
    boolean isControlFull() {
        return controlBytes > MAX_CONTROL_BYTES;
    }

    /**
     * Sends plaintext. What the caller was not told to be taken it must offer again.
     *
     * @return how many bytes were taken; the buffers' positions have moved by as many
     */
    long write(SSLEngine engine, ByteBuffer[] buffers, int count) throws IOException {
        flush();
        // What it has sent are the very bytes that are offered again now.
        long taken = untold;
        untold = 0;
        skip(buffers, count, taken);
        while (left == null && taken < MAX_TAKEN_BYTES && hasRemaining(buffers, count)) {
            shared.mark(buffers, count);
            SealedRecords sealed = shared.sealed();
            boolean stuck = !seal(engine, sealed, buffers, count);
            long sent = send(sealed);
            taken += sent;
            if (!sealed.isSent()) {
                left = sealed.copy();
                shared.rewind(buffers, count, sent);
            }
            if (stuck) {
                break;
            }
        }
        return taken;
    }

    /** False if the engine takes no plaintext now. */
    private boolean seal(SSLEngine engine, SealedRecords sealed, ByteBuffer[] buffers, int count) throws IOException {
        do {
            SSLEngineResult result = sealed.seal(engine, buffers, count);
            if (result.getStatus() == Status.CLOSED) {
                throw new SSLException("the TLS stream is ended, nothing more can be sent");
            }
            if (result.bytesProduced() == 0 && result.getHandshakeStatus() != HandshakeStatus.FINISHED) {
                if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                    throw new SSLException("a TLS record of more than " + sealed.room() + " bytes");
                }
                return false;
            }
        } while (hasRemaining(buffers, count)
                && sealed.bytes().limit() < BATCH_BYTES
                && sealed.room() >= engine.getSession().getPacketBufferSize());
        return true;
    }

    /** Sends what the engine itself has to say, if anything: handshake, keys, alerts. */
    void sendControl(SSLEngine engine) throws IOException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            SealedRecords sealed = shared.sealed();
            SSLEngineResult result;
            do {
                result = sealed.seal(engine);
            } while (result.getStatus() == Status.OK
                    && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                    && sealed.room() >= engine.getSession().getPacketBufferSize());
            sendControl(sealed);
            if (result.bytesProduced() == 0 && result.getHandshakeStatus() != HandshakeStatus.FINISHED) {
                return; // it says that it has something, but gives nothing: closed
            }
        }
    }

    /** Sends bytes as they are, without TLS. */
    void sendPlain(ByteBuffer bytes) throws IOException {
        sendControl(new SealedRecords(bytes));
    }

    private void sendControl(SealedRecords sealed) throws IOException {
        if (left == null) {
            send(sealed);
            if (!sealed.isSent()) {
                controlBytes = sealed.bytes().remaining();
                left = sealed.copy();
            }
        } else {
            controlBytes += sealed.bytes().remaining();
            left.append(sealed);
        }
    }

    /** Sends what was left. How much plaintext is taken by that the next {@link #write} tells. */
    void flush() throws IOException {
        SealedRecords records = left;
        if (records == null) {
            return;
        }
        untold += send(records);
        if (records.isSent()) {
            left = null;
            controlBytes = 0;
        }
    }

    void clear() {
        left = null;
    }

    private long send(SealedRecords records) throws IOException {
        if (!records.isSent()) {
            raw.write(shared.alone(records.bytes()), 1);
        }
        return records.takeSent();
    }

    private static boolean hasRemaining(ByteBuffer[] buffers, int count) {
        for (int i = 0; i < count; i++) {
            if (buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private static void skip(ByteBuffer[] buffers, int count, long bytes) {
        long left = bytes;
        for (int i = 0; i < count && left > 0; i++) {
            int n = (int) Math.min(left, buffers[i].remaining());
            buffers[i].position(buffers[i].position() + n);
            left -= n;
        }
        if (left > 0) {
            throw new IllegalStateException(left + " bytes were not offered again");
        }
    }
}
