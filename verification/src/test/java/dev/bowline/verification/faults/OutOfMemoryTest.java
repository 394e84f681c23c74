package dev.bowline.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import org.junit.jupiter.api.Test;

/** A connection for which there is no memory is dropped; the others of its loop are served, and so is the next one. */
class OutOfMemoryTest {
    private static final String GIVEN_UP = "SEVERE Given up: WebSocket";

    /** With so many of them the socket buffers of every system are full, and the server has no memory left. */
    private static final int WRITES = 400;

    private static final byte[] CHUNK = new byte[256 * 1024];

    /** Its answers wait in chunks of direct memory, for a peer that reads none of them. */
    @Test
    void direct() {
        byte[] message = Starved.masked(RawFrame.binary(CHUNK));
        greedyPeersAreDroppedAndNobodyElse(
                new Starved("true", "-XX:MaxDirectMemorySize=8m", "-Xmx128m"), message, message);
    }

    /** One message is larger than the heap. */
    @Test
    void heap() {
        byte[] header = Starved.masked(
                RawFrame.binary().withLengthForm(RawFrame.LengthForm.BITS_64).withDeclaredLength(1 << 30));
        greedyPeersAreDroppedAndNobodyElse(new Starved("true", "-Xmx48m"), header, CHUNK);
    }

    private static void greedyPeersAreDroppedAndNobodyElse(Starved server, byte[] first, byte[] rest) {
        try (server) {
            RawPeer inside = server.open();
            Starved.echo(inside, "before");
            for (int round = 1; round <= 3; round++) { // what one has given back is there for the next one
                RawPeer greedy = server.open();
                greedy.write(first);
                assertThat(isDropped(greedy, rest)).isTrue();
                Starved.echo(inside, "after " + round);
            }
            server.awaitLogged(GIVEN_UP);
            Starved.echo(server.open(), "a".repeat(100_000));
            Await.untilEquals("faults told in the log", () -> server.logged("SEVERE"), 3L);
        }
    }

    private static boolean isDropped(RawPeer peer, byte[] bytes) {
        for (int i = 0; i < WRITES; i++) {
            if (!peer.tryWrite(bytes)) {
                return true;
            }
        }
        return false;
    }
}
