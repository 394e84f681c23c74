package dev.bowline.session.server;

import dev.bowline.session.engine.RestartingEngine;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.ServerHarness.Peer;
import dev.bowline.session.wire.Cursor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logs that go on in another epoch, with all that they had, or without the last of it. */
@DisplayName("§6.2: another epoch of the same log")
class RestartedLogTest {
    private final List<RestartingEngine> made = new ArrayList<>();

    @RegisterExtension
    private final ServerHarness server = new ServerHarness(secrets -> {
        RestartingEngine engine = new RestartingEngine(new MemoryEngine(secrets));
        made.add(engine);
        return engine;
    });

    /** The logs restart without so many of their last messages. */
    private void restart(long lost) {
        made.get(0).restart(topic -> lost, server.now(), (topic, reach, epoch) -> {});
        server.a.goOn();
    }

    @Test
    void whoIsUpToDateIsToldItsName() {
        server.open().says("sub 1 news");
        server.a.publish("news", "one");
        restart(0);
        server.a.publish("news", "two");
        server.expect(
                "1> ok 1 1",
                "1> at news memory-0 0",
                "1> pub news 1|one",
                "1> at news memory-0_1 1",
                "1> pub news 2|two");
    }

    @Test
    void whatItHasNotComeToYetFollows() {
        server.open().says("sub 1 news");
        server.a.hold();
        server.b.publish("news", "one", "two");
        restart(0);
        server.expect(
                "1> ok 1 1",
                "1> at news memory-0 0",
                "1> at news memory-0_1 0",
                "1> pub news 1|one",
                "1> pub news 2|two");
    }

    @Test
    void whoHadWhatIsLostIsToldSo() {
        server.open().says("sub 1 news");
        server.a.publish("news", "one", "two");
        restart(1);
        server.a.publish("news", "other");
        server.expect(
                "1> ok 1 1",
                "1> at news memory-0 0",
                "1> pub news 1|one",
                "1> pub news 2|two",
                "1> reset news memory-0_1 0 lost",
                "1> pub news 1|one",
                "1> pub news 2|other");
    }

    @Test
    void whatWasTrimmedMeanwhileIsAGapInTheNewEpoch() {
        server.open().says("sub 1 few.a");
        server.a.hold();
        server.b.publish("few.a", "one", "two", "three");
        made.get(0).restart(topic -> 0, server.now(), (topic, reach, epoch) -> {});
        server.a.goOn();
        server.expect(
                "1> ok 1 1",
                "1> at few.a memory-0 0",
                "1> at few.a memory-0_1 0",
                "1> gap few.a 1 1 trimmed",
                "1> pub few.a 2|two",
                "1> pub few.a 3|three");
    }

    @Test
    void whoIsBehindIsToldOnceAndInItsTurn() {
        Peer client = server.open();
        client.says("sub 1 news");
        client.hasRoomFor(1);
        server.a.publish("news", "one", "two", "three");
        restart(0);
        server.expect("1> ok 1 1", "1> at news memory-0 0", "1> pub news 1|one");
        client.hasRoomFor(1);
        server.expect("1> at news memory-0_1 1", "1> pub news 2|two");
        client.hasRoomFor(9);
        server.expect("1> pub news 3|three");
        server.a.publish("news", "four");
        server.expect("1> pub news 4|four");
    }

    @Test
    void whoIsBehindALossButHadNoneOfItLosesNothing() {
        Peer client = server.open();
        client.says("sub 1 news");
        client.hasRoomFor(1);
        server.a.publish("news", "one", "two", "three");
        server.forget();
        restart(1);
        server.a.publish("news", "other");
        client.hasRoomFor(9);
        server.expect("1> at news memory-0_1 1", "1> pub news 2|two", "1> pub news 3|other");
    }

    @Test
    void aSessionIsResumedFromAFormerEpoch() {
        server.open().says("sub 1 news").breaks();
        server.a.publish("news", "one", "two", "three");
        restart(0);
        server.a.publish("news", "four");
        restart(0);
        server.forget();
        server.a.connect().says("hello\nresume memory-s1 t1 1 1\ntopic news memory-0 2");
        server.expect(
                "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                "2> at news memory-0 2",
                "2> at news memory-0_2 2",
                "2> pub news 3|three",
                "2> pub news 4|four",
                "a memory-s1 RESUMED");
    }

    @Test
    void anOldEpochMustBeWithinTheReachOfEachYoungerOne() {
        server.a.publish("news", "one", "two", "three");
        server.open().says("sub 1 news last 3");
        restart(0);
        restart(1);
        server.a.publish("news", "other");
        server.forget();
        server.open().says("sub 1 news from memory-0 3");
        server.expect(
                "2> ok 1 1",
                "2> at news memory-0 3",
                "2> reset news memory-0_2 0 lost",
                "2> pub news 1|one",
                "2> pub news 2|two",
                "2> pub news 3|other");
        server.open().says("sub 1 news from memory-0 2");
        server.expect("3> ok 1 1", "3> at news memory-0 2", "3> at news memory-0_2 2", "3> pub news 3|other");
    }

    @Test
    void whatAPatternCoversGoesOn() {
        server.open().says("sub 1 >");
        server.a.publish("news", "one");
        restart(0);
        server.a.publish("news", "two");
        server.expect(
                "1> ok 1 1",
                "1> at news memory-0 0",
                "1> pub news 1|one",
                "1> at news memory-0_1 1",
                "1> pub news 2|two");
    }

    @Test
    void growthThatIsToldInAFormerEpochBeginsAFeed() {
        server.open().says("sub 1 >");
        server.a.hold();
        server.b.publish("news", "one");
        restart(0);
        server.expect("1> ok 1 1", "1> at news memory-0 0", "1> at news memory-0_1 0", "1> pub news 1|one");
    }

    @Test
    void conflationGoesOn() {
        Peer client = server.open();
        client.says("sub 1 price.a");
        client.hasRoomFor(0);
        server.a.publish("price.a", "a1", "b1", "a2");
        restart(0);
        server.forget();
        client.hasRoomFor(9);
        server.expect(
                "1> at price.a memory-0_1 0",
                "1> gap price.a 1 1 conflated",
                "1> pub price.a 2|b1",
                "1> pub price.a 3|a2");
    }

    @Test
    void whoLacksWhatMadeSomethingSuperfluousHasLostIt() {
        Peer client = server.open();
        client.says("sub 1 price.a");
        client.hasRoomFor(0);
        server.a.publish("price.a", "a1", "b1", "a2");
        server.forget();
        client.hasRoomFor(1);
        server.expect("1> gap price.a 1 1 conflated", "1> pub price.a 2|b1");
        restart(1);
        client.hasRoomFor(9);
        server.expect("1> reset price.a memory-0_1 0 lost", "1> pub price.a 1|a1", "1> pub price.a 2|b1");
    }

    @Test
    void whatOfAMailboxWasReceivedIsOfTheEpochInWhichItCame() {
        Peer client = server.openAs("ada");
        client.says("sub 1 $mailbox");
        server.a.sendToUser("ada", "one");
        client.says("pong");
        restart(0);
        server.forget();
        whenReceived("memory-0", 1);
        whenReceived("memory-0_1", 1); // which nobody can say, as it came in another one
        server.expect("memory-0 1 was received");
        server.a.sendToUser("ada", "two");
        server.expect("a stored memory-0_1 2", "1> pub $mailbox 2|two", "1> ping");
        whenReceived("memory-0_1", 2);
        client.says("pong");
        server.expect("memory-0_1 1 was received", "memory-0_1 2 was received");
    }

    private void whenReceived(String epoch, long offset) {
        Cursor cursor = new Cursor(epoch, offset);
        server.b.node.engine().sessions().whenReceived("ada", cursor, () -> server.note(cursor + " was received"));
        server.b.goOn();
    }
}
