package dev.bowline.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server may have so many files open, and more clients come than that. */
class OutOfFilesTest {
    private static final int FILES = 200;
    private static final String ACCEPT_FAILS = "WARNING Accepting connections fails";

    @RegisterExtension
    final Starved server = new Starved("ulimit -n " + FILES);

    @Test
    void thoseInsideAreServedAndThoseOutsideWaitUntilOthersGo() {
        // What a JVM loads for the first time it may have to open a file for.
        for (int i = 0; i < 3; i++) {
            RawPeer first = server.open();
            Starved.echo(first, "warm");
            first.close();
        }
        RawPeer inside = server.open();
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            RawPeer peer = server.connect();
            peer.write(RawHandshake.request("localhost", "/"));
            peers.add(peer);
        }
        server.awaitLogged(ACCEPT_FAILS);
        Starved.echo(inside, "still here");

        // Nobody leaves, so nothing can come; and who waits for nothing needs no processor.
        RawPeer outside = peers.get(peers.size() - 1);
        long start = System.nanoTime();
        Duration before = server.processorTime();
        outside.expectNothing(Duration.ofSeconds(2));
        Duration used = server.processorTime().minus(before);
        assertThat(used).isLessThan(Duration.ofNanos((System.nanoTime() - start) * 7 / 10));
        Starved.echo(inside, "and still");

        // Each file that is freed lets one in: in the order in which they came.
        for (RawPeer peer : peers) {
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
            Starved.echo(peer, "in turn");
            peer.close();
        }
        Starved.echo(inside, "as before");
        Starved.echo(server.open(), "open to all");
        assertThat(server.logged(ACCEPT_FAILS)).isEqualTo(1);
        assertThat(server.logged("")).isEqualTo(1);
    }
}
