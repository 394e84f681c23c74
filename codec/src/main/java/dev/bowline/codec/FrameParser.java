package dev.bowline.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Parses frame headers (RFC 6455 §5.2) from pieces of any size and judges each field as soon as it is complete.
 *
 * <p>After {@link #parse} returned {@link Progress#HEADER} the fields describe the frame until the next call. Not
 * thread-safe.
 */
final class FrameParser {
    enum Progress {
        /** All input is consumed; the header goes on in the next piece. */
        INCOMPLETE,
        /** The header is complete; its payload follows at the buffer's position. */
        HEADER,
        /** The peer broke a rule: see {@link #error()}. The parser must not be used any more. */
        INVALID
    }

    private static final int MAX_CONTROL = 125;
    private static final int LARGEST = Integer.MAX_VALUE - 8; // as ProtocolOptions has it

    // What is missing from the header, in the order of the wire.
    private static final byte FIRST_BYTE = 0;
    private static final byte SECOND_BYTE = 1;
    private static final byte LENGTH_16 = 2;
    private static final byte LENGTH_64 = 3;
    private static final byte MASKING_KEY = 4;

    private final Role role;
    private final int maxFrameBytes;
    private final byte ownedBits; // in bytes what fits them: every connection has such an object

    private byte stage = FIRST_BYTE;
    private byte firstByte;
    private byte numberBytes; // how many bytes of a length or key came in an earlier piece
    private long number; // and what they were
    private int length;
    private int maskingKey;
    private boolean encoded; // whether the frame, or the message that it goes on with, bears bits of the extension
    private boolean insideMessage; // whether the first frame of a fragmented message has come, and not its last
    private @Nullable ProtocolError error;

    /**
     * @param role the role of this endpoint: a server demands masked frames, a client refuses them (§5.1)
     * @param ownedBits the reserved bits that the negotiated extension gave a meaning, as in the first byte
     */
    FrameParser(Role role, int ownedBits, int maxFrameBytes) {
        this.role = role;
        this.ownedBits = (byte) ownedBits;
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * What does not compress grows: by a few bytes in a thousand with any common compressor, at most by an eighth by zlib's own
     * bound. Or a message as large as is allowed would be refused for its frame.
     */
    private int maxEncodedFrameBytes() {
        return (int) Math.min(LARGEST, maxFrameBytes + (long) maxFrameBytes / 8 + 64);
    }

    boolean fin() {
        return (firstByte & FrameWriter.FIN) != 0;
    }

    int opcode() {
        return firstByte & 0x0F;
    }

    /** The reserved bits, as in the first byte: 0x40, 0x20, 0x10. */
    int reservedBits() {
        return firstByte & 0x70;
    }

    int length() {
        return length;
    }

    /** Whether the payload is masked: always from a client, never from a server (§5.1). */
    boolean masked() {
        return role == Role.SERVER;
    }

    int maskingKey() {
        return maskingKey;
    }

    /** Whether a fragmented message has begun, and the header of its last frame has not come. */
    boolean isInsideMessage() {
        return insideMessage;
    }

    /** Whether a header has begun, and is not complete. */
    boolean isInsideHeader() {
        return stage != FIRST_BYTE;
    }

    @Nullable
    ProtocolError error() {
        return error;
    }

    Progress parse(ByteBuffer in) {
        while (in.hasRemaining()) {
            switch (stage) {
                case FIRST_BYTE -> {
                    firstByte = in.get();
                    if (!acceptFirstByte()) {
                        return Progress.INVALID;
                    }
                    stage = SECOND_BYTE;
                }
                case SECOND_BYTE -> {
                    int second = in.get() & 0xFF;
                    if (!acceptSecondByte(second)) {
                        return Progress.INVALID;
                    }
                    if (stage == FIRST_BYTE) {
                        return Progress.HEADER;
                    }
                }
                case LENGTH_16 -> {
                    if (take(in, 2) && !acceptLength(number, 126)) {
                        return Progress.INVALID;
                    }
                    if (stage == FIRST_BYTE) {
                        return Progress.HEADER;
                    }
                }
                case LENGTH_64 -> {
                    if (take(in, 8) && !acceptLength(number, 0x1_0000)) {
                        return Progress.INVALID;
                    }
                    if (stage == FIRST_BYTE) {
                        return Progress.HEADER;
                    }
                }
                default -> {
                    if (take(in, 4)) {
                        maskingKey = (int) number;
                        complete();
                        return Progress.HEADER;
                    }
                }
            }
        }
        return Progress.INCOMPLETE;
    }

    private boolean acceptFirstByte() {
        int opcode = opcode();
        if (!Opcode.isDefined(opcode)) {
            return reject(Violation.RESERVED_OPCODE.error("0x" + Integer.toHexString(opcode)));
        }
        // An extension owns bits of a message's first frame; elsewhere they have no meaning (RFC 7692 §6.1).
        int allowed = opcode == Opcode.TEXT || opcode == Opcode.BINARY ? ownedBits : 0;
        if ((reservedBits() & ~allowed) != 0) {
            return reject(Violation.RESERVED_BITS.error("RSV bits "
                    + Integer.toBinaryString(8 | (reservedBits() >> 4)).substring(1) + " on a " + Opcode.name(opcode)
                    + " frame"));
        }
        if (Opcode.isControl(opcode)) {
            return fin() || reject(Violation.CONTROL_FRAGMENTED.error(Opcode.name(opcode)));
        }
        if (opcode == Opcode.CONTINUATION) {
            return insideMessage || reject(Violation.CONTINUATION_UNEXPECTED.error());
        }
        encoded = reservedBits() != 0;
        return !insideMessage || reject(Violation.CONTINUATION_EXPECTED.error(Opcode.name(opcode)));
    }

    private boolean acceptSecondByte(int second) {
        boolean masked = (second & 0x80) != 0;
        if (masked != masked()) {
            return reject((masked ? Violation.MASK_FORBIDDEN : Violation.MASK_MISSING).error());
        }
        int shortLength = second & 0x7F;
        if (shortLength > MAX_CONTROL && Opcode.isControl(opcode())) {
            return reject(Violation.CONTROL_TOO_LONG.error(Opcode.name(opcode())));
        }
        switch (shortLength) {
            case 126 -> stage = LENGTH_16;
            case 127 -> stage = LENGTH_64;
            default -> {
                return acceptLength(shortLength, 0);
            }
        }
        return true;
    }

    /** Judges the payload length; {@code smallest} is the least value that needs the form it came in. */
    private boolean acceptLength(long value, int smallest) {
        if (value < 0) {
            return reject(Violation.LENGTH_NEGATIVE.error());
        }
        if (value < smallest) {
            return reject(Violation.LENGTH_NOT_MINIMAL.error(value + " bytes"));
        }
        int allowed = encoded ? maxEncodedFrameBytes() : maxFrameBytes;
        if (value > allowed && !Opcode.isControl(opcode())) {
            return reject(Violation.FRAME_TOO_BIG.error(value, allowed, "bytes"));
        }
        length = (int) value;
        if (masked()) {
            stage = MASKING_KEY;
        } else {
            complete();
        }
        return true;
    }

    private void complete() {
        stage = FIRST_BYTE;
        if (!Opcode.isControl(opcode())) {
            insideMessage = !fin();
        }
    }

    /** Takes the bytes of a big-endian number, as many as there are; true when it is complete, in {@link #number}. */
    private boolean take(ByteBuffer in, int size) {
        if (numberBytes == 0 && in.remaining() >= size) {
            number = size == 2 ? in.getShort() & 0xFFFF : size == 4 ? in.getInt() : in.getLong();
            return true;
        }
        if (numberBytes == 0) {
            number = 0;
        }
        while (numberBytes < size && in.hasRemaining()) {
            number = (number << 8) | (in.get() & 0xFF);
            numberBytes++;
        }
        if (numberBytes < size) {
            return false;
        }
        numberBytes = 0;
        return true;
    }

    private boolean reject(ProtocolError verdict) {
        error = verdict;
        return false;
    }
}
