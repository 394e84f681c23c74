package dev.bowline.cli.bench;

import dev.bowline.websocket.ClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What load to make. Immutable; the command line has checked it.
 *
 * @param urls over which the connections are spread, one after the other
 * @param connections how many to open
 * @param content the messages
 * @param inFlight how many messages a connection has sent and not yet got back
 * @param rate messages per second over all connections; 0: as fast as answers come
 * @param warmUp how long to load before measuring
 * @param duration how long to measure
 * @param threads how many event loops
 * @param pid the process whose processor time is measured
 * @param compressed whether it is an error if the server does not compress
 * @param client how to connect
 */
public record LoadOptions(
        List<URI> urls,
        Mode mode,
        int connections,
        Content content,
        int inFlight,
        long rate,
        Duration warmUp,
        Duration duration,
        int threads,
        OptionalLong pid,
        boolean compressed,
        ClientOptions client) {

    /** What the connections do. */
    public enum Mode {
        /** Each sends, gets the same back, and sends again. */
        ECHO,
        /** The first one sends; each gets what it sent. */
        BROADCAST,
        /** Each opens, closes, and opens again. */
        HANDSHAKE,
        /** They are open. */
        IDLE
    }
}
