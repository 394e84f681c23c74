package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Presence;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.ServerHarness.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Presence that the engine can't tell at once. */
class RosterTest {
    private final List<HeldEngine> made = new ArrayList<>();

    @RegisterExtension
    private final ServerHarness server = new ServerHarness(secrets -> {
        HeldEngine late = new HeldEngine(new MemoryEngine(secrets), Presence.class, "watch");
        made.add(late);
        return late;
    });

    private final HeldEngine presence = made.get(0);

    @Test
    void whoWatchesIsToldWhenTheEngineIsBack() {
        presence.hold();
        server.openAs("ada").says("sub 1 room presence");
        server.openAs("eve").says("sub 1 room presence");
        server.forget();
        presence.fail();
        server.expect();
        server.pass(1_000);
        presence.fail();
        server.pass(1_000);
        server.expect();
        presence.goOn();
        server.expect("1> here room|user ada|user eve", "2> here room|user ada|user eve");
        server.openAs("zoe").says("sub 1 room");
        assertThat(server.notes()).contains("1> join room zoe", "2> join room zoe");
    }

    @Test
    void whoNoLongerWatchesIsNotAskedFor() {
        presence.hold();
        Peer client = server.openAs("ada");
        client.says("sub 1 room presence");
        presence.fail();
        client.says("unsub 2 room");
        server.forget();
        server.pass(10_000);
        assertThat(presence.waiting()).isZero();
        server.expect();
    }
}
