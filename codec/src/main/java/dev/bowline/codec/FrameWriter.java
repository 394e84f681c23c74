package dev.bowline.codec;

import java.nio.ByteBuffer;

/** Writes frame headers (RFC 6455 §5.2): lengths always in their minimal form. */
final class FrameWriter {
    static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    /** Up to here the length stands in the second byte itself. */
    private static final int MAX_SHORT = 125;

    private static final int MAX_MEDIUM = 0xFFFF;

    private FrameWriter() {}

    /** The size of an unmasked header, in bytes. */
    static int headerSize(int length) {
        return length <= MAX_SHORT ? 2 : length <= MAX_MEDIUM ? 4 : 10;
    }

    /** Writes an unmasked header at the buffer's position. */
    static void header(ByteBuffer target, int firstByte, int length) {
        target.put((byte) firstByte);
        if (length <= MAX_SHORT) {
            target.put((byte) length);
        } else if (length <= MAX_MEDIUM) {
            target.put((byte) 126).putShort((short) length);
        } else {
            target.put((byte) 127).putLong(length);
        }
    }

    /** Queues an unmasked frame: what servers send. The payload's position and limit are not changed. */
    static void frame(OutputQueue output, int firstByte, ByteBuffer payload) {
        int length = payload.remaining();
        if (length <= MAX_SHORT) {
            output.putShortAnd((firstByte << 8) | length, payload);
        } else {
            header(output, firstByte, length, 0);
            output.put(payload);
        }
    }

    /** Queues a masked frame: what clients send. The payload is masked in the copy, not in the given buffer. */
    static void maskedFrame(OutputQueue output, int firstByte, ByteBuffer payload, int key) {
        header(output, firstByte, payload.remaining(), MASKED);
        output.putInt(key);
        output.putMasked(payload, key);
    }

    private static void header(OutputQueue output, int firstByte, int length, int mask) {
        if (length <= MAX_SHORT) {
            output.putShort((firstByte << 8) | mask | length);
        } else if (length <= MAX_MEDIUM) {
            output.putInt((((firstByte << 8) | mask | 126) << 16) | length);
        } else {
            output.putShort((firstByte << 8) | mask | 127);
            output.putLong(length);
        }
    }
}
