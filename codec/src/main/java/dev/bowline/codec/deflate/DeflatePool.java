package dev.bowline.codec.deflate;

import dev.bowline.codec.ExtensionScope;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share for compressing: one compressor, one window of each size for messages
 * that stand by themselves, and inflaters that are lent for the length of a message. Touched by that loop alone.
 */
final class DeflatePool implements ExtensionScope.Shared {
    /** Inflaters kept for reuse. More are lent where more messages come in fragments at the same time. */
    private static final int MAX_IDLE = 8;

    private static final int SCRATCH_BYTES = 16 * 1024;

    private final DeflateEncoder encoder = new DeflateEncoder();
    private final @Nullable MatchFinder[] finders = new MatchFinder[DeflateFormat.MAX_WINDOW_BITS + 1];
    private final Deque<Inflater> idle = new ArrayDeque<>();
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final ByteBuffer scratchView = ByteBuffer.wrap(scratch);
    private int lent;
    private boolean closed;

    DeflateEncoder encoder() {
        return encoder;
    }

    /** A window without content, for one message. */
    MatchFinder freshFinder(int windowBits) {
        MatchFinder finder = finders[windowBits];
        if (finder == null) {
            finder = new MatchFinder(windowBits);
            finders[windowBits] = finder;
        }
        finder.reset();
        return finder;
    }

    /** Where to inflate to, a piece at a time; free between two calls. */
    byte[] scratch() {
        return scratch;
    }

    /** The same bytes as a buffer, for absolute access. */
    ByteBuffer scratchView() {
        return scratchView;
    }

    /** Lends an inflater without history; give it back. */
    Inflater borrow() {
        lent++;
        Inflater inflater = idle.poll();
        return inflater != null ? inflater : new Inflater(true);
    }

    void giveBack(Inflater inflater) {
        lent--;
        if (closed || idle.size() >= MAX_IDLE) {
            inflater.end();
        } else {
            inflater.reset(); // also lets go of its input
            idle.push(inflater);
        }
    }

    /** How many inflaters are lent. */
    int lent() {
        return lent;
    }

    /** How many inflaters wait to be lent again. */
    int idle() {
        return idle.size();
    }

    @Override
    public void close() {
        closed = true;
        idle.forEach(Inflater::end);
        idle.clear();
    }
}
