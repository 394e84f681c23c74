package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.server.ServerHarness.Peer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("§3, §8: the life of a session")
class LifeTest {
    @RegisterExtension
    private final ServerHarness server = new ServerHarness();

    @Nested
    @DisplayName("§3.1, §3.2: hello and welcome")
    final class Hello {
        @Test
        void nobodyInParticularIsWelcome() {
            server.a.connect().says("hello");
            server.expect("1> welcome|session memory-s1 t1|new" + ServerHarness.TERMS, "a memory-s1 STARTED");
        }

        @Test
        void aUserIsNamed() {
            server.a.connect().says("hello\nauth ada\nagent page/1.0\nfeature unheard-of");
            server.expect("1> welcome|session memory-s1 t1|user ada|new" + ServerHarness.TERMS, "a memory-s1 STARTED");
        }

        @ParameterizedTest
        @CsvSource({"bad, 4501 unauthorized", "down, 4010 unavailable"})
        void whoCannotBeIdentifiedIsRefused(String token, String close) {
            server.a.connect().says("hello\nauth " + token);
            server.expect("1 closed " + close);
            assertThat(server.a.node.sessionCount()).isZero();
        }

        @Test
        void mustComeWithinTenSeconds() {
            Peer client = server.a.connect();
            server.pass(9_999);
            server.expect();
            server.pass(1);
            server.expect("1 closed 4004 no hello");
            client.says("hello");
        }

        @Test
        void anApplicationThatTakesTooLongIsAnEngineThatIsNotThere() {
            server.a.application.hold("token ada");
            server.a.connect().says("hello\nauth ada");
            server.pass(10_000);
            server.expect("1 closed 4010 timeout");
            server.a.application.admit("ada");
            assertThat(server.a.node.sessionCount()).isZero();
        }

        @Test
        void aClientThatLeftMeanwhileHasNoSession() {
            server.a.application.hold("token ada");
            Peer client = server.a.connect().says("hello\nauth ada");
            client.breaks();
            server.a.application.admit("ada");
            assertThat(server.a.node.sessionCount()).isZero();
            server.pass(100_000);
        }

        @Test
        void moreSessionsThanThereIsRoomForAreSentAway() {
            for (int i = 0; i < ServerHarness.OPTIONS.maxSessions(); i++) {
                server.open();
            }
            server.a.connect().says("hello");
            server.expect("6> retry 20000", "6 closed 4011 too many sessions");
        }

        @Test
        void moreAtATimeThanTheNodeTakesInAreToldWhenToComeAgain() {
            for (int i = 0; i < ServerHarness.OPTIONS.hellosPerSecond(); i++) {
                server.open().says("bye");
            }
            server.forget();
            server.a.connect().says("hello");
            server.a.connect().says("hello");
            server.expect(
                    "101> retry 10",
                    "101 closed 4011 too many at a time",
                    "102> retry 20",
                    "102 closed 4011 too many at a time");
        }

        @Test
        void isSaidOnceAndFirst() {
            server.a.connect().says("sub 1 news");
            server.expect("1 closed 4500 hello");
            server.a.connect().says("hello", "hello");
            server.expect(
                    "2> welcome|session memory-s1 t1|new" + ServerHarness.TERMS,
                    "a memory-s1 STARTED",
                    "2 closed 4500 hello",
                    "a memory-s1 ENDED");
        }
    }

    @Nested
    @DisplayName("§3.3: new, and why")
    final class Fresh {
        private void comesBack(String resume, String newReason) {
            server.a.connect().says("hello\nresume " + resume + " 1");
            server.expect(
                    "2> welcome|session memory-s2 t2|new " + newReason + ServerHarness.TERMS, "a memory-s2 STARTED");
        }

        @Test
        void itsWindowIsOver() {
            server.open().breaks();
            server.pass(60_000);
            server.expect("a memory-s1 SUSPENDED", "a memory-s1 ENDED");
            comesBack("memory-s1 t1 0", "expired");
        }

        @Test
        void ofAnotherServersLife() {
            server.open();
            comesBack("before-s1 t1 0", "lost");
        }

        @Test
        void withAnotherToken() {
            server.open();
            comesBack("memory-s1 guessed 0", "token");
        }

        @Test
        void withAnotherTokenOnAnotherNode() {
            server.open();
            server.b.connect().says("hello\nresume memory-s1 guessed 0 1");
            server.expect("2> welcome|session memory-s2 t2|new token" + ServerHarness.TERMS, "b memory-s2 STARTED");
        }

        @Test
        void asAnotherUser() {
            server.openAs("ada");
            server.a.connect().says("hello\nauth eve\nresume memory-s1 t1 0 1");
            server.expect(
                    "2> welcome|session memory-s2 t2|user eve|new user" + ServerHarness.TERMS, "a memory-s2 STARTED");
            assertThat(server.a.node.sessionCount()).isEqualTo(2);
        }

        @Test
        void claimsToHaveSeenWhatWasNeverSent() {
            server.open();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(
                    "1 closed 4000 the client has forgotten what it has acknowledged",
                    "a memory-s1 ENDED",
                    "2> welcome|session memory-s2 t2|new lost" + ServerHarness.TERMS,
                    "a memory-s2 STARTED");
        }
    }

    @Nested
    @DisplayName("§3.4: resumed")
    final class Resumed {
        @Test
        void goesOnWithItsOwnAuthentication() {
            server.openAs("ada").breaks();
            server.pass(59_999);
            server.expect("a memory-s1 SUSPENDED");
            server.a.connect().says("hello\nresume memory-s1 t1 0 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|user ada|resumed 0" + ServerHarness.TERMS, "a memory-s1 RESUMED");
        }

        @Test
        void hasItsWindowAnew() {
            server.open().breaks();
            server.pass(59_999);
            server.a.connect().says("hello\nresume memory-s1 t1 0 1").breaks();
            server.forget();
            server.pass(59_999);
            server.expect();
            server.pass(1);
            server.expect("a memory-s1 ENDED");
        }

        @Test
        void isRefusedWhereTheTokenDoesNotDo() {
            server.openAs("ada");
            server.a.connect().says("hello\nauth bad\nresume memory-s1 t1 0 1");
            server.expect("2 closed 4501 unauthorized");
            assertThat(server.a.node.sessionCount()).isEqualTo(1);
        }

        @Test
        void inOrderWelcomeThenDirectThenTopics() {
            Peer client = server.open();
            client.says("sub 1 news");
            server.a.publish("news", "one");
            server.a.direct("memory-s1", "hi");
            server.expect("1> ok 1 1", "1> at news memory-0 0", "1> pub news 1|one", "1> msg 2 note|hi");
            client.breaks();
            server.a.publish("news", "two");
            server.a.direct("memory-s1", "still there?");
            server.expect("a memory-s1 SUSPENDED");
            server.a.connect().says("hello\nresume memory-s1 t1 1 1\ntopic news memory-0 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                    "2> msg 2 note|hi",
                    "2> msg 3 note|still there?",
                    "2> at news memory-0 1",
                    "2> pub news 2|two",
                    "a memory-s1 RESUMED");
        }

        @Test
        void takesOverFromAConnectionThatLooksAlive() {
            Peer old = server.open();
            server.a.connect().says("hello\nresume memory-s1 t1 0 1");
            server.expect(
                    "1 closed 4503 another connection has taken the session over",
                    "2> welcome|session memory-s1 t1|resumed 0" + ServerHarness.TERMS,
                    "a memory-s1 RESUMED");
            old.says("send 1 chat\nghost", "bye");
            old.breaks();
            server.pass(15_000);
            server.expect();
        }
    }

    @Nested
    @DisplayName("§3.5: the end")
    final class End {
        @Test
        void byeEndsItAtOnce() {
            Peer client = server.open();
            client.says("bye");
            server.expect("1 closed 1000 bye", "a memory-s1 ENDED");
            assertThat(server.a.node.sessionCount()).isZero();
            client.says("send 1 chat\nlate");
            client.breaks();
            server.pass(200_000);
        }

        @Test
        void commandsBeforeByeAreHandled() {
            server.open().says("send 1 chat\nlast words", "bye");
            server.expect("a message chat last words of null", "1> ok 1 1", "1 closed 1000 bye", "a memory-s1 ENDED");
        }

        @Test
        void commandsBeforeByeAreHandledThoughOneWaitsForADecision() {
            server.a.application.hold("SEND slow");
            server.open().says("send 1 slow\none", "req 2 place\ntwo", "bye");
            server.a.direct("memory-s1", "anybody?");
            server.expect("a asks SEND slow", "1 closed 1000 bye", "a not taken");
            server.a.application.answer("SEND slow", true);
            server.expect("a message slow one of null", "a request 2 place two", "a cancelled 2", "a memory-s1 ENDED");
            assertThat(server.a.node.sessionCount()).isZero();
        }

        @Test
        void nobodyGoesOnWithASessionAfterBye() {
            server.a.application.hold("SEND slow");
            server.open().says("send 1 slow\none", "send 2 chat\ntwo", "bye");
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 0 1");
            server.expect("2> welcome|session memory-s2 t2|new expired" + ServerHarness.TERMS, "a memory-s2 STARTED");
            server.b.connect().says("hello\nresume memory-s1 t1 0 2");
            server.expect("3> welcome|session memory-s3 t3|new expired" + ServerHarness.TERMS, "b memory-s3 STARTED");
            server.a.application.answer("SEND slow", false);
            server.expect("a message chat two of null", "a memory-s1 ENDED");
        }

        @Test
        void theServerMayEndIt() {
            server.open();
            server.a.tell("memory-s1", new SessionMessage.End(4600, "banned"));
            server.expect("1 closed 4600 banned", "a memory-s1 ENDED");
            server.a.direct("memory-s1", "anybody?");
            server.expect("a not taken");
        }

        @Test
        void aNodeThatLeavesSendsItsClientsElsewhere() {
            server.open();
            server.a.node.dismissAll(500, server.now());
            server.expect("1> retry 500", "a memory-s1 SUSPENDED", "1 closed 4003 leaving");
            server.b.connect().says("hello\nresume memory-s1 t1 0 1");
            server.expect("2> welcome|session memory-s1 t1|resumed 0" + ServerHarness.TERMS, "b memory-s1 RESUMED");
        }

        @Test
        void whomANodeSendsAwayComeBackOneAfterTheOther() {
            server.open();
            server.open();
            server.a.node.dismissAll(500, server.now());
            server.expect(
                    "1> retry 500",
                    "a memory-s1 SUSPENDED",
                    "1 closed 4003 leaving",
                    "2> retry 1193",
                    "a memory-s2 SUSPENDED",
                    "2 closed 4003 leaving");
        }

        @Test
        void whatANodeThatStoppedHadIsLost() {
            server.open();
            server.a.node.stop(server.now());
            server.expect("1> retry 0", "a memory-s1 SUSPENDED", "1 closed 4003 leaving", "a memory-s1 ENDED");
            server.b.connect().says("hello\nresume memory-s1 t1 0 1");
            server.expect("2> welcome|session memory-s2 t2|new lost" + ServerHarness.TERMS, "b memory-s2 STARTED");
        }
    }

    @Nested
    @DisplayName("§8: liveness")
    final class Liveness {
        @Test
        void isAskedForAndJudged() {
            server.open();
            server.pass(19_999);
            server.expect();
            server.pass(1);
            server.expect("1> ping");
            server.pass(9_999);
            server.expect();
            server.pass(1);
            server.expect("a memory-s1 SUSPENDED", "1 closed 4001 no answer to a ping");
        }

        @Test
        void anyMessageIsASignOfLife() {
            Peer client = server.open();
            server.pass(20_000);
            for (int i = 0; i < 3; i++) {
                server.expect("1> ping");
                server.pass(9_999);
                client.says("ack 0");
                server.pass(10_001); // since the last ping nothing was sent
            }
            server.expect("1> ping");
        }

        @Test
        void isAnsweredAtOnce() {
            server.open().says("ping");
            server.expect("1> pong");
        }

        @Test
        void whoSaidHelloIsPingedFromThen() {
            Peer client = server.a.connect();
            server.pass(9_000);
            client.says("hello");
            server.forget();
            server.pass(19_999);
            server.expect();
            server.pass(1);
            server.expect("1> ping");
        }
    }
}
