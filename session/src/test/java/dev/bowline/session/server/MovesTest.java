package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.server.ServerHarness.Peer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions that go from one node to another: {@code a} has it first, its client comes back to {@code b}. */
class MovesTest {
    private static final String ID = "memory-s1";
    private static final String TAKEN = "1 closed 4503 another connection has taken the session over";

    @RegisterExtension
    private final ServerHarness server = new ServerHarness();

    private int attempts;

    private static String welcome(String peer, long handled) {
        return peer + "> welcome|session memory-s1 t1|resumed " + handled + ServerHarness.TERMS;
    }

    private static String welcomeAda(String peer, long handled) {
        return peer + "> welcome|session memory-s1 t1|user ada|resumed " + handled + ServerHarness.TERMS;
    }

    private Peer comesTo(ServerHarness.TestNode node, long seen, String... cursors) {
        return node.connect().says("hello\nresume memory-s1 t1 " + seen + " " + ++attempts + String.join("", cursors));
    }

    @Test
    void withAllThatItHas() {
        Peer client = server.open();
        client.says("sub 1 news", "req 2 place\nx");
        server.a.publish("news", "one");
        server.a.direct(ID, "hi");
        client.breaks();
        server.a.publish("news", "two");
        server.forget();
        Peer again = comesTo(server.b, 1, "\ntopic news memory-0 1");
        server.expect(
                welcome("2", 2),
                "2> msg 2 note|hi",
                "2> at news memory-0 1",
                "2> pub news 2|two",
                "b memory-s1 RESUMED");
        assertThat(server.a.node.sessionCount()).isZero();
        assertThat(server.a.node.topicCount()).isZero();
        server.a.publish("news", "three");
        again.says("pub 2 news\nagain", "pub 3 news\nfour");
        server.expect("2> pub news 3|three", "2> ok 3 3", "2> pub news 4|four");
    }

    @Test
    void withItsAttributes() {
        server.open(server.a, "hello\nauth ada?color=red").says("auth 1\nada?color=blue");
        Peer again = comesTo(server.b, 1);
        server.forget();
        again.says("send 2 chat\nx");
        server.expect("b message chat x of ada {color=blue}", "2> ok 2 2");
    }

    @Test
    void fromUnderAConnectionThatLooksAlive() {
        Peer old = server.open();
        comesTo(server.b, 0);
        server.expect(TAKEN, welcome("2", 0), "b memory-s1 RESUMED");
        old.says("send 1 chat\nghost", "bye");
        old.breaks();
        server.expect();
    }

    @Test
    void andBackAgain() {
        server.open().says("sub 1 news");
        comesTo(server.b, 1);
        comesTo(server.a, 1);
        server.forget();
        server.b.publish("news", "one");
        server.expect("3> pub news 1|one");
        assertThat(server.b.node.sessionCount()).isZero();
    }

    @Test
    void notToAConnectionThatItsClientHasGivenUp() {
        server.open();
        Peer late = server.b.connect();
        Peer client = server.a.connect().says("hello\nresume memory-s1 t1 0 2");
        server.forget();
        late.says("hello\nresume memory-s1 t1 0 1");
        server.expect("2 closed 4503 a later connection has the session");
        client.says("send 1 chat\nhi");
        server.expect("a message chat hi of null", "3> ok 1 1");
    }

    @Test
    void norToOneThatComesAgain() {
        server.open();
        comesTo(server.b, 0);
        server.forget();
        attempts--;
        comesTo(server.a, 0);
        server.expect("3 closed 4503 a later connection has the session");
        assertThat(server.b.node.sessionCount()).isEqualTo(1);
    }

    @Test
    void toTheLaterOfTwoThatComeAtATime() {
        server.open();
        server.a.hold();
        server.b.hold();
        server.b.connect().says("hello\nresume memory-s1 t1 0 2");
        server.b.connect().says("hello\nresume memory-s1 t1 0 1"); // it waits for what becomes of the other one
        server.a.goOn();
        server.b.goOn();
        server.expect(
                TAKEN, welcome("2", 0), "b memory-s1 RESUMED", "3 closed 4503 a later connection has the session");
    }

    @Test
    void notToOneOfWhichTheClientHasForgottenThatItWasGranted() {
        server.open();
        server.b.hold();
        server.b.connect().says("hello\nresume memory-s1 t1 0 2").breaks();
        server.b.goOn(); // it is there, for a connection that has gone
        server.forget();
        server.b.connect().says("hello\nresume memory-s1 t1 0 1");
        server.expect("3 closed 4503 a later connection has the session");
    }

    @Test
    void notToAnotherUser() {
        Peer client = server.openAs("ada");
        server.b.connect().says("hello\nauth eve\nresume memory-s1 t1 0 1");
        server.expect("2> welcome|session memory-s2 t2|user eve|new user" + ServerHarness.TERMS, "b memory-s2 STARTED");
        client.says("send 1 chat\nhi");
        server.expect("a message chat hi of ada", "1> ok 1 1");
        comesTo(server.b, 1); // the attempt that was not granted does not count
        server.expect(TAKEN, welcomeAda("3", 1), "b memory-s1 RESUMED");
    }

    @Test
    void notToWhoDoesNotKnowItsToken() {
        Peer client = server.open();
        server.b.connect().says("hello\nresume memory-s1 guessed 0 1");
        server.expect("2> welcome|session memory-s2 t2|new token" + ServerHarness.TERMS, "b memory-s2 STARTED");
        client.says("ping");
        server.expect("1> pong");
    }

    @Test
    void whatItsFirstNodeAnswersFindsIt() {
        server.open().says("req 1 place\nx");
        comesTo(server.b, 0);
        server.forget();
        server.a.respond(ID, 1, "placed");
        server.a.respond(ID, 1, "twice");
        server.expect("2> res 1 1|placed", "a not taken");
    }

    @Test
    void whatIsSaidWhileItIsOnItsWayFindsIt() {
        server.open().says("req 1 place\nx").breaks();
        server.forget();
        server.b.hold();
        comesTo(server.b, 0); // a has given it up, b does not know yet
        server.a.respond(ID, 1, "placed");
        server.a.direct(ID, "hi");
        server.expect();
        server.b.goOn();
        server.expect(welcome("2", 1), "b memory-s1 RESUMED", "2> res 1 1|placed", "2> msg 2 note|hi");
    }

    @Test
    void whatOneNodeSaysComesInOrderThoughItArrivesInBetween() {
        server.open();
        comesTo(server.b, 0);
        server.a.hold();
        comesTo(server.a, 0);
        server.a.direct(ID, "one"); // it is a's by now, but not there yet
        server.a.step();
        server.forget();
        server.a.direct(ID, "two");
        server.a.goOn();
        server.a.direct(ID, "three");
        server.expect("3> msg 1 note|one", "3> msg 2 note|two", "3> msg 3 note|three");
    }

    @Test
    void whatOneNodeSaysComesInOrderThoughItLeavesInBetween() {
        server.open();
        server.a.hold();
        comesTo(server.b, 0);
        server.b.direct(ID, "one"); // it is a's, which has it still
        server.a.step();
        server.forget();
        server.b.direct(ID, "two");
        server.a.goOn();
        assertThat(server.notes()).containsSubsequence("2> msg 1 note|one", "2> msg 2 note|two");
    }

    @Test
    void timesOutAtItsNewNode() {
        server.open().says("req 1 place\nx");
        server.pass(15_000);
        Peer client = comesTo(server.b, 0);
        server.forget();
        server.passAlive(client, 14_999);
        server.expect();
        server.pass(1);
        server.expect("2> err 1 1 timeout|no answer in 30000 ms", "b cancelled 1");
    }

    @Test
    void expiresAtItsNewNode() {
        server.open().breaks();
        comesTo(server.b, 0).breaks();
        server.forget();
        server.pass(60_000);
        server.expect("b memory-s1 ENDED");
        comesTo(server.a, 0);
        server.expect("3> welcome|session memory-s2 t2|new expired" + ServerHarness.TERMS, "a memory-s2 STARTED");
    }

    @Test
    void itsFirstNodeDoesNotWakeItOnItsWay() {
        server.open().breaks();
        server.forget();
        server.b.hold();
        comesTo(server.b, 0);
        server.pass(60_000); // its window, which a would have ended it after
        server.expect("2 closed 4010 timeout");
        server.b.goOn();
        server.pass(1);
        server.expect("b memory-s1 ENDED");
        assertThat(server.a.node.sessionCount()).isZero();
        assertThat(server.b.node.sessionCount()).isZero();
    }

    @Test
    void itsPatternsMissNothing() {
        server.open().says("sub 1 orders.*").breaks();
        server.forget();
        server.a.hold();
        server.b.hold();
        comesTo(server.b, 1);
        server.a.publish("orders.1", "before it goes");
        server.a.step(); // a is asked for it, and has not heard of the topic
        server.a.publish("orders.2", "while it is on its way");
        server.b.goOn();
        server.a.goOn();
        server.a.publish("orders.3", "when it is there");
        server.expect(
                welcome("2", 1),
                "b memory-s1 RESUMED",
                "2> at orders.1 memory-0 0",
                "2> pub orders.1 1|before it goes",
                "2> at orders.2 memory-0 0",
                "2> pub orders.2 1|while it is on its way",
                "2> at orders.3 memory-0 0",
                "2> pub orders.3 1|when it is there");
    }

    @Test
    void itsPatternsMissNothingOnItsWayToWhereItIs() {
        server.open().says("sub 1 orders.*").breaks();
        server.forget();
        server.a.hold();
        server.b.hold();
        comesTo(server.b, 1);
        comesTo(server.b, 1); // the client has given the first up
        server.a.goOn();
        server.a.publish("orders.1", "one");
        server.b.step(); // b has it
        server.b.step(); // and is asked for it
        server.a.publish("orders.2", "two");
        server.b.goOn();
        assertThat(server.notes())
                .contains("3> at orders.1 memory-0 0", "3> pub orders.1 1|one", "3> pub orders.2 1|two")
                .last()
                .asString()
                .startsWith("3> ");
    }

    @Test
    void aPatternsTopicThatIsBeingDecidedIsAskedForAgain() {
        server.a.application.hold("SUBSCRIBE orders.1");
        server.open().says("sub 1 orders.*");
        server.a.publish("orders.1", "one");
        server.forget();
        comesTo(server.b, 1);
        server.expect(
                TAKEN,
                "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                "2> at orders.1 memory-0 0",
                "2> pub orders.1 1|one",
                "b memory-s1 RESUMED");
        server.a.application.answer("SUBSCRIBE orders.1", true);
        server.expect();
    }

    @Test
    void waitsForADecision() {
        server.a.application.hold("PUBLISH news");
        server.open().says("pub 1 news\none", "send 2 chat\ntwo");
        comesTo(server.b, 0);
        server.expect("a asks PUBLISH news", TAKEN);
        server.a.application.answer("PUBLISH news", true);
        server.b.goOn();
        server.expect("b message chat two of null", welcome("2", 2), "2> ok 1 1", "2> ok 2 2", "b memory-s1 RESUMED");
    }

    @Test
    void doesNotWaitForADecisionThatIsOfNoUse() {
        server.a.application.hold("PUBLISH news");
        server.openAs("ada").says("pub 1 news\none");
        comesTo(server.b, 0);
        server.a.direct(ID, "hi");
        server.forget();
        server.b.node.engine().bus().toUser("ada", new UserMessage.Revoke("fired"));
        server.b.goOn();
        server.expect(
                "a memory-s1 ENDED",
                "2> welcome|session memory-s2 t2|new expired" + ServerHarness.TERMS,
                "b memory-s2 STARTED");
        server.a.direct(ID, "hi");
        server.expect("a not taken");
        server.a.application.answer("PUBLISH news", true);
        server.expect();
    }

    @Test
    void whoCameLastHasItThoughAnotherNodeWaitsForIt() {
        server.a.application.hold("PUBLISH news");
        server.open().says("pub 1 news\none");
        comesTo(server.b, 0).breaks();
        Peer last = comesTo(server.a, 0);
        server.expect("a asks PUBLISH news", TAKEN);
        server.a.application.answer("PUBLISH news", true);
        server.b.goOn();
        server.expect(welcome("3", 1), "3> ok 1 1", "a memory-s1 RESUMED");
        last.says("send 2 chat\ntwo");
        server.expect("a message chat two of null", "3> ok 2 2");
    }

    @Test
    void aRevocationFindsItOnItsWay() {
        server.openAs("ada");
        server.b.hold();
        comesTo(server.b, 0);
        server.b.node.engine().bus().toUser("ada", new UserMessage.Revoke("fired"));
        server.a.goOn();
        server.expect(TAKEN);
        server.b.goOn();
        server.expect(welcomeAda("2", 0), "b memory-s1 RESUMED", "2 closed 4502 fired", "b memory-s1 ENDED");
    }

    @Test
    void aRevocationFindsItWhileItIsAskedFor() {
        server.openAs("ada");
        server.a.hold();
        comesTo(server.b, 0);
        server.b.node.engine().bus().toUser("ada", new UserMessage.Revoke("fired"));
        server.a.goOn();
        server.expect(TAKEN, welcomeAda("2", 0), "b memory-s1 RESUMED", "2 closed 4502 fired", "b memory-s1 ENDED");
    }

    @Test
    void whoHasGoneMeanwhileLeavesItWaiting() {
        server.open();
        server.b.hold();
        comesTo(server.b, 0).breaks();
        server.b.goOn();
        server.expect(TAKEN);
        assertThat(server.b.node.sessionCount()).isEqualTo(1);
        server.pass(59_999);
        server.expect();
        server.pass(1);
        server.expect("b memory-s1 ENDED");
    }

    @Test
    void presenceGoesWithIt() {
        server.openAs("ada").says("sub 1 room presence");
        Peer eve = server.openAs("eve");
        eve.says("sub 1 room presence");
        server.forget();
        server.b.connect().says("hello\nresume memory-s2 t2 1 1");
        server.expect(
                "2 closed 4503 another connection has taken the session over",
                "3> welcome|session memory-s2 t2|user eve|resumed 1" + ServerHarness.TERMS,
                "3> at room memory-0 0",
                "3> here room|user ada|user eve",
                "b memory-s2 RESUMED");
        server.openAs("zoe").says("sub 1 room");
        assertThat(server.notes()).contains("1> join room zoe", "3> join room zoe");
    }

    @Test
    void aNodeThatStopsBeforeItAnswersHasLostIt() {
        server.open();
        server.a.hold();
        comesTo(server.b, 0);
        server.a.node.stop(server.now());
        server.a.goOn();
        server.b.goOn();
        server.expect(
                "1> retry 0",
                "a memory-s1 SUSPENDED",
                "1 closed 4003 leaving",
                "a memory-s1 ENDED",
                "2> welcome|session memory-s2 t2|new lost" + ServerHarness.TERMS,
                "b memory-s2 STARTED");
    }

    @Test
    void aNodeThatStopsBeforeItGetsItLeavesItWhereItIs() {
        Peer client = server.open();
        server.a.hold();
        comesTo(server.b, 0);
        server.b.node.stop(server.now());
        server.a.goOn();
        client.says("ping");
        server.expect("2> retry 0", "2 closed 4003 leaving", "1> pong");
    }

    @Test
    void whatIsGivenUpForANodeThatStopsMeanwhileIsLost() {
        server.a.application.hold("PUBLISH news");
        server.open().says("pub 1 news\none");
        comesTo(server.b, 0);
        server.b.node.stop(server.now());
        server.forget();
        server.a.application.answer("PUBLISH news", true);
        comesTo(server.a, 0);
        server.expect(
                "3> welcome|session memory-s2 t2|new lost" + ServerHarness.TERMS,
                "a memory-s2 STARTED",
                "b memory-s1 ENDED"); // who asked for it ends it
    }
}
