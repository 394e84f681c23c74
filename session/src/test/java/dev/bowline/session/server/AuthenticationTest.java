package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.server.ServerHarness.Peer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("§9: authentication")
class AuthenticationTest {
    @RegisterExtension
    private final ServerHarness server = new ServerHarness();

    private final ScriptedApplication application = server.a.application;

    @Test
    void isAboutToEndAndEnds() {
        server.openAs("ada:18000");
        server.pass(2_999);
        server.expect();
        server.pass(1);
        server.expect("1> expiring 15000");
        server.pass(14_999);
        server.expect();
        server.pass(1);
        server.expect("1 closed 4501 the authentication has ended", "a memory-s1 ENDED");
    }

    @Test
    void thatIsShortIsAnnouncedAtOnce() {
        server.a.connect().says("hello\nauth ada:4000");
        server.forget();
        server.pass(0);
        server.expect("1> expiring 4000");
    }

    @Test
    void isRenewed() {
        Peer client = server.openAs("ada:18000");
        server.pass(10_000);
        client.says("auth 1\nada:18000");
        server.expect("1> expiring 15000", "1> ok 1 1");
        server.pass(2_999);
        server.expect();
        server.pass(1);
        server.expect("1> expiring 15000");
        client.says("auth 2\nada");
        server.expect("1> ok 2 2");
        server.pass(19_000);
        server.expect();
    }

    @Test
    void mayHoldAlmostForEver() {
        Peer client = server.openAs("ada:" + (Long.MAX_VALUE - 1));
        client.says("auth 1\nada:" + (Long.MAX_VALUE - 1));
        server.pass(19_000);
        server.expect("1> ok 1 1");
    }

    @Test
    void staysWithItsUser() {
        server.openAs("ada").says("auth 1\neve", "auth 2", "auth 3\nbad", "auth 4\nada");
        server.expect(
                "1> err 1 1 user|the token is of another user",
                "1> err 2 2 user|the token is of another user",
                "1> err 3 3 unauthorized",
                "1> ok 4 4");
        server.open().says("auth 1\neve");
        server.expect("2> err 1 1 user|the token is of another user");
    }

    @Test
    void hasAttributesUntilTheNextOne() {
        Peer client = server.openAs("ada?color=red").says("send 1 chat\nx", "auth 2\nada?color=blue", "send 3 chat\ny");
        server.expect(
                "a message chat x of ada {color=red}",
                "1> ok 1 1",
                "1> ok 2 2",
                "a message chat y of ada {color=blue}",
                "1> ok 3 3");
        client.says("auth 4\neve?color=red", "auth 5\nbad", "send 6 chat\nz", "auth 7\nada", "send 8 chat\nw");
        server.expect(
                "1> err 4 4 user|the token is of another user",
                "1> err 5 5 unauthorized",
                "a message chat z of ada {color=blue}",
                "1> ok 6 6",
                "1> ok 7 7",
                "a message chat w of ada",
                "1> ok 8 8");
    }

    @Test
    void hasTheAttributesOfAResumesToken() {
        server.openAs("ada?color=red").breaks();
        server.forget();
        Peer again = server.a.connect().says("hello\nresume memory-s1 t1 0 1");
        server.forget();
        again.says("send 1 chat\nx");
        server.expect("a message chat x of ada {color=red}", "2> ok 1 1");
        again = server.a.connect().says("hello\nauth ada?color=blue\nresume memory-s1 t1 1 2");
        server.forget();
        again.says("send 2 chat\ny");
        server.expect("a message chat y of ada {color=blue}", "3> ok 2 2");
    }

    @Test
    void withOtherAttributesEndsSubscriptionsWithoutARight() {
        Peer client =
                server.openAs("ada?r=1").says("sub 1 news", "sub 2 chat presence", "sub 3 orders.*", "sub 4 $mailbox");
        server.forget();
        application.deny("SUBSCRIBE news");
        application.deny("SEE_PRESENCE chat");
        application.deny("SUBSCRIBE orders.*");
        application.deny("SUBSCRIBE $mailbox"); // which nobody is asked about
        client.says("auth 5\nada?r=1");
        server.expect("1> ok 5 5"); // nothing has changed
        client.says("auth 6\nada?r=2");
        server.expect("1> out 6 news forbidden", "1> out 7 chat forbidden", "1> out 8 orders.* forbidden", "1> ok 9 6");
        server.a.publish("news", "x");
        server.a.publish("orders.1", "x");
        server.expect();
        server.a.sendToUser("ada", "x");
        server.expect("a stored memory-0 1", "1> pub $mailbox 1|x", "1> ping");
    }

    @Test
    void withOtherAttributesDecidesAboutThePatternsTopics() {
        Peer client = server.openAs("ada?r=1");
        application.deny("SUBSCRIBE orders.2");
        client.says("sub 1 orders.*");
        server.a.publish("orders.1", "a");
        server.a.publish("orders.2", "a");
        server.a.publish("orders.3", "a");
        server.forget();
        application.allow("SUBSCRIBE orders.2");
        application.deny("SUBSCRIBE orders.3");
        client.says("auth 2\nada?r=2");
        server.expect("1> ok 2 2");
        server.a.publish("orders.1", "b");
        server.a.publish("orders.2", "b");
        server.a.publish("orders.3", "b");
        server.expect("1> pub orders.1 2|b", "1> at orders.2 memory-0 1", "1> pub orders.2 2|b");
    }

    @Test
    void withoutADecisionKeepsWhatIsThere() {
        Peer client = server.openAs("ada?r=1").says("sub 1 news", "sub 2 chat");
        server.forget();
        application.hold("SUBSCRIBE news");
        application.hold("SUBSCRIBE chat");
        client.says("auth 3\nada?r=2");
        server.expect("a asks SUBSCRIBE news", "a asks SUBSCRIBE chat", "1> ok 3 3");
        application.fail("SUBSCRIBE news", "unavailable");
        server.passAlive(client, 30_000);
        server.a.publish("news", "x");
        server.a.publish("chat", "x");
        server.expect("1> pub news 1|x", "1> pub chat 1|x");
        application.hold("SUBSCRIBE news");
        client.says("auth 4\nada?r=3", "unsub 5 news");
        server.expect("a asks SUBSCRIBE news", "1> ok 4 4", "1> ok 5 5");
        application.answer("SUBSCRIBE news", false);
        server.expect(); // it is over
    }

    @Test
    void withOtherAttributesEndsSubscriptionsBeforeAResumeGoesOnWithThem() {
        server.openAs("ada?r=1").says("sub 1 news", "sub 2 chat").breaks();
        server.a.publish("news", "x");
        server.a.publish("chat", "x");
        application.deny("SUBSCRIBE news");
        server.forget();
        server.a.connect().says("hello\nauth ada?r=2\nresume memory-s1 t1 2 1");
        server.expect(
                "2> welcome|session memory-s1 t1|user ada|resumed 2" + ServerHarness.TERMS,
                "2> out 3 news forbidden",
                "2> at chat memory-0 0",
                "2> pub chat 1|x",
                "a memory-s1 RESUMED");
    }

    @Test
    void isOfANewSessionWhereTheOldOneHasNoRoomToSayWhatEnds() {
        server.openAs("ada?r=1").says("sub 1 news").breaks();
        server.a.direct("memory-s1", "x".repeat(1_800));
        application.deny("SUBSCRIBE news");
        server.forget();
        server.a.connect().says("hello\nauth ada?r=2\nresume memory-s1 t1 1 1");
        server.expect(
                "a memory-s1 ENDED",
                "2> welcome|session memory-s2 t2|user ada|new expired" + ServerHarness.TERMS,
                "a memory-s2 STARTED");
    }

    @Test
    void isRenewedByAResumeWithAToken() {
        server.openAs("ada:18000").breaks();
        server.forget();
        server.pass(17_000);
        server.a.connect().says("hello\nauth ada\nresume memory-s1 t1 0 1");
        server.forget();
        server.pass(19_000);
        server.expect();
    }

    @Test
    void thatEndedMeanwhileDoesNotDoForAResume() {
        server.openAs("ada:18000").breaks();
        server.pass(18_000);
        server.forget();
        server.a.connect().says("hello\nresume memory-s1 t1 0 1");
        server.expect("a memory-s1 ENDED", "2 closed 4501 the authentication has ended");
    }

    @Test
    void thatEndedMeanwhileIsRenewedByAResumeWithAToken() {
        server.openAs("ada:18000").breaks();
        server.pass(18_000);
        server.forget();
        server.a.connect().says("hello\nauth ada:18000\nresume memory-s1 t1 0 1");
        server.expect(
                "2> welcome|session memory-s1 t1|user ada|resumed 0" + ServerHarness.TERMS, "a memory-s1 RESUMED");
    }

    @Test
    void whoseNoticeWasLostWithItsConnectionIsAnnouncedAgain() {
        server.openAs("ada:18000");
        server.pass(3_000);
        server.expect("1> expiring 15000");
        server.a.connect().says("hello\nresume memory-s1 t1 0 1");
        server.forget();
        server.pass(0);
        server.expect("2> expiring 15000");
    }

    @Test
    void revocationEndsAllSessionsOfTheUser() {
        server.openAs("ada");
        server.open(server.b, "hello\nauth ada");
        server.open(server.b, "hello\nauth eve");
        server.a.node.engine().bus().toUser("ada", new UserMessage.Revoke("fired"));
        server.b.goOn();
        server.expect("1 closed 4502 fired", "a memory-s1 ENDED", "2 closed 4502 fired", "b memory-s2 ENDED");
        server.a.connect().says("hello\nresume memory-s1 t1 0 1");
        server.expect("4> welcome|session memory-s4 t4|new expired" + ServerHarness.TERMS, "a memory-s4 STARTED");
    }

    @Test
    void eachCommandMayBeRefused() {
        application.deny("SUBSCRIBE news");
        application.deny("PUBLISH news");
        application.deny("REQUEST place");
        application.deny("SEND chat");
        server.open().says("sub 1 news", "pub 2 news\nx", "req 3 place\nx", "send 4 chat\nx");
        server.expect(
                "1> err 1 1 forbidden|not allowed: SUBSCRIBE news",
                "1> err 2 2 forbidden|not allowed: PUBLISH news",
                "1> err 3 3 forbidden|not allowed: REQUEST place",
                "1> err 4 4 forbidden|not allowed: SEND chat");
    }

    @Test
    void aRefusalMayHaveItsReason() {
        application.hold("PUBLISH news");
        server.open().says("pub 1 news\nx");
        application.fail("PUBLISH news", "rate-limited");
        server.expect("a asks PUBLISH news", "1> err 1 1 rate-limited");
    }

    @Test
    void aDecisionThatDoesNotComeIsATimeout() {
        application.hold("PUBLISH news");
        Peer client = server.open();
        client.says("pub 1 news\nx", "send 2 chat\ny");
        server.passAlive(client, 29_999);
        server.expect("a asks PUBLISH news");
        server.pass(1);
        server.expect("1> err 1 1 timeout|no answer in 30000 ms", "a message chat y of null", "1> ok 2 2");
        application.answer("PUBLISH news", true);
        server.expect();
        assertThat(server.a.node.topicCount()).isZero();
    }
}
