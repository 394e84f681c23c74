package dev.bowline.verification.bench.servers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a message says: equal if all bytes are, and short in a test's failure. */
final class Content {
    private static final int SHOWN = 40;

    private final byte[] bytes;

    Content(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Text of so many bytes that compresses, is nowhere the same as elsewhere, and another one for each number. */
    static Content of(int size, int number) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; text.size() < size; i++) {
            String entry = "{\"message\":" + number + ",\"entry\":" + i + ",\"sign\":\"ü–名\"},";
            byte[] more = (i == 0 ? number + " " + entry : entry).getBytes(StandardCharsets.UTF_8);
            text.writeBytes(text.size() + more.length <= size ? more : ascii(size - text.size(), number));
        }
        return new Content(text.toByteArray());
    }

    private static byte[] ascii(int size, int number) {
        return Arrays.copyOf((number + " " + "-".repeat(size)).getBytes(StandardCharsets.US_ASCII), size);
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Content that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return bytes.length + " bytes: " + text.substring(0, Math.min(SHOWN, text.length()));
    }
}
