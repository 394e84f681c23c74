package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Log;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.ServerHarness.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Feeds whose log takes its time. */
class FeedTest {
    private static final String RESUMED = "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS;

    private final List<HeldEngine> made = new ArrayList<>();

    @RegisterExtension
    private final ServerHarness server = new ServerHarness(secrets -> {
        HeldEngine late = new HeldEngine(new MemoryEngine(secrets), Log.class, "read");
        made.add(late);
        return late;
    });

    private final HeldEngine log = made.get(0);

    @Test
    void whatGrowsWhileItIsReadIsReadToo() {
        server.open().says("sub 1 news");
        log.hold();
        server.a.publish("news", "one");
        server.a.publish("news", "two");
        assertThat(log.waiting()).isEqualTo(1);
        log.answer();
        log.goOn();
        server.a.publish("news", "three");
        server.expect(
                "1> ok 1 1", "1> at news memory-0 0", "1> pub news 1|one", "1> pub news 2|two", "1> pub news 3|three");
    }

    @Test
    void aSubscriptionWaitsForTheLog() {
        log.hold();
        Peer client = server.open();
        client.says("sub 1 news last 1", "send 2 chat\nbehind it");
        server.expect();
        server.a.publish("news", "one");
        log.goOn();
        server.expect(
                "1> ok 1 1",
                "1> at news memory-0 0",
                "1> pub news 1|one",
                "a message chat behind it of null",
                "1> ok 2 2");
    }

    @Test
    void aSubscriptionToALogThatIsNotThereIsUnavailable() {
        log.hold();
        server.open().says("sub 1 news");
        log.fail();
        server.expect("1> err 1 1 unavailable|out of reach");
        assertThat(server.a.node.topicCount()).isZero();
    }

    @Test
    void aSessionThatEndsMeanwhileLeavesNothingBehind() {
        log.hold();
        server.open().says("sub 1 news", "bye");
        server.expect("1 closed 1000 bye");
        log.goOn();
        server.expect("a memory-s1 ENDED");
        assertThat(server.a.node.topicCount()).isZero();
    }

    @Test
    void aReadThatWasOnItsWayWhenTheConnectionBrokeCountsForNothing() {
        Peer client = server.open();
        client.says("sub 1 news");
        client.breaks();
        server.a.publish("news", "one", "two");
        server.forget();
        log.hold();
        server.a
                .connect()
                .says("hello\nresume memory-s1 t1 1 1\ntopic news memory-0 0")
                .breaks();
        server.forget();
        server.a.connect().says("hello\nresume memory-s1 t1 1 2\ntopic news memory-0 1");
        log.goOn();
        server.expect(
                "3> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                "3> at news memory-0 1",
                "a memory-s1 RESUMED",
                "3> pub news 2|two");
    }

    @Test
    void aReadThatWasOnItsWayWhenTheSessionLeftCountsForNothing() {
        Peer client = server.open();
        client.says("sub 1 news");
        client.breaks();
        server.a.publish("news", "one");
        server.forget();
        log.hold();
        server.a.connect().says("hello\nresume memory-s1 t1 1 1\ntopic news memory-0 0");
        server.b.connect().says("hello\nresume memory-s1 t1 1 2\ntopic news memory-0 0");
        server.forget();
        log.goOn();
        server.expect("3> pub news 1|one");
    }

    @Test
    void whoIsBehindALogThatIsNotThereComesBack() {
        server.open().says("sub 1 news").breaks();
        server.a.publish("news", "one");
        server.forget();
        log.hold();
        server.a.connect().says("hello\nresume memory-s1 t1 1 1");
        log.fail();
        server.expect(
                RESUMED,
                "2> at news memory-0 0",
                "a memory-s1 RESUMED",
                "a memory-s1 SUSPENDED",
                "2 closed 4010 unavailable");
    }

    @Test
    void whatCouldNotBeReadIsReadASecondLater() {
        server.open().says("sub 1 news");
        log.hold();
        server.a.publish("news", "one");
        log.fail();
        server.forget();
        server.pass(1_000);
        log.fail();
        log.goOn();
        server.pass(999);
        server.expect();
        server.pass(1);
        server.expect("1> pub news 1|one");
        server.pass(10_000);
        server.expect();
    }
}
