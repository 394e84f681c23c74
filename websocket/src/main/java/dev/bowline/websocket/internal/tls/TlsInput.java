package dev.bowline.websocket.internal.tls;

import dev.bowline.websocket.internal.transport.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The incoming half of a TLS stream. Between two calls it keeps what it must: the beginning of a record that is not
 * complete, or what the reader had no room for. Touched by its event loop alone.
 */
final class TlsInput {
    private static final int HEADER_BYTES = 5; // of a record (RFC 8446 §5.1)
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    /** Whom to ask after each record, as it may have been more than data. */
    interface Observer {
        /** False if nothing more must be decrypted for now. */
        boolean onRecord(SSLEngineResult result) throws IOException;
    }

    private final Stream raw;
    private final TlsBuffers shared;
    private @Nullable ByteBuffer records; // come, but not decrypted
    private @Nullable ByteBuffer plaintext; // decrypted, but not read
    private boolean more; // something can be read without anything more coming
    private boolean closeNotified; // the peer has ended its side
    private boolean rawEnded;
    private @Nullable IOException failure; // to be told when what came before it has been read
    private boolean typesVisible; // TLS 1.2 does not encrypt what kind of record one is

    TlsInput(Stream raw, TlsBuffers shared) {
        this.raw = raw;
        this.shared = shared;
    }

    /** Whether the reader is to be told though nothing may come any more. */
    boolean hasMore() {
        return more;
    }

    boolean isEnded() {
        return closeNotified;
    }

    void clear() {
        records = null;
        plaintext = null;
        more = false;
    }

    // ---- During the handshake ----

    /** What has come and is not decrypted, in the loop's shared buffer: give it back with {@link #keep}. */
    ByteBuffer take() {
        ByteBuffer in = shared.in();
        if (records != null) {
            in.put(records);
            records = null;
        }
        return in.flip();
    }

    /** Keeps what has not been decrypted. */
    void keep(ByteBuffer in) {
        if (in.hasRemaining()) {
            records = ByteBuffer.allocate(in.remaining()).put(in).flip();
        }
    }

    /**
     * Reads more behind what is there.
     *
     * @return whether anything came; if not, the peer may have ended its side: {@link #isRawEnded}
     */
    boolean fill(ByteBuffer in) throws IOException {
        in.compact();
        int n = in.hasRemaining() && !rawEnded ? raw.read(in) : 0;
        in.flip();
        rawEnded |= n < 0;
        return n > 0;
    }

    boolean isRawEnded() {
        return rawEnded;
    }

    /** Decrypts a record of the handshake. */
    SSLEngineResult unwrap(SSLEngine engine, ByteBuffer in) throws SSLException {
        ByteBuffer room = shared.plain();
        SSLEngineResult result = engine.unwrap(in, room);
        if (result.bytesProduced() > 0) {
            keepPlaintext(room.flip());
        }
        return result;
    }

    /** The handshake is done: data may stand behind its last record. */
    void opened(SSLEngine engine) {
        typesVisible = engine.getSession().getProtocol().equals("TLSv1.2");
        more = plaintext != null || (records != null && isComplete(records)) || rawEnded;
    }

    // ---- Afterwards ----

    /** As {@link Stream#read}. */
    int read(SSLEngine engine, ByteBuffer target, Observer observer) throws IOException {
        more = false;
        if (plaintext != null) {
            return readPlaintext(target);
        }
        if (failure != null) {
            throw failure;
        }
        if (closeNotified) {
            return -1;
        }
        ByteBuffer in = take();
        try {
            // No more than the target has room for, as then nothing decrypted need be kept; but a whole record at
            // least.
            in.compact().limit(Math.min(in.capacity(), Math.max(TlsBuffers.MAX_RECORD_BYTES, target.remaining())));
            int n = in.hasRemaining() && !rawEnded ? raw.read(in) : 0;
            rawEnded |= n < 0;
            in.flip();
            int before = target.position();
            try {
                decrypt(engine, in, target, observer);
            } catch (IOException e) {
                if (target.position() == before) {
                    throw e;
                }
                failure = e; // what came before it is read first
            }
            int decrypted = target.position() - before;
            if (decrypted > 0) {
                more |= closeNotified || rawEnded || failure != null;
                return decrypted;
            }
        } finally {
            keep(in);
        }
        if (closeNotified) {
            return -1;
        }
        if (rawEnded && !more) {
            throw new SSLException("the TLS stream was truncated: it ended without close_notify");
        }
        return 0;
    }

    private void decrypt(SSLEngine engine, ByteBuffer in, ByteBuffer target, Observer observer) throws IOException {
        int before = target.position();
        while (in.hasRemaining()) {
            int type = in.get(in.position());
            if (typesVisible && type == HANDSHAKE) {
                throw new SSLException("the peer wants to renegotiate TLS, which is refused");
            }
            if (typesVisible && type == ALERT && target.position() > before) {
                // With TLS 1.2 our side ends with the peer's (RFC 5246 §7.2.1). What came before is read, and may be
                // answered, first.
                more = isComplete(in);
                return;
            }
            SSLEngineResult result = engine.unwrap(in, target);
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> {
                    return;
                }
                case BUFFER_OVERFLOW -> {
                    more = isComplete(in);
                    if (!more || target.position() > before) {
                        return; // the next read has more room, or all of the record
                    }
                    ByteBuffer room = shared.plain();
                    result = engine.unwrap(in, room);
                    closeNotified |= result.getStatus() == SSLEngineResult.Status.CLOSED;
                    keepPlaintext(room.flip());
                    readPlaintext(target);
                }
                case CLOSED -> closeNotified = true;
                case OK -> {}
            }
            boolean goOn = observer.onRecord(result);
            if (closeNotified) {
                in.position(in.limit()); // nothing counts behind the end
                return;
            }
            if (!goOn || more) {
                more = true;
                return;
            }
            if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                return; // it waits for something else
            }
        }
    }

    private static boolean isComplete(ByteBuffer in) {
        int at = in.position();
        return in.remaining() >= HEADER_BYTES
                && in.remaining() - HEADER_BYTES >= Short.toUnsignedInt(in.getShort(at + HEADER_BYTES - 2));
    }

    private void keepPlaintext(ByteBuffer decrypted) {
        plaintext = ByteBuffer.allocate(decrypted.remaining()).put(decrypted).flip();
    }

    private int readPlaintext(ByteBuffer target) {
        ByteBuffer from = plaintext;
        if (from == null) {
            return 0;
        }
        int n = Math.min(from.remaining(), target.remaining());
        target.put(target.position(), from, from.position(), n);
        target.position(target.position() + n);
        from.position(from.position() + n);
        if (from.hasRemaining()) {
            more = true;
        } else {
            plaintext = null;
            more = records != null || closeNotified || rawEnded; // whatever it is: another read finds out
        }
        return n;
    }
}
