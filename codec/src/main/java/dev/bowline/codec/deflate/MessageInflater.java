package dev.bowline.codec.deflate;

import dev.bowline.codec.MessageBuffer;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Violation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages of one connection, piece by piece as they come (RFC 7692 §7.2.2). Between messages it holds no
 * inflater: where the peer refers to earlier messages it holds their last bytes, as many as the window has.
 */
final class MessageInflater {
    private static final byte[] EMPTY = {};

    /**
     * What is put behind every message: the end that the sender has left out (§7.2.2), then a final empty block. Only
     * where the message ended between two blocks is this the end of the stream, without any output.
     */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF, 1, 0, 0, (byte) 0xFF, (byte) 0xFF};

    /**
     * A block with BFINAL set ends a stream, and another may follow (§7.2.3.4). Each costs a reset, so that a message
     * of nothing but ends of two bytes would cost far more than it weighs.
     */
    private static final int MAX_STREAMS = 1024;

    /** zlib takes 9 bits where 8 are asked for. */
    private static final int LEAST_KEPT_BITS = 9;

    private final DeflatePool pool;
    private final int windowSize; // 0 where no context is kept
    private byte[] window = EMPTY; // the last bytes of the messages before, as it has grown so far
    private int windowFilled;

    // The message being inflated.
    private @Nullable Inflater inflater;
    private boolean empty; // nothing of it has come yet
    private int streams; // how many have ended in it

    MessageInflater(DeflatePool pool, DeflateExtension.Receiving receiving) {
        this.pool = pool;
        this.windowSize = receiving.keepContext() ? 1 << Math.max(LEAST_KEPT_BITS, receiving.windowBits()) : 0;
    }

    /** As {@link dev.bowline.codec.Extension#decode}. */
    @Nullable
    ProtocolError decode(ByteBuffer in, int from, int to, boolean last, MessageBuffer message) {
        Inflater current = inflater;
        if (current == null) {
            current = pool.borrow();
            inflater = current;
            empty = true;
            streams = 0;
            if (windowFilled > 0) {
                current.setDictionary(window, 0, windowFilled);
            }
        }
        ProtocolError error = from < to ? inflate(current, in, from, to, message) : null;
        if (error == null && last) {
            error = finish(current);
            keepWindow(message);
        }
        if (error != null || last) {
            close();
        }
        return error;
    }

    private @Nullable ProtocolError inflate(Inflater current, ByteBuffer in, int from, int to, MessageBuffer message) {
        int position = in.position();
        int limit = in.limit();
        in.limit(to).position(from);
        empty = false;
        try {
            return inflateAll(current, in, message);
        } catch (DataFormatException e) {
            return Violation.EXTENSION_DATA_INVALID.error(String.valueOf(e.getMessage()));
        } finally {
            current.setInput(EMPTY); // it must not hold the read buffer
            in.limit(limit).position(position);
        }
    }

    private @Nullable ProtocolError inflateAll(Inflater current, ByteBuffer in, MessageBuffer message)
            throws DataFormatException {
        byte[] scratch = pool.scratch();
        ByteBuffer piece = pool.scratchView();
        if (current.finished()) {
            ProtocolError error = nextStream(current);
            if (error != null) {
                return error;
            }
        }
        current.setInput(in);
        while (true) {
            int n = current.inflate(scratch);
            if (n > 0 && !message.append(piece, 0, n)) {
                return Violation.MESSAGE_TOO_BIG.error("inflated to more than " + message.limit() + " bytes");
            }
            if (current.finished()) {
                if (!in.hasRemaining()) {
                    return null;
                }
                ProtocolError error = nextStream(current);
                if (error != null) {
                    return error;
                }
                current.setInput(in);
            } else if (n < scratch.length) {
                return null; // it wants more input
            }
        }
    }

    private @Nullable ProtocolError nextStream(Inflater current) {
        if (++streams > MAX_STREAMS) {
            return Violation.EXTENSION_DATA_INVALID.error(streams + " final blocks, allowed " + MAX_STREAMS);
        }
        current.reset();
        return null;
    }

    /** Checks that the message ended where it may. */
    private @Nullable ProtocolError finish(Inflater current) {
        // A message of no bytes at all should be one zero byte (§7.2.3.6), but means nothing else. And where the last
        // block was a final one, there is no stream that could be cut short.
        if (empty || current.finished()) {
            return null;
        }
        try {
            current.setInput(TAIL);
            if (current.inflate(pool.scratch()) == 0 && current.finished() && current.getRemaining() == 0) {
                return null;
            }
            return Violation.EXTENSION_DATA_INVALID.error("message ends inside a block");
        } catch (DataFormatException e) {
            return Violation.EXTENSION_DATA_INVALID.error("message ends inside a block: " + e.getMessage());
        }
    }

    private void keepWindow(MessageBuffer message) {
        int size = message.size();
        if (windowSize == 0 || size == 0) {
            return;
        }
        int fresh = Math.min(size, windowSize);
        int old = Math.min(windowFilled, windowSize - fresh);
        if (window.length < old + fresh) {
            window = Arrays.copyOf(window, Math.min(windowSize, Math.max(2 * window.length, old + fresh)));
        }
        System.arraycopy(window, windowFilled - old, window, 0, old);
        message.view().get(size - fresh, window, old, fresh);
        windowFilled = old + fresh;
    }

    /** Gives the inflater back; what was inflated is forgotten, but for the window. */
    void close() {
        if (inflater != null) {
            pool.giveBack(inflater);
            inflater = null;
        }
    }
}
