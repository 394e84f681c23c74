package dev.bowline.cli.config;

import java.util.Locale;

/** How settings are named in the environment. */
final class Environment {
    static final String PREFIX = "BOWLINE_";

    private Environment() {}

    /** {@code server.tls.maxMessageBytes} is {@code BOWLINE_SERVER_TLS_MAX_MESSAGE_BYTES}. */
    static String variable(String path) {
        return PREFIX
                + path.replace('.', '_')
                        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                        .toUpperCase(Locale.ROOT);
    }
}
