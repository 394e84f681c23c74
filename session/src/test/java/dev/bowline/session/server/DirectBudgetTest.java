package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.server.ServerHarness.Peer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What all sessions of a node leave unacknowledged: 5,000 bytes here, and each up to 2,000. */
class DirectBudgetTest {
    private static final String LONG = "x".repeat(1_700); // two of these are too much for one session

    @RegisterExtension
    private final ServerHarness server = new ServerHarness();

    @Test
    void whoIsAwayLongestMakesRoomForOthers() {
        Peer first = server.open();
        Peer second = server.open();
        Peer third = server.open();
        server.open().breaks(); // it has nothing that could be given up
        first.breaks();
        second.breaks();
        server.a.direct("memory-s2", LONG);
        server.a.direct("memory-s1", LONG);
        server.forget();
        server.a.direct("memory-s3", LONG);
        server.expect("a memory-s1 ENDED", "3> msg 1 note|" + LONG);
        third.says("ack 1");
        server.a.direct("memory-s3", LONG);
        server.expect("3> msg 2 note|" + LONG);
    }

    @Test
    void withNobodyAwayTheOneEndsThatIsToldTooMuch() {
        for (int i = 0; i < 3; i++) {
            server.open();
        }
        server.a.direct("memory-s1", LONG);
        server.a.direct("memory-s2", LONG);
        server.forget();
        server.a.direct("memory-s3", LONG);
        server.expect("3 closed 4007 the direct logs of all sessions are full", "a memory-s3 ENDED", "a not taken");
    }

    @Test
    void whatLeavesTheNodeCountsThereNoMore() {
        Peer client = server.open();
        server.a.direct("memory-s1", LONG);
        client.breaks();
        server.b.connect().says("hello\nresume memory-s1 t1 0 1");
        server.forget();
        for (int i = 2; i < 4; i++) {
            server.open().breaks();
            server.a.direct("memory-s" + i, LONG);
        }
        assertThat(server.notes()).noneMatch(line -> line.endsWith(" ENDED"));
        server.open();
        server.a.direct("memory-s4", LONG);
        server.expect("a memory-s2 ENDED", "5> msg 1 note|" + LONG);
    }
}
