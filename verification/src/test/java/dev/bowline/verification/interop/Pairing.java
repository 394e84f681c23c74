package dev.bowline.verification.interop;

import dev.bowline.testkit.Recorder;

/** Bowline and one other implementation, one of them the server. A suite has one for all its tests. */
interface Pairing extends AutoCloseable {
    /** The two ends of one connection. */
    record Ends(OurEnd ours, End peer) {}

    /**
     * Opens a connection; both ends have recorded that. The server, whichever it is, speaks the subprotocols "b" and "a"
     * and prefers "b".
     */
    Ends connect(String... subprotocols);

    /** Lets the client, whichever it is, try to connect where the server answers 401; returns what the client records. */
    Recorder<String> refused();

    /** What the client records of a refusal with 401. */
    String refusal();

    @Override
    void close();
}
