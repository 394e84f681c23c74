package dev.bowline.cli.api.parts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A file for browsers, which anybody may have: it holds no data. Immutable. */
public record PageFile(String contentType, ByteBuffer content) {
    public PageFile {
        content = content.asReadOnlyBuffer();
    }

    /**
     * Reads it.
     *
     * @param content closed; null where there is no such file, which is a mistake in how the program was put together
     */
    public static PageFile read(String contentType, String name, @Nullable InputStream content) {
        if (content == null) {
            throw new IllegalStateException(name + " is missing");
        }
        try (content) {
            return new PageFile(contentType, ByteBuffer.wrap(content.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
