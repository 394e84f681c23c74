package dev.bowline.session.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Puts a header together, and a message of it and its payload. */
final class HeaderWriter {
    private final StringBuilder text;

    HeaderWriter(String verb) {
        text = new StringBuilder(64).append(verb);
    }

    HeaderWriter field(String field) {
        text.append(' ').append(field);
        return this;
    }

    HeaderWriter field(long number) {
        text.append(' ').append(number);
        return this;
    }

    /** The message without a payload. */
    Payload alone() {
        return Payload.text(text.toString());
    }

    /** The message: of text if the payload is. */
    Payload with(Payload payload) {
        if (payload.isText() && payload.size() == 0) {
            return alone();
        }
        byte[] header = text.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer message = ByteBuffer.allocate(header.length + payload.size())
                .put(header)
                .put(payload.bytes())
                .flip();
        return payload.isText() ? Payload.text(message) : Payload.binary(message);
    }
}
