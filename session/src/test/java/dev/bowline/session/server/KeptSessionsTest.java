package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.server.ServerHarness.Peer;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions whose engine keeps them outside their nodes: {@code a} has one first, and dies, or is taken to have died. */
class KeptSessionsTest {
    private static final String ID = "memory-s1";
    private static final String UNKNOWN =
            "unknown|the server that handled it has gone; whether it had an effect is not known";

    @RegisterExtension
    private final ServerHarness server = ServerHarness.ofKeeping();

    private int attempts;

    private static String welcome(String peer, long handled) {
        return peer + "> welcome|session memory-s1 t1|resumed " + handled + ServerHarness.TERMS;
    }

    private Peer comesTo(ServerHarness.TestNode node, long seen, String... cursors) {
        return node.connect().says("hello\nresume memory-s1 t1 " + seen + " " + ++attempts + String.join("", cursors));
    }

    /** Node {@code a} does nothing any more; what is still to be run there is lost with it. */
    private void dies() {
        server.a.hold();
        server.keeping().giveUp(server.a.node);
        server.settle();
        server.forget();
    }

    // ---- What another node knows ----

    @Test
    void goOnAtAnotherNode() {
        Peer client = server.open();
        client.says("sub 1 news", "pub 2 news\none");
        server.a.direct(ID, "hi");
        dies();
        Peer again = comesTo(server.b, 2, "\ntopic news memory-0 1");
        server.expect(welcome("2", 2), "2> msg 3 note|hi", "2> at news memory-0 1", "b memory-s1 RESUMED");
        server.b.publish("news", "two");
        server.expect("2> pub news 2|two");
        again.says("unsub 3 news", "pub 4 news\nthree");
        server.expect("2> ok 4 3", "2> ok 5 4");
    }

    @Test
    void forgetWhatTheirClientHasAcknowledged() {
        Peer client = server.open();
        client.says("sub 1 news", "unsub 2 news", "ack 2", "sub 3 news");
        dies();
        assertThat(server.keeping().kept(ID)).containsKeys("m:3", "s:news").doesNotContainKeys("m:1", "m:2");
        comesTo(server.b, 2);
        server.expect(welcome("2", 3), "2> ok 3 3", "2> at news memory-0 0", "b memory-s1 RESUMED");
    }

    @Test
    void keepTheirUserAgentAndAuthentication() {
        server.open(server.a, "hello\nauth ada:90000\nagent phone").says("sub 1 $mailbox");
        server.pass(20_000);
        dies();
        Peer again = server.b.connect().says("hello\nresume memory-s1 t1 0 1");
        server.forget();
        server.b.sendToUser("ada", "hi");
        server.expect("b stored memory-0 1", "2> pub $mailbox 1|hi", "2> ping");
        server.passAlive(again, 60_000);
        assertThat(server.notes()).containsOnlyOnce("2> expiring 15000");
        server.pass(15_000);
        assertThat(server.notes()).contains("2 closed 4501 the authentication has ended", "b memory-s1 ENDED");
    }

    @Test
    void keepTheirAttributes() {
        server.open(server.a, "hello\nauth ada?color=red").says("auth 1\nada?a name=18 = 2 * 9 \u00e9");
        dies();
        assertThat(server.keeping().kept(ID)).containsKey("attributes");
        Peer again = comesTo(server.b, 1);
        server.forget();
        again.says("send 2 chat\nx", "auth 3\nada", "send 4 chat\ny");
        server.expect(
                "b message chat x of ada {a name=18 = 2 * 9 \u00e9}",
                "2> ok 2 2",
                "2> ok 3 3",
                "b message chat y of ada",
                "2> ok 4 4");
        assertThat(server.keeping().kept(ID)).doesNotContainKey("attributes");
    }

    @Test
    void areNothingBeforeAnythingOfThemIsKept() {
        server.a.hold();
        server.a.connect().says("hello");
        server.expect("a memory-s1 STARTED"); // but no welcome
        dies();
        comesTo(server.b, 0);
        server.expect("b memory-s2 STARTED", "2> welcome|session memory-s2 t2|new lost" + ServerHarness.TERMS);
    }

    // ---- Nobody hears of what is not kept ----

    @Test
    void tellNoResultBeforeItIsKept() {
        Peer client = server.open();
        client.says("sub 1 news");
        server.forget();
        server.a.hold();
        client.says("unsub 2 news");
        server.expect();
        server.a.goOn();
        server.expect("1> ok 2 2");
    }

    @Test
    void sayNothingElseBeforeIt() {
        Peer client = server.open();
        client.says("sub 1 news");
        server.forget();
        server.a.hold();
        client.says("pub 2 news\nmine");
        server.b.publish("news", "other");
        client.says("ping");
        server.expect("1> pong"); // which promises nothing
        server.a.goOn();
        server.expect("1> ok 2 2", "1> pub news 1|mine", "1> pub news 2|other");
    }

    @Test
    void startNoHandlerBeforeItIsKeptThatTheyDo() {
        Peer client = server.open();
        server.a.hold();
        client.says("req 1 place\nx", "send 2 chat\ny");
        server.expect();
        server.a.goOn();
        server.expect("a request 1 place x", "a message chat y of null", "1> ok 1 2");
        assertThat(server.keeping().kept(ID)).containsKey("c:1").doesNotContainKey("c:2");
    }

    @Test
    void startNoHandlerOfWhatWasGivenUpMeanwhile() {
        Peer client = server.open();
        server.a.hold();
        client.says("req 1 place\nx", "cancel 1");
        server.a.goOn();
        server.expect("a cancelled 1", "1> err 1 1 cancelled");
    }

    @Test
    void takeAMessageWhenItIsKept() {
        server.open();
        List<Boolean> told = new ArrayList<>();
        server.a.node.toSession(
                ID,
                new SessionMessage.Direct("note", Payload.text("one"), null),
                server.now(),
                Callback.of(told::add, failure -> {
                    throw new AssertionError(failure);
                }));
        assertThat(told).isEmpty();
        server.settle();
        assertThat(told).containsExactly(true);
        server.expect("1> msg 1 note|one");
    }

    @Test
    void haveTakenAMessageThatTheyTakeAlong() {
        server.open();
        List<Object> told = new ArrayList<>();
        server.a.hold();
        Peer next = comesTo(server.b, 0);
        server.a.node.toSession(
                ID,
                new SessionMessage.Direct("note", Payload.text("one"), null),
                server.now(),
                Callback.of(told::add, told::add));
        server.a.goOn();
        assertThat(told).containsExactly(true);
        assertThat(server.notes()).containsSubsequence(welcome("2", 0), "2> msg 1 note|one");
        next.breaks();
        server.forget();
    }

    @Test
    void haveNotTakenAMessageThatTheyTookAlongTooLate() {
        server.open();
        List<Object> told = new ArrayList<>();
        server.a.hold();
        comesTo(server.b, 0);
        server.a.node.toSession(
                ID,
                new SessionMessage.Direct("note", Payload.text("one"), null),
                server.now(),
                Callback.of(told::add, told::add));
        server.keeping().giveUp(server.a.node); // so that nobody waits any more for what it gives up
        server.settle();
        server.a.goOn();
        assertThat(told).hasSize(1).first().isInstanceOf(Failure.class);
        assertThat(server.notes()).contains(welcome("2", 0)).noneMatch(line -> line.contains("msg"));
    }

    @Test
    void doNotKnowWhatBecomesOfAMessageThatIsNotKept() {
        server.open();
        server.keeping().giveUp(server.a.node);
        comesTo(server.b, 0);
        server.forget();
        List<Object> told = new ArrayList<>();
        server.a.node.toSession(
                ID,
                new SessionMessage.Direct("note", Payload.text("one"), null),
                server.now(),
                Callback.of(told::add, told::add));
        server.settle();
        assertThat(told).hasSize(1).first().isInstanceOf(Failure.class);
        assertThat(server.notes()).containsExactly("1 closed 4000 this node was taken for dead");
    }

    // ---- What had no result ----

    @Test
    void haveWhatTheirClientSendsAgain() {
        Peer client = server.open();
        server.a.application.hold("PUBLISH news");
        client.says("pub 1 news\none", "unsub 2 old");
        server.expect("a asks PUBLISH news");
        dies();
        Peer again = comesTo(server.b, 0);
        server.expect(welcome("2", 0), "b memory-s1 RESUMED");
        again.says("pub 1 news\none", "unsub 2 old", "unsub 3 old");
        server.expect("2> ok 1 1", "2> ok 2 2", "2> ok 3 3");
    }

    @Test
    void knowWhatIsHandledBehindWhatIsNot() {
        server.a.application.hold("REQUEST slow");
        Peer client = server.open();
        client.says("req 1 quick\nx", "send 2 chat\ny", "req 3 slow\nz");
        server.forget();
        server.a.respond(ID, 1, "done");
        dies();
        Peer again = comesTo(server.b, 0);
        server.expect(welcome("2", 2), "2> ok 1 2", "2> res 2 1|done", "b memory-s1 RESUMED");
        again.says("req 3 slow\nz");
        server.expect("b request 3 slow z");
    }

    @Test
    void tellThatWhatADeadHandlerHadIsUnknown() {
        Peer client = server.open();
        server.a.application.hold("MESSAGE chat");
        client.says("req 1 place\nx", "send 2 chat\ny", "pub 3 news\none");
        dies();
        Peer again = comesTo(server.b, 1);
        server.expect("b memory-s1 RESUMED", welcome("2", 3), "2> err 2 1 " + UNKNOWN, "2> err 3 2 " + UNKNOWN);
        again.says("req 1 place\nx", "pub 4 news\ntwo");
        server.expect("2> ok 4 4");
    }

    @Test
    void hearOfADeadHandlerLater() {
        Peer client = server.open();
        client.says("req 1 place\nx");
        comesTo(server.b, 0);
        server.forget();
        server.a.hold();
        server.keeping().giveUp(server.a.node);
        server.settle();
        server.expect("2> err 1 1 " + UNKNOWN);
    }

    // ---- Handlers elsewhere ----

    @Test
    void areAnsweredByHandlersOfTheirFormerNode() {
        Peer client = server.open();
        client.says("req 1 place\nx", "req 2 tail stream 1\ny");
        server.a.part(ID, 2, "one", "two");
        server.expect("a request 1 place x", "a request 2 tail y stream", "1> part 1 2|one");
        comesTo(server.b, 1).says("more 2 3");
        assertThat(server.notes()).contains(welcome("2", 2), "2> part 2 2|two", "a ready 2");
        server.a.respond(ID, 1, "done");
        server.a.part(ID, 2, "three");
        server.a.finish(ID, 2);
        server.expect("2> res 3 1|done", "2> part 4 2|three", "2> end 5 2");
    }

    @Test
    void cancelHandlersOfTheirFormerNode() {
        Peer client = server.open();
        client.says("req 1 place\nx");
        comesTo(server.b, 0).says("cancel 1");
        assertThat(server.notes()).contains("a cancelled 1", "2> err 1 1 cancelled");
    }

    @Test
    void keepPartsThatWaitForCredit() {
        Peer client = server.open();
        client.says("req 1 tail stream 1\nx");
        comesTo(server.b, 0);
        server.a.part(ID, 1, "one", "two", "three"); // the handler is at a, the session at b
        server.a.finish(ID, 1);
        server.forget();
        server.b.hold();
        server.keeping().giveUp(server.b.node);
        comesTo(server.a, 1).says("more 1 9");
        assertThat(server.notes()).contains("3> part 2 1|two", "3> part 3 1|three", "3> end 4 1");
    }

    @Test
    void giveReceiptsToWhoSaidIt() {
        server.open();
        server.b.directWithReceipt(ID, "one");
        server.a.directWithReceipt(ID, "two");
        server.expect("1> msg 1 note|one", "1> msg 2 note|two");
        dies();
        comesTo(server.b, 0).says("ack 2");
        assertThat(server.notes()).contains("one received").doesNotContain("two received");
    }

    // ---- Patterns ----

    @Test
    void findTheTopicsOfTheirPatterns() {
        Peer client = server.open();
        client.says("sub 1 orders.*");
        server.b.publish("orders.1", "one");
        client.breaks();
        server.pass(1_000);
        server.b.publish("orders.1", "two");
        server.b.publish("orders.2", "one"); // of which the client has not heard
        server.forget();
        dies();
        comesTo(server.b, 1, "\ntopic orders.1 memory-0 1");
        assertThat(server.notes())
                .containsSubsequence(welcome("2", 1), "2> at orders.1 memory-0 1", "2> pub orders.1 2|two")
                .containsSubsequence("2> at orders.2 memory-0 0", "2> pub orders.2 1|one");
        server.b.publish("orders.3", "one");
        server.expect("2> at orders.3 memory-0 0", "2> pub orders.3 1|one");
    }

    @Test
    void findNoTopicOfWhatIsNotTheirs() {
        server.open().says("sub 1 orders.*");
        server.b.publish("other", "x");
        dies();
        comesTo(server.b, 1, "\ntopic other memory-0 0");
        server.expect(welcome("2", 1), "b memory-s1 RESUMED");
    }

    @ParameterizedTest
    @CsvSource({"orders.*, >", ">, orders.*"})
    void beginWhereTheFirstOfTheirPatternsDoes(String first, String second) {
        Peer client = server.open();
        server.a.application.hold("SUBSCRIBE orders.1"); // so the client hears nothing of it
        client.says("sub 1 " + first);
        server.pass(1_000);
        server.b.publish("orders.1", "one");
        server.pass(1_000);
        client.says("sub 2 " + second);
        server.pass(1_000);
        server.b.publish("orders.1", "two");
        dies();
        comesTo(server.b, 2);
        server.expect(
                welcome("2", 2),
                "b memory-s1 RESUMED",
                "2> at orders.1 memory-0 0",
                "2> pub orders.1 1|one",
                "2> pub orders.1 2|two");
    }

    @Test
    void subscribeByNameWhenTheirPatternsAreFollowedAgain() {
        server.open().says("sub 1 orders.*", "ack 1");
        server.b.publish("orders.1", "one"); // of which the client has not heard
        dies();
        server.b.hold();
        Peer again = comesTo(server.b, 1);
        while (server.notes().stream().noneMatch(note -> note.startsWith("2> welcome"))) {
            server.b.step();
        }
        again.says("sub 2 orders.1");
        server.b.goOn();
        assertThat(server.notes())
                .containsSubsequence("2> at orders.1 memory-0 0", "2> pub orders.1 1|one")
                .contains("2> ok 2 2");
    }

    // ---- What the client has of topics ----

    @Test
    void goOnWithWhatTheirClientHasThoughItIsNotDecidedYet() {
        server.open().says("sub 1 orders.*");
        server.b.publish("orders.1", "one");
        dies();
        server.b.application.hold("SUBSCRIBE orders.1");
        comesTo(server.b, 1, "\ntopic orders.1 memory-0 0").breaks(); // it may have come, or not
        comesTo(server.b, 1, "\ntopic orders.1 memory-0 1");
        server.forget();
        server.b.application.answer("SUBSCRIBE orders.1", true);
        server.expect("3> at orders.1 memory-0 1");
    }

    @Test
    void goOnWithItThoughTheyAskForTheTopicByItsName() {
        server.open().says("sub 1 price.*");
        server.b.publish("price.a", "a1");
        dies();
        server.b.application.hold("SUBSCRIBE price.a");
        Peer again = comesTo(server.b, 1, "\ntopic price.a memory-0 1");
        server.b.publish("price.a", "a2");
        server.forget();
        again.says("sub 2 price.a");
        server.expect("2> ok 2 2", "2> at price.a memory-0 1", "2> pub price.a 2|a2");
    }

    // ---- Order, and what is not known ----

    @Test
    void publishNothingBeforeItIsKeptThatWhatCameBeforeIsRefused() {
        Peer client = server.open();
        server.a.application.deny("PUBLISH forbidden");
        server.a.hold();
        client.says("pub 1 forbidden\none", "pub 2 news\ntwo");
        assertThat(server.a.node.topicCount()).isZero();
        server.keeping().giveUp(server.a.node); // nothing of this is known to anybody
        Peer again = comesTo(server.b, 0, "");
        again.says("pub 1 news\none", "pub 2 news\ntwo", "sub 3 news from memory-0 0");
        assertThat(server.notes())
                .containsSubsequence("2> ok 1 1", "2> ok 2 2", "2> pub news 1|one", "2> pub news 2|two");
    }

    @Test
    void doNotSayThatWhatAnotherNodeMayHavePublishedWasNot() {
        Peer client = server.open();
        server.a.hold();
        client.says("pub 1 news\none");
        server.keeping().giveUp(server.a.node);
        server.b.application.hold("PUBLISH news");
        Peer again = comesTo(server.b, 0);
        again.says("pub 1 news\none");
        server.forget();
        server.b.application.fail("PUBLISH news", "unavailable");
        server.settle();
        server.expect("2> err 1 1 unknown|unavailable; another node may have published it before");
    }

    @Test
    void haveTheResultThatAHandlerGaveToANodeThatHadThemNoLonger() {
        server.a.application.hold("MESSAGE chat");
        Peer client = server.open();
        client.says("send 1 chat\nx");
        server.forget();
        server.keeping().giveUp(server.a.node);
        server.keeping().takeBack(server.a.node); // its process goes on, and its handlers
        comesTo(server.b, 0);
        server.forget();
        server.pass(ServerHarness.OPTIONS.handlerMillis());
        assertThat(server.notes()).contains("2> err 1 1 timeout|no answer in 30000 ms");
    }

    @Test
    void giveUpAMessageOfWhoseResultNothingIsHeard() {
        server.a.application.hold("MESSAGE chat");
        server.open().says("send 1 chat\nx");
        Peer again = comesTo(server.b, 0);
        server.a.stop(); // its process is there, and says nothing
        server.forget();
        server.passAlive(again, 2 * ServerHarness.OPTIONS.handlerMillis());
        assertThat(server.notes()).contains("2> err 1 1 unknown|the server that handled it does not answer");
    }

    @Test
    void areNotResumedAtANodeThatGivesThemUpMeanwhile() {
        server.open().breaks();
        server.forget();
        server.a.hold();
        comesTo(server.a, 0); // waits until that is kept
        comesTo(server.b, 0);
        server.a.goOn();
        assertThat(server.notes())
                .contains(welcome("3", 0), "2 closed 4503 a later connection has the session")
                .doesNotContain(welcome("2", 0));
    }

    @Test
    void comeBackToANodeThatHadThemBefore() {
        Peer client = server.open();
        client.says("sub 1 news");
        server.a.hold();
        client.says("unsub 2 news"); // is on its way to be kept
        comesTo(server.b, 1);
        Peer again = comesTo(server.a, 1);
        server.a.goOn();
        assertThat(server.notes()).contains("3> ok 2 2").noneMatch(line -> line.startsWith("3 closed"));
        again.says("pub 3 news\none");
        assertThat(server.notes()).contains("3> ok 3 3");
    }

    // ---- A node that is taken for dead ----

    @Test
    void areNotAnyMoreWithANodeThatWasTakenForDead() {
        Peer old = server.open();
        old.says("sub 1 news");
        server.keeping().giveUp(server.a.node);
        comesTo(server.b, 1);
        server.forget();
        old.says("pub 2 news\nghost");
        assertThat(server.notes())
                .contains("1 closed 4000 this node was taken for dead")
                .doesNotContain("1> ok 2 2");
        assertThat(server.a.node.sessionCount()).isZero();
    }

    @Test
    void areNotMixedUpWithWhatTheirNodeHadOfThemBefore() {
        server.a.application.hold("PUBLISH typing");
        server.open().says("pub 1 typing\none");
        comesTo(server.b, 0); // for which a is to give it up, which waits for the decision
        server.keeping().giveUp(server.a.node); // so b has it
        server.keeping().takeBack(server.a.node);
        server.b.hold();
        server.keeping().giveUp(server.b.node);
        comesTo(server.a, 0).says("sub 1 typing");
        server.a.application.answer("PUBLISH typing", true);
        server.settle();
        assertThat(server.notes())
                .contains(welcome("3", 0), "3> ok 1 1")
                .noneMatch(line -> line.startsWith("3> pub") || line.startsWith("3 closed"));
    }

    @Test
    void areOverWhenNobodyCameBack() {
        server.open();
        server.b.directWithReceipt(ID, "one");
        server.forget();
        dies();
        server.keeping().expireOrphans(0);
        server.settle();
        server.expect("b memory-s1 ENDED", "one lost");
        comesTo(server.b, 0);
        server.expect("b memory-s2 STARTED", "2> welcome|session memory-s2 t2|new expired" + ServerHarness.TERMS);
    }

    @Test
    void outliveANodeThatStops() {
        Peer client = server.open();
        client.says("sub 1 news");
        server.forget();
        server.a.node.stop(server.now());
        server.expect("1> retry 0", "a memory-s1 SUSPENDED", "1 closed 4003 leaving");
        comesTo(server.b, 1);
        server.expect(welcome("2", 1), "2> at news memory-0 0", "b memory-s1 RESUMED");
    }

    @Test
    void hearWhatWasSaidToTheirUserMeanwhile() {
        server.openAs("ada").says("sub 1 news");
        dies();
        server.b.node.engine().bus().toUser("ada", new UserMessage.Revoke("fired"));
        comesTo(server.b, 1);
        assertThat(server.notes()).contains("2 closed 4502 fired", "b memory-s1 ENDED");
    }

    // ---- A store that is away ----

    @Test
    void closeTheirConnectionWhenNothingCanBeKeptForLong() {
        Peer client = server.open();
        client.says("sub 1 news");
        server.forget();
        server.keeping().away(true);
        client.says("unsub 2 news");
        server.passAlive(client, 25_000);
        assertThat(server.notes()).noneMatch(line -> line.contains("closed") || line.contains("ok 2"));
        server.passAlive(client, 20_000);
        assertThat(server.notes()).contains("1 closed 4010 unavailable", "a memory-s1 SUSPENDED");
    }

    @Test
    void doNotExpireWhileNobodyCanComeBack() {
        Peer client = server.open();
        client.says("sub 1 news");
        server.keeping().away(true);
        client.says("unsub 2 news");
        client.breaks();
        server.pass(300_000);
        assertThat(server.a.node.sessionCount()).isEqualTo(1);
        server.keeping().away(false);
        server.pass(10_000);
        server.forget();
        comesTo(server.a, 1);
        server.expect(welcome("2", 2), "2> ok 2 2", "a memory-s1 RESUMED");
    }

    @Test
    void expireWhenTheStoreIsBackAndTheirClientIsNot() {
        Peer client = server.open();
        server.keeping().away(true);
        client.says("unsub 1 news");
        client.breaks();
        server.pass(300_000);
        server.keeping().away(false);
        server.pass(10_000);
        assertThat(server.a.node.sessionCount()).isEqualTo(1);
        server.pass(60_000);
        assertThat(server.notes()).contains("a memory-s1 ENDED");
    }
}
