package dev.bowline.verification.conformance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the connections between the fuzzer and the side under test, which it starts and stops. */
interface Opponent extends AutoCloseable {
    /** Opens one for the case, handshake included. */
    Opened open(Case played, Setting setting);

    /** What the side under test does with its connections. */
    Echo echo();

    @Override
    void close();

    /**
     * An open connection.
     *
     * @param agreed the answer to the offers of permessage-deflate; null if none was taken
     * @param faults what was wrong with the handshake; the case fails then
     */
    record Opened(Wire wire, @Nullable DeflateParameters agreed, List<String> faults) {}
}
