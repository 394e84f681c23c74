package dev.bowline.session.client;

/** How far the direct log came, and when that is to be said (section 5). Not thread-safe. */
final class Acknowledgement {
    private static final int MESSAGES = 32;
    private static final long BYTES = 64 * 1024;
    private static final long MILLIS = 1_000;

    private long seen;
    private long said;
    private long unsaidBytes;
    private long dueMillis = ClientSession.NEVER;

    /** The highest number that came, with all below it. */
    long seen() {
        return seen;
    }

    /** The next message came. */
    void came(int bytes, long nowMillis) {
        seen++;
        unsaidBytes += bytes;
        if (dueMillis == ClientSession.NEVER) {
            dueMillis = nowMillis + MILLIS;
        }
    }

    /** When it is due at the latest. */
    long dueMillis() {
        return dueMillis;
    }

    boolean isDue(long nowMillis) {
        return nowMillis >= dueMillis || seen - said >= MESSAGES || unsaidBytes >= BYTES;
    }

    /** The server is told how far the log came. Returns that. */
    long say() {
        said = seen;
        unsaidBytes = 0;
        dueMillis = ClientSession.NEVER;
        return seen;
    }

    /** A new session: the log begins anew. */
    void restart() {
        seen = 0;
        say();
    }
}
