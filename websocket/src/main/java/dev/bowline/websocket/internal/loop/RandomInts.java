package dev.bowline.websocket.internal.loop;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Ints from a strong source, drawn 1,024 at a time, as drawing them one by one costs more than sending the frame. */
final class RandomInts {
    private final SecureRandom source;
    private final byte[] bytes = new byte[4096];
    private final ByteBuffer ints = ByteBuffer.wrap(bytes).limit(0);

    RandomInts(SecureRandom source) {
        this.source = source;
    }

    int next() {
        if (!ints.hasRemaining()) {
            source.nextBytes(bytes);
            ints.clear();
        }
        return ints.getInt();
    }
}
