package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.server.ServerHarness.Peer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that is to be left; one client goes in a second. */
class DrainTest {
    @RegisterExtension
    private final ServerHarness server = ServerHarness.ofKeeping();

    @Test
    void sendsClientsAwayOneAfterTheOther() {
        server.open();
        Peer second = server.open();
        server.a.node.drain(server.now(), () -> server.note("drained"));
        server.pass(0);
        server.expect("1> retry 0", "a memory-s1 SUSPENDED", "1 closed 4003 leaving");
        second.says("send 1 chat\nstill here");
        server.expect("a message chat still here of null", "2> ok 1 1");
        server.pass(999);
        server.expect();
        server.pass(1);
        server.expect("2> retry 0", "a memory-s2 SUSPENDED", "2 closed 4003 leaving", "drained");
    }

    @Test
    void doesNotWaitForThoseWhoHaveGone() {
        Peer first = server.open();
        server.open();
        first.breaks();
        server.forget();
        server.a.node.drain(server.now(), () -> server.note("drained"));
        server.pass(0);
        assertThat(server.notes()).contains("2 closed 4003 leaving", "drained");
    }

    @Test
    void isDoneAtOnceWithoutClients() {
        server.b.node.drain(server.now(), () -> server.note("drained"));
        server.pass(0);
        server.expect("drained");
    }

    @Test
    void losesNothing() {
        server.open().says("sub 1 news");
        server.a.node.drain(server.now(), () -> {});
        server.pass(0);
        server.b.publish("news", "one");
        server.forget();
        server.b.connect().says("hello\nresume memory-s1 t1 1 1");
        server.expect(
                "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                "2> at news memory-0 0",
                "2> pub news 1|one",
                "b memory-s1 RESUMED");
    }
}
