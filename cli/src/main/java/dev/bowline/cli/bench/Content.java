package dev.bowline.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The messages of a load: a fixed number of variants, so that message n is variant n modulo that number, and one that is lost,
 * doubled, out of order or altered is not what was expected. Immutable; safe from any thread.
 */
public final class Content {
    /** A prime, so that no usual window of messages in flight is a multiple of it. */
    private static final int MOST_VARIANTS = 61;

    private static final int MOST_BYTES = 64 * 1024 * 1024;
    private static final long SEED = 20_261_126;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final boolean text;
    private final int size;
    private final ByteBuffer[] variants;
    private final String[] texts;

    private Content(boolean text, int size, byte[][] bytes) {
        this.text = text;
        this.size = size;
        variants = new ByteBuffer[bytes.length];
        texts = new String[text ? bytes.length : 0];
        for (int i = 0; i < bytes.length; i++) {
            variants[i] = ByteBuffer.allocateDirect(size).put(bytes[i]).flip().asReadOnlyBuffer();
            if (text) {
                texts[i] = new String(bytes[i], StandardCharsets.US_ASCII);
            }
        }
    }

    /** Random bytes; as text, random letters. */
    public static Content random(int size, boolean text) {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[][] variants = new byte[variants(size)][size];
        for (byte[] variant : variants) {
            random.nextBytes(variant);
            for (int i = 0; text && i < size; i++) {
                variant[i] = (byte) LETTERS.charAt(variant[i] & 63);
            }
        }
        return new Content(text, size, variants);
    }

    /** JSON such as applications send: an array of records; the last one is filled up with spaces to the size. */
    public static Content json(int size, boolean text) {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[][] variants = new byte[variants(size)][];
        for (int i = 0; i < variants.length; i++) {
            StringBuilder json = new StringBuilder(size + 200);
            while (json.length() < size) {
                json.append(json.isEmpty() ? '[' : ',')
                        .append("{\"id\":")
                        .append(random.nextInt(1_000_000))
                        .append(",\"user\":\"user-")
                        .append(random.nextInt(5000))
                        .append("\",\"action\":\"")
                        .append(random.nextInt(3) == 0 ? "message.created" : "presence.changed")
                        .append("\",\"at\":\"2026-11-26T10:")
                        .append(10 + random.nextInt(50))
                        .append(':')
                        .append(10 + random.nextInt(50))
                        .append("Z\",\"value\":")
                        .append(random.nextInt(100_000) / 100.0)
                        .append(",\"tags\":[\"a\",\"room-")
                        .append(random.nextInt(100))
                        .append("\"]}");
            }
            variants[i] = json.substring(0, size).getBytes(StandardCharsets.US_ASCII);
        }
        return new Content(text, size, variants);
    }

    private static int variants(int size) {
        return Math.max(2, Math.min(MOST_VARIANTS, MOST_BYTES / Math.max(1, size)));
    }

    /** The size of each message in bytes. */
    public int size() {
        return size;
    }

    boolean isText() {
        return text;
    }

    /** The message with this number, to be read only by absolute indexes: it is shared. */
    ByteBuffer bytes(long number) {
        return variants[(int) (number % variants.length)];
    }

    /** As {@link #bytes}, where this is text. */
    String text(long number) {
        return texts[(int) (number % texts.length)];
    }

    /** Whether a payload is the message with this number. */
    boolean matches(ByteBuffer payload, long number) {
        return payload.remaining() == size && payload.mismatch(bytes(number)) == -1;
    }
}
