package dev.bowline.session.server;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.server.ServerHarness.Peer;
import dev.bowline.session.wire.Payload;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("§4, §5, §7: commands, the direct log, streams")
class CommandsTest {
    private static final String ID = "memory-s1";

    @RegisterExtension
    private final ServerHarness server = new ServerHarness();

    private final ScriptedApplication application = server.a.application;

    private Peer comesBack(long seen, long handled) {
        Peer peer = server.a.connect().says("hello\nresume " + ID + " t1 " + seen + " 1");
        String welcome = server.notes().stream()
                .filter(line -> line.contains("welcome"))
                .findFirst()
                .orElse("no welcome");
        if (!welcome.contains("|resumed " + handled + "|")) {
            throw new AssertionError(welcome);
        }
        return peer;
    }

    @Nested
    @DisplayName("§4.1: numbers")
    final class Numbers {
        @Test
        void whatCameBeforeIsIgnored() {
            Peer client = server.open();
            client.says("send 1 chat\none", "send 1 chat\none", "send 2 chat\ntwo", "send 1 chat\nwhatever");
            server.expect("a message chat one of null", "1> ok 1 1", "a message chat two of null", "1> ok 2 2");
        }

        @Test
        void aHoleIsAViolation() {
            server.open().says("send 2 chat\ntwo");
            server.expect("1 closed 4500 number", "a memory-s1 ENDED");
        }

        @Test
        void whatWasHandledIsNotHandledAgainAfterAResume() {
            Peer client = server.open();
            client.says("send 1 chat\none");
            client.breaks();
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 0 1", "send 1 chat\none", "send 2 chat\ntwo");
            server.expect(
                    "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                    "2> ok 1 1",
                    "a memory-s1 RESUMED",
                    "a message chat two of null",
                    "2> ok 2 2");
        }

        @Test
        void areHandledInOrderThoughOneWaitsForADecision() {
            application.hold("PUBLISH news");
            Peer client = server.open();
            client.says("pub 1 news\none", "send 2 chat\ntwo");
            server.expect("a asks PUBLISH news");
            application.answer("PUBLISH news", true);
            server.expect("1> ok 1 1", "a message chat two of null", "1> ok 2 2");
        }

        @Test
        void haveTheirResultsThoughTheConnectionBroke() {
            application.hold("PUBLISH news");
            server.open().says("pub 1 news\none", "send 2 chat\ntwo").breaks();
            application.answer("PUBLISH news", true);
            server.expect("a asks PUBLISH news", "a memory-s1 SUSPENDED", "a message chat two of null");
            server.a.connect().says("hello\nresume memory-s1 t1 0 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|resumed 2" + ServerHarness.TERMS,
                    "2> ok 1 1",
                    "2> ok 2 2",
                    "a memory-s1 RESUMED");
        }
    }

    @Nested
    @DisplayName("§4.2: results")
    final class Results {
        @Test
        void comeInAnyOrder() {
            server.open().says("req 1 slow\nx", "req 2 quick\ny");
            server.expect("a request 1 slow x", "a request 2 quick y");
            server.a.respond(ID, 2, "Y");
            server.a.respond(ID, 1, "X");
            server.expect("1> res 1 2|Y", "1> res 2 1|X");
        }

        @Test
        void areOneEach() {
            server.open().says("req 1 place\nx");
            server.a.respond(ID, 1, "placed");
            server.a.respond(ID, 1, "placed again");
            server.a.tell(ID, new SessionMessage.Fail(1, new Failure("orders.sold-out", "")));
            server.expect("a request 1 place x", "1> res 1 1|placed", "a not taken", "a not taken");
        }

        @Test
        void mayBeRefusals() {
            server.open().says("req 1 place\nx");
            server.a.tell(ID, new SessionMessage.Fail(1, new Failure("orders.sold-out", "none left")));
            server.expect("a request 1 place x", "1> err 1 1 orders.sold-out|none left");
        }

        @Test
        void anAnswerToWhatIsNoRequestIsNotTaken() {
            application.hold("MESSAGE chat");
            server.open().says("send 1 chat\none");
            server.a.respond(ID, 1, "x");
            application.answer("MESSAGE chat", true);
            server.expect("a message chat one of null", "a asks MESSAGE chat", "a not taken", "1> ok 1 1");
        }

        @Test
        void aMessageThatNobodyTakesIsNotFound() {
            application.deny("MESSAGE chat");
            server.open().says("send 1 chat\none");
            server.expect("a message chat one of null", "1> err 1 1 not-found|nobody takes chat");
        }

        @Test
        void cancelGivesUpWhatIsOpen() {
            server.open().says("req 1 place\nx", "cancel 1", "cancel 1", "cancel 77");
            server.expect("a request 1 place x", "1> err 1 1 cancelled", "a cancelled 1");
            server.a.respond(ID, 1, "late");
            server.expect("a not taken");
        }

        @Test
        void cancelGivesUpWhatIsNotDecided() {
            application.hold("REQUEST place");
            server.open().says("req 1 place\nx", "send 2 chat\ny", "cancel 1", "cancel 2");
            server.expect("a asks REQUEST place");
            application.answer("REQUEST place", true);
            server.expect("1> err 1 1 cancelled", "a message chat y of null", "1> ok 2 2");
        }

        @Test
        void anApplicationThatTakesTooLongHasTimedOut() {
            Peer client = server.open();
            client.says("req 1 place\nx");
            server.pass(20_000);
            client.says("pong");
            server.pass(9_999);
            server.expect("a request 1 place x", "1> ping");
            server.pass(1);
            server.expect("1> err 1 1 timeout|no answer in 30000 ms", "a cancelled 1");
        }

        @Test
        void anOpenRequestOfASessionThatEndsIsCancelled() {
            server.open().says("req 1 place\nx", "bye");
            server.expect("a request 1 place x", "1 closed 1000 bye", "a cancelled 1", "a memory-s1 ENDED");
        }
    }

    @Nested
    @DisplayName("§4.3: limits")
    final class Limits {
        @Test
        void ofTheirNumber() {
            Peer client = server.open();
            client.says("req 1 r", "req 2 r", "req 3 r");
            server.a.respond(ID, 2, "");
            client.says("req 4 r");
            server.forget();
            client.says("req 4 r"); // it came before
            server.expect();
            client.says("req 5 r");
            server.expect(
                    "1 closed 4500 too-many-pending",
                    "a cancelled 1",
                    "a cancelled 3",
                    "a cancelled 4",
                    "a memory-s1 ENDED");
        }

        @Test
        void ofTheirBytes() {
            Peer client = server.open();
            client.says("req 1 r\n" + "x".repeat(700)); // a single one may be larger
            server.a.respond(ID, 1, "");
            client.says("req 2 r\n" + "x".repeat(400));
            server.forget();
            client.says("req 3 r\n" + "x".repeat(90));
            server.expect("1 closed 4500 too-many-pending", "a cancelled 2", "a memory-s1 ENDED");
        }

        @Test
        void ofOneMessage() {
            server.open().says("send 1 chat\n" + "x".repeat(988)); // 1,000 bytes
            server.forget();
            server.open().says("send 1 chat\n" + "x".repeat(989));
            server.expect("2 closed 4500 too-big", "a memory-s2 ENDED");
        }
    }

    @Nested
    @DisplayName("§5: the direct log")
    final class Direct {
        @Test
        void keepsWhatIsNotAcknowledged() {
            Peer client = server.open();
            server.a.direct(ID, "one");
            server.a.direct(ID, "two");
            server.a.direct(ID, "three");
            client.says("ack 2");
            client.breaks();
            server.a.direct(ID, "four");
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 2 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|resumed 0" + ServerHarness.TERMS,
                    "2> msg 3 note|three",
                    "2> msg 4 note|four",
                    "a memory-s1 RESUMED");
        }

        @Test
        void trimsWhatTheHelloHasSeen() {
            Peer client = server.open();
            server.a.directWithReceipt(ID, "one");
            server.a.directWithReceipt(ID, "two");
            client.breaks();
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|resumed 0" + ServerHarness.TERMS,
                    "2> msg 2 note|two",
                    "one received",
                    "a memory-s1 RESUMED");
        }

        @Test
        void givesReceipts() {
            Peer client = server.open();
            server.a.directWithReceipt(ID, "one");
            server.a.directWithReceipt(ID, "two");
            client.says("ack 1", "ack 1", "bye");
            server.expect(
                    "1> msg 1 note|one",
                    "1> msg 2 note|two",
                    "one received",
                    "1 closed 1000 bye",
                    "two lost",
                    "a memory-s1 ENDED");
        }

        @Test
        void doesNotKnowWhatTheClientHasForgotten() {
            Peer client = server.open();
            server.a.direct(ID, "one");
            server.a.direct(ID, "two");
            client.says("ack 2");
            client.breaks();
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(
                    "a memory-s1 ENDED",
                    "2> welcome|session memory-s2 t2|new lost" + ServerHarness.TERMS,
                    "a memory-s2 STARTED");
        }

        @Test
        void anAcknowledgementOfWhatWasNotSentIsAViolation() {
            server.open().says("ack 1");
            server.expect("1 closed 4500 number", "a memory-s1 ENDED");
        }

        @Test
        void isBounded() {
            server.open();
            server.a.direct(ID, "x".repeat(1_500));
            server.forget();
            server.a.directWithReceipt(ID, "y".repeat(500));
            server.expect("1 closed 4007 more than 2000 bytes are unacknowledged", "a memory-s1 ENDED", "a not taken");
            server.a.connect().says("hello\nresume memory-s1 t1 0 1");
            server.expect("2> welcome|session memory-s2 t2|new expired" + ServerHarness.TERMS, "a memory-s2 STARTED");
        }

        @Test
        void takesOneMessageOfAnySize() {
            server.open();
            server.a.direct(ID, "x".repeat(5_000));
            server.expect("1> msg 1 note|" + "x".repeat(5_000));
        }
    }

    @Nested
    @DisplayName("§7: streams")
    final class Streams {
        @Test
        void haveNoMorePartsThanTheirCredit() {
            Peer client = server.open();
            client.says("req 1 tail stream 2\nx");
            server.a.part(ID, 1, "one", "two", "three", "four");
            server.expect("a request 1 tail x stream", "1> part 1 1|one", "1> part 2 1|two");
            client.says("more 1 3", "more 1 3", "more 1 2");
            server.expect("1> part 3 1|three");
            server.a.finish(ID, 1);
            server.expect();
            client.says("more 1 9");
            server.expect("1> part 4 1|four", "1> end 5 1");
        }

        @Test
        void endAtOnceWhereNothingWaits() {
            server.open().says("req 1 tail stream 0\nx");
            server.a.finish(ID, 1);
            server.a.part(ID, 1, "late");
            server.expect("a request 1 tail x stream", "1> end 1 1", "a not taken");
        }

        @Test
        void mayBeAnsweredAtOnce() {
            server.open().says("req 1 tail stream 5\nx");
            server.a.respond(ID, 1, "all");
            server.expect("a request 1 tail x stream", "1> res 1 1|all");
        }

        @Test
        void areAskedFor() {
            server.open().says("req 1 place\nx");
            server.a.part(ID, 1, "one");
            server.expect("a request 1 place x", "a not taken");
        }

        @Test
        void areReadyWhenCreditComes() {
            Peer client = server.open();
            client.says("req 1 tail stream 1\nx");
            server.a.part(ID, 1, "one");
            server.expect("a request 1 tail x stream", "1> part 1 1|one");
            client.says("more 1 2");
            server.expect("a ready 1");
        }

        @Test
        void mayBeFedWheneverTheyAreReady() {
            Peer client = server.open();
            client.says("req 1 tail stream 0\nx");
            application.whenReady(() -> server.a.part(ID, 1, "part"));
            client.says("more 1 2");
            server.expect("a request 1 tail x stream", "a ready 1", "1> part 1 1|part");
        }

        @Test
        void areNotTooLateWhileTheyWaitForTheirClient() {
            Peer client = server.open();
            client.says("req 1 tail stream 0\nx");
            server.passAlive(client, 60_000);
            server.a.part(ID, 1, "one");
            server.passAlive(client, 60_000);
            client.says("more 1 2");
            server.expect("a request 1 tail x stream", "1> part 1 1|one", "a ready 1");
            server.passAlive(client, 29_999);
            server.expect();
            server.pass(1);
            server.expect("1> err 2 1 timeout|no answer in 30000 ms", "a cancelled 1");
        }

        @Test
        void goOnAfterAResume() {
            Peer client = server.open();
            client.says("req 1 tail stream 1\nx");
            server.a.part(ID, 1, "one", "two");
            client.breaks();
            Peer again = comesBack(1, 1);
            again.says("more 1 1");
            server.expect();
            again.says("more 1 2");
            server.expect("2> part 2 1|two");
        }

        @Test
        void areCancelled() {
            Peer client = server.open();
            client.says("req 1 tail stream 1\nx");
            server.a.part(ID, 1, "one", "two");
            client.says("cancel 1", "more 1 5");
            server.a.part(ID, 1, "three");
            server.expect(
                    "a request 1 tail x stream",
                    "1> part 1 1|one",
                    "1> err 2 1 cancelled",
                    "a cancelled 1",
                    "a not taken");
        }

        @Test
        void waitForRoomInTheDirectLog() {
            Peer client = server.open();
            client.says("req 1 tail stream 9\nx");
            server.a.part(ID, 1, "x".repeat(1_000), "two", "three");
            server.expect("a request 1 tail x stream", "1> part 1 1|" + "x".repeat(1_000));
            client.says("ack 1");
            server.expect("1> part 2 1|two", "1> part 3 1|three", "a ready 1");
        }

        @Test
        void thatWaitedForRoomFollowWhatAResumeRepeats() {
            Peer client = server.open();
            client.says("req 1 tail stream 9\nx");
            server.a.part(ID, 1, "x".repeat(400), "y".repeat(400), "z".repeat(400), "last");
            client.breaks();
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                    "2> part 2 1|" + "y".repeat(400),
                    "2> part 3 1|" + "z".repeat(400),
                    "2> part 4 1|last",
                    "a memory-s1 RESUMED");
        }

        @Test
        void comeOnceHoweverOftenTheyAreSaid() {
            server.open().says("req 1 tail stream 9\nx");
            server.expect("a request 1 tail x stream");
            server.a.tell(ID, new SessionMessage.Part(1, 1, Payload.text("one")));
            server.a.tell(ID, new SessionMessage.Part(1, 1, Payload.text("one")));
            server.expect("1> part 1 1|one");
        }

        @Test
        void comeNeitherBeforeThoseThatComeFirstNorBehindTheEnd() {
            server.open().says("req 1 tail stream 9\nx");
            server.expect("a request 1 tail x stream");
            server.a.tell(ID, new SessionMessage.Part(1, 2, Payload.text("two")));
            server.expect("a not taken");
            server.a.assure(ID, new SessionMessage.Finish(1, 1));
            server.expect();
            server.a.tell(ID, new SessionMessage.Part(1, 1, Payload.text("one")));
            server.expect("1> part 1 1|one");
            server.pass(1_000);
            server.expect("1> end 2 1", "a taken");
        }

        @Test
        void mayNotPileUp() {
            server.open().says("req 1 tail stream 0\nx");
            String large = "x".repeat(200_000);
            server.a.part(ID, 1, large);
            server.expect("a request 1 tail x stream");
            server.a.tell(ID, new SessionMessage.Part(1, 2, Payload.text(large)));
            server.expect("a not taken");
        }
    }
}
