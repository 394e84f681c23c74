package dev.bowline.websocket.tls;

import java.io.IOException;

/**
 * A key, a certificate or a file that holds them can't be used. The message is one sentence for people: which file, what is
 * wrong with it, and what was expected. It never holds a password or a part of a key.
 */
public final class TlsConfigurationException extends IOException {
    private static final long serialVersionUID = 1;

    TlsConfigurationException(String message) {
        super(message);
    }

    TlsConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
