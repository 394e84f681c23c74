package dev.bowline.verification.bench.servers;

import java.util.Locale;

/** What a server does with a message. */
enum Mode {
    /** Sends it back. */
    ECHO,
    /** Sends it to all connections. */
    BROADCAST,
    /** Sends it back, with permessage-deflate, and without a context in either direction. */
    DEFLATE;

    /** How a server's process ends that has no such mode. */
    static final int UNABLE = 2;

    static Mode of(String[] arguments) {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("no mode was given; echo, broadcast or deflate");
        }
        return valueOf(arguments[0].toUpperCase(Locale.ROOT));
    }

    /** Ends the process, and says why, if this is what a server can't do. */
    void requireNot(Mode unable, String server) {
        if (this == unable) {
            System.err.println(server + " can't " + unable.name().toLowerCase(Locale.ROOT) + " here");
            System.exit(UNABLE);
        }
    }
}
