package dev.bowline.codec;

/** The opcodes of RFC 6455 §11.8, as they stand in the low four bits of a frame's first byte. */
public final class Opcode {
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    private Opcode() {}

    /** Whether the RFC gives this opcode a meaning; 0x3–0x7 and 0xB–0xF are reserved (§5.2). */
    public static boolean isDefined(int opcode) {
        return ((0b0000_0111_0000_0111 >>> opcode) & 1) == 1;
    }

    /** Whether frames with this opcode are control frames: the opcode's highest bit is set (§5.5). */
    public static boolean isControl(int opcode) {
        return (opcode & 0x8) != 0;
    }

    /** The RFC's word for the opcode, for messages to people. */
    public static String name(int opcode) {
        return switch (opcode) {
            case CONTINUATION -> "continuation";
            case TEXT -> "text";
            case BINARY -> "binary";
            case CLOSE -> "close";
            case PING -> "ping";
            case PONG -> "pong";
            default -> "reserved 0x" + Integer.toHexString(opcode);
        };
    }
}
