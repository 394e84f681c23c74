package dev.bowline.session.server;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.ServerHarness.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Patterns that the engine takes its time to follow. */
class PatternsTest {
    private final List<HeldEngine> made = new ArrayList<>();

    @RegisterExtension
    private final ServerHarness server = new ServerHarness(secrets -> {
        HeldEngine late = new HeldEngine(new MemoryEngine(secrets), Bus.class, "followAll");
        made.add(late);
        return late;
    });

    private final HeldEngine bus = made.get(0);

    @Test
    void oneThatIsNotInEffectCarriesNothingOn() {
        Peer client = server.open();
        client.says("sub 1 orders.1");
        server.a.publish("orders.1", "one");
        server.forget();
        bus.hold();
        client.says("sub 2 orders.*");
        server.a.tell("memory-s1", new SessionMessage.Unsubscribe("orders.1", "forbidden"));
        server.a.publish("orders.1", "two");
        bus.goOn();
        server.a.publish("orders.1", "three");
        server.expect(
                "1> out 2 orders.1 forbidden",
                "1> ok 3 2",
                "1> at orders.1 memory-0 2", // where the pattern begins, and not where the other one was
                "1> pub orders.1 3|three");
    }

    @Test
    void oneBringsWhatItsNodeWasNotToldOfYetThoughTheTopicIsNamedNow() {
        Peer client = server.open();
        client.says("sub 1 orders.*");
        server.forget();
        server.a.hold();
        server.b.publish("orders.1", "one");
        client.says("sub 2 orders.1");
        server.a.goOn();
        server.expect("1> at orders.1 memory-0 0", "1> pub orders.1 1|one", "1> ok 2 2");
    }

    @Test
    void oneThatCannotBeFollowedIsRefused() {
        bus.hold();
        Peer client = server.open();
        client.says("sub 1 orders.*");
        bus.fail();
        server.expect("1> err 1 1 unavailable|out of reach");
        bus.goOn();
        client.says("sub 2 orders.*");
        server.expect("1> ok 2 2");
    }
}
