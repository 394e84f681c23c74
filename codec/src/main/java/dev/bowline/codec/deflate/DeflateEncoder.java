package dev.bowline.codec.deflate;

import java.nio.ByteBuffer;

/**
 * A DEFLATE compressor (RFC 1951) for messages: written for 100 bytes to 64 KiB, good for any size. What a connection
 * must remember is in its {@link MatchFinder}; this holds only scratch space, so one serves all connections of a thread,
 * and it allocates nothing once it has grown to the size of the messages. Not thread-safe.
 *
 * <p>Why not {@link java.util.zip.Deflater}: it knows no window but 32 KiB, takes some 256 KiB of native memory for each
 * context, and clears its tables for each message.
 */
final class DeflateEncoder {
    private final TokenBlock block = new TokenBlock();
    private final BlockWriter writer = new BlockWriter();

    /**
     * Compresses a message as RFC 7692 §7.2.1 wants it: without the last four bytes 00 00 ff ff.
     *
     * @param finder the window to go on with, or one that was reset
     * @param level from {@link Effort#FASTEST} to {@link Effort#TIGHTEST}
     * @param payload the bytes between position and limit; neither is changed
     * @return the compressed bytes, valid until the next call
     */
    ByteBuffer encode(MatchFinder finder, int level, ByteBuffer payload) {
        Effort effort = Effort.ofLevel(level);
        int end = payload.limit();
        int taken = payload.position();
        int done = taken;
        writer.begin();
        while (done < end) {
            block.clear();
            taken = finder.tokenize(payload, taken, end, effort, block);
            int blockEnd = taken - finder.waiting();
            writer.block(block, payload, done, blockEnd);
            done = blockEnd;
        }
        writer.end();
        return writer.written();
    }
}
