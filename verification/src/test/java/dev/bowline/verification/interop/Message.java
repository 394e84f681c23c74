package dev.bowline.verification.interop;

import dev.bowline.testkit.Seeded;
import dev.bowline.verification.support.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A message to send, and how it shows where it arrives. */
public final class Message {
    /** The default limit of a Bowline server or client. */
    public static final int LIMIT_BYTES = 1 << 20;

    private static final int[] SIZES = {0, 1, 125, 126, 65_535, 65_536, LIMIT_BYTES};

    private final String name;
    private final boolean isText;
    private final byte[] payload;

    private Message(String name, boolean isText, byte[] payload) {
        this.name = name;
        this.isText = isText;
        this.payload = payload;
    }

    public static Message text(String name, String text) {
        return new Message(name, true, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Message text(String text) {
        return text("text " + text, text);
    }

    public static Message binary(String name, byte... payload) {
        return new Message(name, false, payload);
    }

    /** A binary message of the given size, of bytes that differ. */
    public static Message binary(int bytes) {
        return binary("binary of " + bytes + " bytes", Seeded.of(bytes).bytes(bytes));
    }

    /** Everything that must arrive as it was sent. */
    public static Stream<Message> all() {
        Stream<Message> texts = Stream.of(
                text("text of one byte a character", "\u0000\u0001 Hello, world!\n\u007f"),
                text("text of two bytes a character", "\u0080é ö ß\u07ff"),
                text("text of three bytes a character", "\u0800✓ 绳结 \ud7ff\ue000\uffff"),
                text("text of four bytes a character", "\ud800\udc00 🪢 \udbff\udfff"),
                text("text of all lengths", Seeded.of(6455).text(5_000)),
                text("text of 1 MiB, four bytes a character", "🪢".repeat(LIMIT_BYTES / 4)));
        Stream<Message> sizes = IntStream.of(SIZES)
                .boxed()
                .flatMap(size -> Stream.of(
                        text("text of " + size + " bytes", Seeded.of(size).ascii(size)), binary(size)));
        return Stream.concat(texts, sizes);
    }

    public boolean isText() {
        return isText;
    }

    public byte[] payload() {
        return payload.clone();
    }

    /** The payload in so many parts of about the same size; characters are cut where it happens. */
    public byte[][] parts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(payload, (int) ((long) payload.length * i / count), (int)
                        ((long) payload.length * (i + 1) / count)))
                .toArray(byte[][]::new);
    }

    /** What an end records that receives it. */
    public String event() {
        return event(isText, ByteBuffer.wrap(payload));
    }

    public static String event(boolean isText, ByteBuffer payload) {
        return (isText ? "text " : "binary ") + payload.remaining() + " " + Hash.of(payload);
    }

    /** How the payload of a control frame is recorded; the buffer's position stays. */
    public static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    @Override
    public String toString() {
        return name;
    }
}
