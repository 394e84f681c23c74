package dev.bowline.verification.bench.polling;

import java.io.IOException;

/** The pages of all users. */
interface Clients extends AutoCloseable {
    /** Hears what pages come to know. Called by one thread at a time. */
    interface Listener {
        void arrived(int user, long version);
    }

    /** Connects all of them; when it returns each has what it needs before the first change. */
    void open() throws IOException;

    /** They ask from now on, where that is their way. */
    void begin() throws IOException;

    /**
     * Looks whether all is well.
     *
     * @throws IOException if a client has failed
     */
    void check() throws IOException;

    @Override
    void close();
}
