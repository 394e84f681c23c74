package dev.bowline.verification.bench.servers;

import java.util.Locale;

/** What a server does with a message. */
enum Mode {
    /** Sends it back. */
    ECHO,
    /** Sends it to all connections. */
    BROADCAST,
    /** Sends it back, with permessage-deflate. */
    DEFLATE;

    static Mode of(String[] arguments) {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("no mode was given; echo, broadcast or deflate");
        }
        return valueOf(arguments[0].toUpperCase(Locale.ROOT));
    }
}
