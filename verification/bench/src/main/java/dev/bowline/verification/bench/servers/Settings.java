package dev.bowline.verification.bench.servers;

/** What all servers are given alike, where they let it be given. */
final class Settings {
    static final String HOST = "127.0.0.1";

    /** The largest message, and the largest frame. */
    static final int LARGEST = 16 * 1024 * 1024 + 1024;

    /** Connections that wait to be accepted: 5,000 come at once. The system may allow fewer. */
    static final int BACKLOG = 8192;

    /** Of zlib, or what compares to it. Bun and Tomcat have this one and no other, so all have it. */
    static final int COMPRESSION_LEVEL = 6;

    private Settings() {}
}
