package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Presence;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.ServerHarness.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions that are in a topic, on an engine that takes its time to say so. */
class SeatsTest {
    private final List<HeldEngine> made = new ArrayList<>();

    @RegisterExtension
    private final ServerHarness server = new ServerHarness(secrets -> {
        HeldEngine late = new HeldEngine(new MemoryEngine(secrets), Presence.class, "enter");
        made.add(late);
        return late;
    });

    private final HeldEngine presence = made.get(0);

    @Test
    void aSessionMovesWhenItsPresenceIsInEffect() {
        server.openAs("eve").says("sub 1 room presence");
        Peer client = server.openAs("ada");
        presence.hold();
        client.says("sub 1 room").breaks();
        server.forget();
        Peer again = server.b.connect().says("hello\nresume memory-s2 t2 1 1");
        server.expect(); // else the first node's word would come behind the second one's
        presence.goOn();
        server.settle();
        assertThat(server.notes()).contains("1> join room ada", "b memory-s2 RESUMED");
        again.says("bye");
        assertThat(server.notes()).contains("1> leave room ada");
    }
}
