package dev.bowline.verification.bench.servers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What all connections of the floor share: where it reads to, and where the frames stand without their masks. */
final class FloorBuffers {
    /** The most that one read brings. */
    static final int READ_BYTES = 64 * 1024;

    /** Of a client's frame (RFC 6455 §5.2): two bytes, eight of a length, four of a masking key. */
    static final int MAX_HEADER = 14;

    private final ByteBuffer input = room();
    private final ByteBuffer output = room();

    private static ByteBuffer room() {
        // The order in which a masking key's first byte is the lowest one.
        return ByteBuffer.allocateDirect(READ_BYTES + MAX_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    }

    ByteBuffer input() {
        return input;
    }

    /** What is to be sent, from 0 to its limit. */
    ByteBuffer output() {
        return output;
    }

    /**
     * Moves bytes from input to output and unmasks them; both positions move on.
     *
     * @param key twice the masking key, turned to the next byte
     */
    void unmask(int count, long key) {
        int from = input.position();
        int to = output.position();
        int at = 0;
        for (; at <= count - Long.BYTES; at += Long.BYTES) {
            output.putLong(to + at, input.getLong(from + at) ^ key);
        }
        for (; at < count; at++) {
            output.put(to + at, (byte) (input.get(from + at) ^ (key >>> (Byte.SIZE * (at & 7)))));
        }
        input.position(from + count);
        output.position(to + count);
    }
}
