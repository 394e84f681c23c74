package dev.bowline.redis;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.wire.Payload;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a {@link NodeMessage}; an {@link IOException} says that they are not as they must be. Used by one thread. */
final class FieldReader {
    private final ByteBuffer in;

    FieldReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    private void require(int count) throws IOException {
        if (count < 0 || in.remaining() < count) {
            throw new EOFException("a field has " + count + " bytes, and " + in.remaining() + " are there");
        }
    }

    char kind() throws IOException {
        require(1);
        return (char) in.get();
    }

    boolean flag() throws IOException {
        require(1);
        return in.get() != 0;
    }

    long number() throws IOException {
        require(Long.BYTES);
        return in.getLong();
    }

    byte[] bytes() throws IOException {
        require(Integer.BYTES);
        int length = in.getInt();
        require(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    String text() throws IOException {
        return RedisLink.text(bytes());
    }

    @Nullable
    String optional() throws IOException {
        return flag() ? text() : null;
    }

    Payload payload() throws IOException {
        byte[] kept = bytes();
        if (kept.length == 0) {
            throw new EOFException("a payload has no bytes");
        }
        return Payload.unpack(kept, 0, kept.length);
    }

    Failure failure() throws IOException {
        return new Failure(text(), text());
    }
}
