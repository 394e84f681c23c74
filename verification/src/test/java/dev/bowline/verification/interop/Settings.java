package dev.bowline.verification.interop;

import org.jspecify.annotations.Nullable;

/**
 * How another implementation is to speak.
 *
 * @param deflate what it asks for; null where it is to have no compression
 */
public record Settings(@Nullable Deflate deflate, boolean tls) {
    public static final Settings PLAIN = new Settings(null, false);

    /** For the scripts, without a blank. */
    String json() {
        String compression = deflate == null ? "false" : deflate.json();
        return "{\"deflate\":" + compression + ",\"tls\":" + (tls ? TestTls.json() : "false") + "}";
    }
}
