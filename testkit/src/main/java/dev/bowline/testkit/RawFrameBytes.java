package dev.bowline.testkit;

import dev.bowline.testkit.RawFrame.LengthForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes, reads and describes the wire form of {@link RawFrame}, byte by byte and without haste. */
final class RawFrameBytes {
    private static final int MAX_HEAD = 14;
    private static final int SHOWN = 60;
    private static final String[] NAMES = {
        "continuation", "text", "binary", "3", "4", "5", "6", "7", "close", "ping", "pong"
    };

    private RawFrameBytes() {}

    static byte[] write(RawFrame frame, long declaredLength, LengthForm form) {
        byte[] payload = frame.payload();
        Integer key = frame.maskKey();
        ByteBuffer out = ByteBuffer.allocate(MAX_HEAD + payload.length);
        out.put((byte) ((frame.fin() ? 0x80 : 0) | frame.rsv() << 4 | frame.opcode()));
        writeLength(out, declaredLength, form, key != null ? 0x80 : 0);
        if (key != null) {
            out.putInt(key);
            mask(payload, key);
        }
        out.put(payload);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void writeLength(ByteBuffer out, long length, LengthForm form, int maskBit) {
        LengthForm chosen = form == LengthForm.MINIMAL ? minimal(length) : form;
        long limit = chosen == LengthForm.BITS_7 ? 125 : 0xFFFF;
        if (chosen != LengthForm.BITS_64 && (length < 0 || length > limit)) {
            throw new IllegalArgumentException("a length of " + length + " does not fit " + chosen);
        }
        switch (chosen) {
            case BITS_7 -> out.put((byte) (maskBit | length));
            case BITS_16 -> out.put((byte) (maskBit | 126)).putShort((short) length);
            default -> out.put((byte) (maskBit | 127)).putLong(length);
        }
    }

    private static LengthForm minimal(long length) {
        if (length < 0 || length > 0xFFFF) {
            return LengthForm.BITS_64;
        }
        return length > 125 ? LengthForm.BITS_16 : LengthForm.BITS_7;
    }

    static @Nullable RawFrame read(ByteBuffer in) {
        ByteBuffer view = in.duplicate(); // big-endian, whatever the order of the original
        if (view.remaining() < 2) {
            return null;
        }
        int first = view.get();
        int second = view.get();
        int shortLength = second & 0x7F;
        boolean masked = (second & 0x80) != 0;
        int lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
        if (view.remaining() < lengthBytes + (masked ? 4 : 0)) {
            return null;
        }
        long length =
                switch (lengthBytes) {
                    case 2 -> Short.toUnsignedLong(view.getShort());
                    case 8 -> view.getLong();
                    default -> shortLength;
                };
        checkLength(length, lengthBytes);
        Integer key = masked ? (Integer) view.getInt() : null;
        if (view.remaining() < length) {
            return null;
        }
        byte[] payload = new byte[(int) length];
        view.get(payload);
        if (key != null) {
            mask(payload, key);
        }
        in.position(view.position());
        return RawFrame.read((first & 0x80) != 0, first >> 4 & 7, first & 15, key, payload);
    }

    private static void checkLength(long length, int lengthBytes) {
        boolean minimal =
                lengthBytes == 0 || (lengthBytes == 2 && length > 125) || (lengthBytes == 8 && length > 0xFFFF);
        if (length >= 0 && !minimal) {
            throw new AssertionError("a length of " + length + " in " + lengthBytes
                    + " bytes is not in its minimal form (RFC 6455 §5.2)");
        }
        if (length < 0 || length > Integer.MAX_VALUE - MAX_HEAD) {
            throw new AssertionError("a frame of " + Long.toUnsignedString(length) + " bytes");
        }
    }

    private static void mask(byte[] payload, int key) {
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= (byte) (key >>> (8 * (3 - i % 4))); // RFC 6455 §5.3
        }
    }

    static String describe(RawFrame frame, long declaredLength, LengthForm form) {
        int opcode = frame.opcode();
        byte[] payload = frame.payload();
        StringBuilder line = new StringBuilder("[").append(opcode < NAMES.length ? NAMES[opcode] : opcode);
        line.append(frame.fin() ? " fin" : "").append(frame.rsv() != 0 ? " rsv=" + frame.rsv() : "");
        line.append(frame.masked() ? " masked" : "").append(form != LengthForm.MINIMAL ? " " + form : "");
        line.append(declaredLength != payload.length ? " declared=" + Long.toUnsignedString(declaredLength) : "");
        if (opcode == RawFrame.CLOSE && payload.length >= 2) {
            return line + " " + frame.closeCode() + " \"" + frame.closeReason() + "\"]";
        }
        line.append(' ').append(payload.length);
        if (payload.length > 0) {
            byte[] start = Arrays.copyOf(payload, Math.min(payload.length, SHOWN));
            boolean text = opcode == RawFrame.TEXT;
            line.append(' ')
                    .append(
                            text
                                    ? '"' + new String(start, StandardCharsets.UTF_8) + '"'
                                    : HexFormat.of().formatHex(start));
        }
        return line.append(payload.length > SHOWN ? "…]" : "]").toString();
    }
}
