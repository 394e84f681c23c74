package dev.bowline.redis;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.wire.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a {@link NodeMessage}. Used by one thread. */
final class FieldWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    FieldWriter kind(char kind) {
        out.write(kind);
        return this;
    }

    FieldWriter flag(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    FieldWriter number(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    FieldWriter bytes(byte[] value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
        out.writeBytes(value);
        return this;
    }

    FieldWriter text(String value) {
        return bytes(RedisLink.bytes(value));
    }

    FieldWriter optional(@Nullable String value) {
        flag(value != null);
        return value == null ? this : text(value);
    }

    FieldWriter payload(Payload payload) {
        return bytes(payload.pack());
    }

    FieldWriter failure(Failure failure) {
        return text(failure.code()).text(failure.text());
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
