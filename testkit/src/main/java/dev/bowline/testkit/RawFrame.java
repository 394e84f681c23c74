package dev.bowline.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One RFC 6455 frame as it stands on the wire, right or wrong on purpose. Knows nothing of any codec under test.
 *
 * <p>The factories make correct, final, unmasked frames; the {@code with…} methods return changed copies. {@link #bytes} writes
 * whatever was asked for: reserved opcodes and bits, a declared length that is a lie, lengths in more bytes than needed.
 *
 * <p>Immutable. Arrays are copied in both directions.
 */
public final class RawFrame {
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    /** How the payload length is written (RFC 6455 §5.2). */
    public enum LengthForm {
        /** The shortest that can hold the length: the only one the RFC allows. */
        MINIMAL,
        /** In the second byte; only lengths up to 125 fit. */
        BITS_7,
        /** 126 and two bytes. */
        BITS_16,
        /** 127 and eight bytes. */
        BITS_64
    }

    private final boolean fin;
    private final int rsv;
    private final int opcode;
    private final @Nullable Integer maskKey;
    private final byte[] payload;
    private final long declaredLength;
    private final LengthForm lengthForm;

    private RawFrame(
            boolean fin,
            int rsv,
            int opcode,
            @Nullable Integer maskKey,
            byte[] payload,
            long declaredLength,
            LengthForm lengthForm) {
        if ((rsv & ~7) != 0 || (opcode & ~15) != 0) {
            throw new IllegalArgumentException("rsv is 0 to 7, opcode 0 to 15, not " + rsv + " and " + opcode);
        }
        this.fin = fin;
        this.rsv = rsv;
        this.opcode = opcode;
        this.maskKey = maskKey;
        this.payload = payload;
        this.declaredLength = declaredLength;
        this.lengthForm = lengthForm;
    }

    /** A final, unmasked frame of any opcode from 0 to 15. */
    public static RawFrame of(int opcode, byte... payload) {
        return new RawFrame(true, 0, opcode, null, payload.clone(), payload.length, LengthForm.MINIMAL);
    }

    /** A text frame with the UTF-8 of {@code text}. */
    public static RawFrame text(String text) {
        return of(TEXT, utf8(text));
    }

    /** A binary frame. */
    public static RawFrame binary(byte... payload) {
        return of(BINARY, payload);
    }

    /** A continuation frame; final, as all here: see {@link #withFin}. */
    public static RawFrame continuation(byte... payload) {
        return of(CONTINUATION, payload);
    }

    /** A ping. */
    public static RawFrame ping(byte... payload) {
        return of(PING, payload);
    }

    /** A pong. */
    public static RawFrame pong(byte... payload) {
        return of(PONG, payload);
    }

    /** A close frame without a code. */
    public static RawFrame close() {
        return of(CLOSE);
    }

    /** A close frame with any code, allowed or not, and a reason. */
    public static RawFrame close(int code, String reason) {
        return of(CLOSE, closePayload(code, utf8(reason)));
    }

    /** The payload of a close frame: the code in two bytes, then the reason as given, UTF-8 or not. */
    public static byte[] closePayload(int code, byte... reason) {
        return ByteBuffer.allocate(2 + reason.length)
                .putShort((short) code)
                .put(reason)
                .array();
    }

    /** The bytes of several frames, one after the other. */
    public static byte[] concat(RawFrame... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (RawFrame frame : frames) {
            all.writeBytes(frame.bytes());
        }
        return all.toByteArray();
    }

    public RawFrame withFin(boolean value) {
        return new RawFrame(value, rsv, opcode, maskKey, payload, declaredLength, lengthForm);
    }

    /** The three reserved bits as a number: RSV1 is 4, RSV2 is 2, RSV3 is 1. */
    public RawFrame withRsv(int bits) {
        return new RawFrame(fin, bits, opcode, maskKey, payload, declaredLength, lengthForm);
    }

    /** Masked with this key, as a client must; 0 is a key too. */
    public RawFrame withMask(int key) {
        return new RawFrame(fin, rsv, opcode, key, payload, declaredLength, lengthForm);
    }

    public RawFrame withoutMask() {
        return new RawFrame(fin, rsv, opcode, null, payload, declaredLength, lengthForm);
    }

    /** Declares a length that may differ from the payload's; negative sets the forbidden highest bit of the 64. */
    public RawFrame withDeclaredLength(long length) {
        return new RawFrame(fin, rsv, opcode, maskKey, payload, length, lengthForm);
    }

    /** Writes the length in this form, even if a shorter one would do. */
    public RawFrame withLengthForm(LengthForm form) {
        return new RawFrame(fin, rsv, opcode, maskKey, payload, declaredLength, form);
    }

    public boolean fin() {
        return fin;
    }

    public int rsv() {
        return rsv;
    }

    public int opcode() {
        return opcode;
    }

    /** The masking key, or null for an unmasked frame. */
    public @Nullable Integer maskKey() {
        return maskKey;
    }

    public boolean masked() {
        return maskKey != null;
    }

    /** The payload without the mask. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The payload as UTF-8 text. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a close frame; 1005 if it carries none (RFC 6455 §7.1.5). */
    public int closeCode() {
        return payload.length < 2
                ? 1005
                : Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort());
    }

    /** The reason of a close frame; empty if it carries none. */
    public String closeReason() {
        return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }

    /**
     * The frame on the wire.
     *
     * @throws IllegalArgumentException if the declared length does not fit the chosen form
     */
    public byte[] bytes() {
        return RawFrameBytes.write(this, declaredLength, lengthForm);
    }

    /**
     * Reads one frame, strictly: a length not in its minimal form, or beyond what an array holds, is an error.
     *
     * @return the frame, with the buffer's position behind it; or null, with the position unchanged, if bytes are missing
     * @throws AssertionError if the length is not in its minimal form, or is absurd
     */
    public static @Nullable RawFrame parse(ByteBuffer in) {
        return RawFrameBytes.read(in);
    }

    /** A frame as it was read. */
    static RawFrame read(boolean fin, int rsv, int opcode, @Nullable Integer maskKey, byte[] payload) {
        return new RawFrame(fin, rsv, opcode, maskKey, payload, payload.length, LengthForm.MINIMAL);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Equal in everything that reaches the wire, the masking key included: compare with {@code frame.withoutMask()}. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawFrame that
                && fin == that.fin
                && rsv == that.rsv
                && opcode == that.opcode
                && Objects.equals(maskKey, that.maskKey)
                && Arrays.equals(payload, that.payload)
                && declaredLength == that.declaredLength
                && lengthForm == that.lengthForm;
    }

    @Override
    public int hashCode() {
        return Objects.hash(fin, rsv, opcode, maskKey, Arrays.hashCode(payload), declaredLength, lengthForm);
    }

    /** For instance {@code [text fin 5 "Hello"]}, {@code [close fin masked 1001 "going away"]}, {@code [binary 3 00ff17]}. */
    @Override
    public String toString() {
        return RawFrameBytes.describe(this, declaredLength, lengthForm);
    }
}
