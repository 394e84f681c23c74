package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.server.ServerHarness.Peer;
import dev.bowline.session.wire.Cursor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("§6: topics")
class TopicsTest {
    private static final String RESUMED = "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS;

    @RegisterExtension
    private final ServerHarness server = new ServerHarness();

    private final ScriptedApplication application = server.a.application;

    @Nested
    @DisplayName("§6.1, §6.2: subscribing, and from where")
    final class Subscribing {
        @Test
        void beginsWithWhatComesNext() {
            server.a.publish("news", "before");
            server.open().says("sub 1 news");
            server.a.publish("news", "after");
            server.expect("1> ok 1 1", "1> at news memory-0 1", "1> pub news 2|after");
        }

        @Test
        void beginsWithTheLast() {
            server.a.publish("news", "one", "two", "three");
            server.open().says("sub 1 news last 2");
            server.expect("1> ok 1 1", "1> at news memory-0 1", "1> pub news 2|two", "1> pub news 3|three");
            server.open().says("sub 1 news last 99");
            server.expect(
                    "2> ok 1 1",
                    "2> at news memory-0 0",
                    "2> pub news 1|one",
                    "2> pub news 2|two",
                    "2> pub news 3|three");
        }

        @Test
        void lastOfWhatIsNotKeptBeginsWithWhatIs() {
            server.a.publish("few.a", "one", "two", "three", "four");
            server.open().says("sub 1 few.a last 3");
            server.expect(
                    "1> ok 1 1",
                    "1> at few.a memory-0 1",
                    "1> gap few.a 2 2 trimmed",
                    "1> pub few.a 3|three",
                    "1> pub few.a 4|four");
        }

        @Test
        void goesOnBehindACursor() {
            server.a.publish("news", "one", "two", "three");
            server.open().says("sub 1 news from memory-0 2");
            server.expect("1> ok 1 1", "1> at news memory-0 2", "1> pub news 3|three");
        }

        @Test
        void namesWhatWasTrimmed() {
            server.a.publish("few.a", "one", "two", "three", "four");
            server.open().says("sub 1 few.a from memory-0 1");
            server.expect(
                    "1> ok 1 1",
                    "1> at few.a memory-0 1",
                    "1> gap few.a 2 2 trimmed",
                    "1> pub few.a 3|three",
                    "1> pub few.a 4|four");
        }

        @Test
        @DisplayName("of another epoch: at with the client's cursor, then reset, then what is kept")
        void tellsOfAnotherEpoch() {
            server.a.publish("few.a", "one", "two", "three");
            server.open().says("sub 1 few.a from before-7 40");
            server.expect(
                    "1> ok 1 1",
                    "1> at few.a before-7 40",
                    "1> reset few.a memory-0 1 lost",
                    "1> pub few.a 2|two",
                    "1> pub few.a 3|three");
        }

        @Test
        void tellsOfAnEndThatIsNotThereYetAsOfALoss() {
            server.a.publish("news", "one");
            server.open().says("sub 1 news from memory-0 40");
            server.expect("1> ok 1 1", "1> at news memory-0 40", "1> reset news memory-0 0 lost", "1> pub news 1|one");
        }

        @Test
        void twiceIsNoErrorAndChangesNothing() {
            Peer client = server.open();
            client.says("sub 1 news", "sub 2 news from memory-0 0 presence");
            server.a.publish("news", "one");
            server.expect("1> ok 1 1", "1> at news memory-0 0", "1> ok 2 2", "1> pub news 1|one");
        }

        @Test
        void isOfAsManyAsThereMayBe() {
            server.open().says("sub 1 t.a", "sub 2 t.b", "sub 3 t.c", "ack 3", "sub 4 t.d", "sub 5 t.e", "sub 6 t.a");
            assertThat(server.notes())
                    .contains("1> err 5 5 too-large|the session has 4 subscriptions, which is the limit", "1> ok 6 6");
        }

        @Test
        void mayBeDenied() {
            application.deny("SUBSCRIBE news");
            server.open().says("sub 1 news");
            server.a.publish("news", "one");
            server.expect("1> err 1 1 forbidden|not allowed: SUBSCRIBE news");
            assertThat(server.a.node.topicCount()).isZero();
        }

        @Test
        void isOfNoTopicOfTheProtocolsOwn() {
            server.open().says("sub 1 $private", "sub 2 $mailbox", "sub 3 $mailbox.>", "pub 4 $mailbox\nx");
            server.expect(
                    "1> err 1 1 not-found|the only topic of the protocol's own is $mailbox",
                    "1> err 2 2 unauthorized|only a user has a mailbox",
                    "1> err 3 3 not-found|the only topic of the protocol's own is $mailbox",
                    "1> err 4 4 forbidden|clients don't publish to $mailbox");
        }

        @Test
        void ends() {
            Peer client = server.open();
            client.says("sub 1 news", "unsub 2 news", "unsub 3 news");
            server.a.publish("news", "one");
            server.expect("1> ok 1 1", "1> at news memory-0 0", "1> ok 2 2", "1> ok 3 3");
            assertThat(server.a.node.topicCount()).isZero();
        }

        @Test
        void whatOnePublishesComesToAllAndToOneself() {
            Peer first = server.open();
            first.says("sub 1 news");
            Peer second = server.open(server.b, "hello");
            second.says("sub 1 news");
            server.forget();
            first.says("pub 2 news\nhello");
            server.expect("1> ok 2 2", "1> pub news 1|hello", "2> pub news 1|hello");
        }
    }

    @Nested
    @DisplayName("§6.1: patterns")
    final class Patterns {
        @Test
        void coverTopicsAsTheyGrow() {
            server.a.publish("orders.1", "before");
            server.open().says("sub 1 orders.*");
            server.expect("1> ok 1 1");
            server.a.publish("orders.1", "one");
            server.a.publish("orders.2", "two");
            server.b.publish("orders.2.x", "deeper");
            server.expect(
                    "1> at orders.1 memory-0 1",
                    "1> pub orders.1 2|one",
                    "1> at orders.2 memory-0 0",
                    "1> pub orders.2 1|two");
        }

        @Test
        void bringEachMessageOnce() {
            server.open().says("sub 1 orders.*", "sub 2 >", "sub 3 orders.1");
            server.forget();
            server.a.publish("orders.1", "one");
            server.expect("1> pub orders.1 1|one");
        }

        @Test
        void keepATopicAsLongAsOneCoversIt() {
            Peer client = server.open();
            client.says("sub 1 orders.*", "sub 2 orders.1", "unsub 3 orders.1");
            server.a.publish("orders.1", "one");
            client.says("unsub 4 orders.*");
            server.a.publish("orders.1", "two");
            server.expect(
                    "1> ok 1 1",
                    "1> ok 2 2",
                    "1> at orders.1 memory-0 0",
                    "1> ok 3 3",
                    "1> pub orders.1 1|one",
                    "1> ok 4 4");
            assertThat(server.a.node.topicCount()).isZero();
        }

        @Test
        void bringOnlyWhatTheSessionMayHave() {
            application.deny("SUBSCRIBE orders.2");
            server.open().says("sub 1 orders.*");
            server.a.publish("orders.1", "one");
            server.a.publish("orders.2", "secret");
            server.expect("1> ok 1 1", "1> at orders.1 memory-0 0", "1> pub orders.1 1|one");
        }

        @Test
        void whatWasRefusedOnceMayBeAskedForByName() {
            application.deny("SUBSCRIBE orders.2");
            application.deny("SUBSCRIBE typing.a");
            Peer client = server.open();
            client.says("sub 1 >");
            server.a.publish("orders.2", "secret");
            server.a.publish("typing.a", "secret");
            application.allow("SUBSCRIBE orders.2");
            application.allow("SUBSCRIBE typing.a");
            client.says("sub 2 orders.2", "sub 3 typing.a");
            server.a.publish("orders.2", "open");
            server.a.publish("typing.a", "open");
            server.expect(
                    "1> ok 1 1",
                    "1> ok 2 2",
                    "1> at orders.2 memory-0 1",
                    "1> ok 3 3",
                    "1> pub orders.2 2|open",
                    "1> pub typing.a -|open");
        }

        @Test
        void loseNothingWhileTheApplicationDecides() {
            application.hold("SUBSCRIBE orders.1");
            Peer client = server.open();
            client.says("sub 1 orders.*");
            server.a.publish("orders.1", "one", "two");
            server.expect("1> ok 1 1", "a asks SUBSCRIBE orders.1");
            application.answer("SUBSCRIBE orders.1", true);
            server.expect("1> at orders.1 memory-0 0", "1> pub orders.1 1|one", "1> pub orders.1 2|two");
        }

        /** A client names the topic of which its pattern has brought messages, while the application decides about that. */
        private void nameWhileTheApplicationDecides(String subscription, String... brought) {
            application.hold("SUBSCRIBE orders.1");
            Peer client = server.open();
            client.says("sub 1 orders.*");
            server.a.publish("orders.1", brought);
            server.expect("1> ok 1 1", "a asks SUBSCRIBE orders.1");
            application.allow("SUBSCRIBE orders.1");
            client.says(subscription);
        }

        @Test
        void loseNothingToASubscriptionByNameWhileTheApplicationDecides() {
            nameWhileTheApplicationDecides("sub 2 orders.1", "one", "two");
            server.expect("1> ok 2 2", "1> at orders.1 memory-0 0", "1> pub orders.1 1|one", "1> pub orders.1 2|two");
            application.answer("SUBSCRIBE orders.1", false); // too late
            server.a.publish("orders.1", "three");
            server.expect("1> pub orders.1 3|three");
        }

        @Test
        void whatIsAskedForByNameMayBeginEarlierThanWhatTheyBrought() {
            server.a.publish("orders.1", "before", "before");
            nameWhileTheApplicationDecides("sub 2 orders.1 last 2", "one");
            server.expect(
                    "1> ok 2 2", "1> at orders.1 memory-0 1", "1> pub orders.1 2|before", "1> pub orders.1 3|one");
        }

        @Test
        void whatIsAskedForByNameDoesNotBeginLaterThanWhatTheyBrought() {
            nameWhileTheApplicationDecides("sub 2 orders.1 from memory-0 1", "one", "two");
            server.expect("1> ok 2 2", "1> at orders.1 memory-0 0", "1> pub orders.1 1|one", "1> pub orders.1 2|two");
        }

        @Test
        void goOnAfterAResumeEvenWhereTheTopicBeganMeanwhile() {
            Peer client = server.open();
            client.says("sub 1 orders.*");
            server.a.publish("orders.1", "one");
            client.breaks();
            server.a.publish("orders.1", "two");
            server.a.publish("orders.2", "first");
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1\ntopic orders.1 memory-0 1");
            server.expect(
                    RESUMED,
                    "2> at orders.1 memory-0 1",
                    "2> pub orders.1 2|two",
                    "2> at orders.2 memory-0 0",
                    "2> pub orders.2 1|first",
                    "a memory-s1 RESUMED");
        }

        @Test
        void doNotCoverMailboxes() {
            server.openAs("ada").says("sub 1 >");
            server.b.sendToUser("ada", "private");
            server.expect("1> ok 1 1", "b stored memory-0 1");
        }
    }

    @Nested
    @DisplayName("§6.2: after a resume")
    final class Resumed {
        @Test
        void namesWhatWasTrimmed() {
            server.open().says("sub 1 few.a").breaks();
            server.a.publish("few.a", "one", "two", "three");
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(
                    RESUMED,
                    "2> at few.a memory-0 0",
                    "2> gap few.a 1 1 trimmed",
                    "2> pub few.a 2|two",
                    "2> pub few.a 3|three",
                    "a memory-s1 RESUMED");
        }

        @Test
        void withoutACursorBeginsWhereTheSubscriptionDid() {
            server.a.publish("news", "before");
            Peer client = server.open();
            client.says("sub 1 news");
            server.a.publish("news", "one");
            client.breaks();
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(RESUMED, "2> at news memory-0 1", "2> pub news 2|one", "a memory-s1 RESUMED");
        }

        @Test
        void tellsOfAnotherEpoch() {
            server.open().says("sub 1 news").breaks();
            server.a.publish("news", "one");
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1\ntopic news before-1 7");
            server.expect(
                    RESUMED,
                    "2> at news before-1 7",
                    "2> reset news memory-0 0 lost",
                    "2> pub news 1|one",
                    "a memory-s1 RESUMED");
        }

        @Test
        void ignoresCursorsOfWhatItIsNotSubscribedTo() {
            server.open().says("sub 1 news").breaks();
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1\ntopic other memory-0 7\ntopic news memory-0 0");
            server.expect(RESUMED, "2> at news memory-0 0", "a memory-s1 RESUMED");
        }
    }

    @Nested
    @DisplayName("§6.3: slow subscribers")
    final class Slow {
        @Test
        void areSentAwayAndComeBackToTheLog() {
            Peer client = server.open();
            client.says("sub 1 news");
            client.hasRoomFor(1);
            server.a.publish("news", "one", "two", "three");
            server.expect("1> ok 1 1", "1> at news memory-0 0", "1> pub news 1|one");
            server.pass(4_999);
            server.expect();
            server.pass(1);
            server.expect("a memory-s1 SUSPENDED", "1 closed 4002 too slow");
            server.a.connect().says("hello\nresume memory-s1 t1 1 1\ntopic news memory-0 1");
            server.expect(
                    RESUMED,
                    "2> at news memory-0 1",
                    "2> pub news 2|two",
                    "2> pub news 3|three",
                    "a memory-s1 RESUMED");
        }

        @Test
        void areForgivenWhenTheyCatchUp() {
            Peer client = server.open();
            client.says("sub 1 news");
            client.hasRoomFor(0);
            server.a.publish("news", "one");
            server.pass(4_000);
            client.hasRoomFor(9);
            server.a.publish("news", "two");
            server.pass(10_000);
            server.expect("1> ok 1 1", "1> at news memory-0 0", "1> pub news 1|one", "1> pub news 2|two");
        }

        @Test
        void doNotHoldUpOthers() {
            Peer slow = server.open();
            slow.says("sub 1 news");
            server.open().says("sub 1 news");
            server.forget();
            slow.hasRoomFor(0);
            server.a.publish("news", "one");
            server.a.direct("memory-s1", "exempt");
            server.expect("2> pub news 1|one", "1> msg 2 note|exempt");
            slow.hasRoomFor(9);
            server.expect("1> pub news 1|one");
        }

        @Test
        void miss() {
            Peer client = server.open();
            client.says("sub 1 drop.a");
            client.hasRoomFor(1);
            server.a.publish("drop.a", "one", "two", "three", "four", "five");
            server.forget();
            client.hasRoomFor(9);
            server.a.publish("drop.a", "six");
            server.expect(
                    "1> gap drop.a 2 3 dropped", "1> pub drop.a 4|four", "1> pub drop.a 5|five", "1> pub drop.a 6|six");
        }

        @Test
        @DisplayName("who misses messages is not sent away besides")
        void areTreatedInOneWay() {
            Peer client = server.open();
            client.says("sub 1 drop.a", "sub 2 price.a");
            client.hasRoomFor(0);
            server.a.publish("drop.a", "one", "two");
            server.a.publish("price.a", "a1", "a2");
            server.forget();
            server.passAlive(client, 30_000);
            server.expect();
            client.hasRoomFor(9);
            server.expect(
                    "1> pub drop.a 1|one",
                    "1> pub drop.a 2|two",
                    "1> gap price.a 1 1 conflated",
                    "1> pub price.a 2|a2");
        }

        @Test
        void getTheLatestOfEachKey() {
            Peer client = server.open();
            client.says("sub 1 price.a");
            client.hasRoomFor(0);
            server.a.publish("price.a", "a1", "b1", "a2", "c1", "a3");
            server.forget();
            client.hasRoomFor(1);
            server.expect("1> gap price.a 1 1 conflated", "1> pub price.a 2|b1");
            server.a.publish("price.a", "c2");
            client.hasRoomFor(9);
            server.a.publish("price.a", "c3");
            server.expect(
                    "1> gap price.a 3 4 conflated",
                    "1> pub price.a 5|a3",
                    "1> pub price.a 6|c2",
                    "1> pub price.a 7|c3");
        }
    }

    @Nested
    @DisplayName("§6.3: conflation of more than can be read at a time")
    final class Conflated {
        @Test
        void goesPartByPart() {
            String large = "x".repeat(400_000); // of which two are read at a time
            Peer client = server.open();
            client.says("sub 1 price.a");
            client.hasRoomFor(0);
            server.a.publish("price.a", "a" + large, "a" + large, "b" + large, "a" + large, "b" + large, "b" + large);
            server.forget();
            client.hasRoomFor(9);
            assertThat(server.notes())
                    .extracting(line -> line.substring(0, Math.min(line.length(), 20)))
                    .containsExactly(
                            "1> gap price.a 1 1 c", "1> pub price.a 2|axx",
                            "1> pub price.a 3|bxx", "1> pub price.a 4|axx",
                            "1> gap price.a 5 5 c", "1> pub price.a 6|bxx");
            server.a.publish("price.a", "a");
            server.expect("1> pub price.a 7|a");
        }
    }

    @Nested
    @DisplayName("§6.4: the mailbox")
    final class Mailbox {
        @Test
        void comesToAllDevicesOfTheUser() {
            server.openAs("ada").says("sub 1 $mailbox");
            server.open(server.b, "hello\nauth ada").says("sub 1 $mailbox last 5");
            server.open(server.b, "hello\nauth eve").says("sub 1 $mailbox");
            server.forget();
            server.a.sendToUser("ada", "hello");
            assertThat(server.notes())
                    .containsExactlyInAnyOrder(
                            "a stored memory-0 1",
                            "1> pub $mailbox 1|hello",
                            "1> ping",
                            "2> pub $mailbox 1|hello",
                            "2> ping");
        }

        @Test
        void keepsWhatCameWhileNobodyWasThere() {
            server.a.sendToUser("ada", "hello");
            server.expect("a stored memory-0 1", "a offline ada memory-0 1 hello");
            server.openAs("ada").says("sub 1 $mailbox last 10");
            server.expect("1> ok 1 1", "1> at $mailbox memory-0 0", "1> pub $mailbox 1|hello", "1> ping");
        }

        @Test
        void aDeviceThatIsSuspendedIsNotConnected() {
            server.openAs("ada").breaks();
            server.forget();
            server.b.sendToUser("ada", "hello");
            server.expect("b stored memory-0 1", "b offline ada memory-0 1 hello");
        }

        @Test
        void readMarksAreTold() {
            Peer phone = server.openAs("ada");
            phone.says("sub 1 $mailbox");
            Peer page = server.open(server.b, "hello\nauth ada");
            page.says("sub 1 $mailbox");
            server.forget();
            phone.says("read 2 7");
            server.expect("1> ok 2 2", "1> msg 3 $read|7", "2> msg 2 $read|7");
            page.says("read 2 3");
            server.expect("2> ok 3 2", "1> msg 4 $read|7", "2> msg 4 $read|7");
        }

        @Test
        void whoComesLaterIsToldOfTheReadMark() {
            server.openAs("ada").says("read 1 7");
            server.open(server.b, "hello\nauth ada").says("sub 1 $mailbox");
            server.expect("2> ok 1 1", "2> at $mailbox memory-0 0", "2> msg 2 $read|7");
        }

        @Test
        void nobodyReadsWithoutAUser() {
            server.open().says("read 1 7");
            server.expect("1> err 1 1 unauthorized|only a user has a mailbox");
        }

        @Test
        void aPongTellsWhatWasReceived() {
            Peer client = server.openAs("ada");
            client.says("sub 1 $mailbox");
            server.a.sendToUser("ada", "one");
            server.a.sendToUser("ada", "two");
            whenReceived(1);
            whenReceived(2);
            server.expect(
                    "1> ok 1 1",
                    "1> at $mailbox memory-0 0",
                    "a stored memory-0 1",
                    "1> pub $mailbox 1|one",
                    "1> ping",
                    "a stored memory-0 2",
                    "1> pub $mailbox 2|two");
            client.says("pong");
            server.expect("1> ping", "received 1");
            client.says("pong");
            server.expect("received 2");
        }

        @Test
        void aResumeTellsWhatWasReceived() {
            server.openAs("ada").says("sub 1 $mailbox").breaks();
            server.a.sendToUser("ada", "one");
            whenReceived(1);
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1\ntopic $mailbox memory-0 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|user ada|resumed 1" + ServerHarness.TERMS,
                    "2> at $mailbox memory-0 1",
                    "a memory-s1 RESUMED",
                    "received 1");
        }

        private void whenReceived(long offset) {
            server.b
                    .node
                    .engine()
                    .sessions()
                    .whenReceived("ada", new Cursor("memory-0", offset), () -> server.note("received " + offset));
        }
    }

    @Nested
    @DisplayName("§6.5: presence")
    final class Presence {
        @Test
        void isToldToWhoAsked() {
            Peer ada = server.openAs("ada");
            ada.says("sub 1 room presence");
            server.expect("1> ok 1 1", "1> at room memory-0 0", "1> here room|user ada");
            Peer eve = server.open(server.b, "hello\nauth eve");
            eve.says("sub 1 room");
            server.expect("2> ok 1 1", "2> at room memory-0 0", "1> join room eve");
            eve.says("unsub 2 room");
            server.expect("2> ok 2 2", "1> leave room eve");
        }

        @Test
        void isOfUsersHoweverManyDevicesTheyHave() {
            server.openAs("ada").says("sub 1 room presence");
            Peer phone = server.openAs("eve");
            Peer page = server.open(server.b, "hello\nauth eve");
            server.forget();
            phone.says("sub 1 room");
            page.says("sub 1 room");
            phone.says("bye");
            assertThat(server.notes()).contains("1> join room eve").doesNotContain("1> leave room eve");
            page.says("bye");
            assertThat(server.notes()).contains("1> leave room eve");
        }

        @Test
        void aTunnelIsNoLeave() {
            server.openAs("ada").says("sub 1 room presence");
            Peer eve = server.openAs("eve");
            eve.says("sub 1 room");
            server.forget();
            eve.breaks();
            server.expect("a memory-s2 SUSPENDED");
            server.b.connect().says("hello\nresume memory-s2 t2 1 1");
            assertThat(server.notes()).noneMatch(line -> line.startsWith("1> "));
        }

        @Test
        void whoStaysAwayHasLeft() {
            Peer ada = server.openAs("ada");
            ada.says("sub 1 room presence");
            Peer eve = server.openAs("eve");
            eve.says("sub 1 room");
            eve.breaks();
            server.forget();
            server.passAlive(ada, 60_000);
            server.expect("a memory-s2 ENDED", "1> leave room eve");
        }

        @Test
        void isToldAgainAfterAResume() {
            server.openAs("ada").says("sub 1 room presence").breaks();
            server.openAs("eve").says("sub 1 room");
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(
                    "3> welcome|session memory-s1 t1|user ada|resumed 1" + ServerHarness.TERMS,
                    "3> at room memory-0 0",
                    "3> here room|user ada|user eve",
                    "a memory-s1 RESUMED");
        }

        @Test
        void mayBeDenied() {
            application.deny("SEE_PRESENCE room");
            server.openAs("ada").says("sub 1 room presence", "sub 2 > presence", "sub 3 $mailbox presence");
            server.expect(
                    "1> err 1 1 forbidden|not allowed: SEE_PRESENCE room",
                    "1> err 2 2 bad-request|presence is of a topic; neither of a pattern nor of a mailbox",
                    "1> err 3 3 bad-request|presence is of a topic; neither of a pattern nor of a mailbox");
        }
    }

    @Nested
    @DisplayName("§6.6: topics without a log")
    final class Unlogged {
        @Test
        void areHeardByWhoIsThere() {
            Peer client = server.open();
            client.says("sub 1 typing.a", "sub 2 typing.*", "pub 3 typing.a\nada");
            server.b.publish("typing.b", "eve");
            server.expect("1> ok 1 1", "1> ok 2 2", "1> ok 3 3", "1> pub typing.a -|ada", "1> pub typing.b -|eve");
            client.breaks();
            server.b.publish("typing.a", "eve");
            server.a.connect().says("hello\nresume memory-s1 t1 3 1");
            server.b.publish("typing.a", "still");
            server.expect(
                    "a memory-s1 SUSPENDED",
                    "2> welcome|session memory-s1 t1|resumed 3" + ServerHarness.TERMS,
                    "a memory-s1 RESUMED",
                    "2> pub typing.a -|still");
        }

        @Test
        void areMissedByWhoIsTooSlow() {
            Peer client = server.open();
            client.says("sub 1 typing.a");
            client.hasRoomFor(0);
            server.a.publish("typing.a", "missed");
            client.hasRoomFor(9);
            server.a.publish("typing.a", "heard");
            server.pass(10_000);
            server.expect("1> ok 1 1", "1> pub typing.a -|heard");
        }

        @Test
        void haveNoPastToBeginWith() {
            server.open().says("sub 1 typing.a last 1", "sub 2 typing.a from memory-0 0");
            server.expect(
                    "1> err 1 1 bad-request|typing.a keeps no log; it begins with what comes next",
                    "1> err 2 2 bad-request|typing.a keeps no log; it begins with what comes next");
        }
    }

    @Nested
    @DisplayName("how many topics a session may have")
    final class Many {
        private void publish(String prefix, int from, int to) {
            for (int i = from; i <= to; i++) {
                server.a.publish(prefix + i, "x");
            }
        }

        @Test
        void aPatternThatBringsMoreEnds() {
            server.open().says("sub 1 a.*", "sub 2 a.1");
            publish("a.", 1, 6);
            server.forget();
            publish("a.", 7, 8);
            server.expect("1> out 3 a.* too-large");
            assertThat(server.a.node.topicCount()).isEqualTo(1);
            server.a.publish("a.1", "still here");
            server.expect("1> pub a.1 2|still here");
        }

        @Test
        void thatIsTheOneThatBringsTheMost() {
            server.open().says("sub 1 b.*", "sub 2 >", "sub 3 a.*");
            publish("b.", 1, 1);
            publish("c.", 1, 4);
            publish("a.", 1, 1);
            server.forget();
            server.a.publish("b.2", "x");
            server.expect("1> out 4 > too-large", "1> at b.2 memory-0 0", "1> pub b.2 1|x");
            assertThat(server.a.node.topicCount()).isEqualTo(3);
        }

        @Test
        void oneMoreByNameIsRefused() {
            Peer client = server.open();
            client.says("sub 1 a.*");
            publish("a.", 1, 6);
            server.forget();
            client.says("sub 2 news", "sub 3 a.1", "unsub 4 a.*", "sub 5 news");
            server.expect(
                    "1> err 2 2 too-large|the session has 6 topics, which is the limit",
                    "1> ok 3 3",
                    "1> ok 4 4",
                    "1> ok 5 5",
                    "1> at news memory-0 0");
        }

        @Test
        void whoIsAwayHearsOfIt() {
            server.open().says("sub 1 a.*").breaks();
            publish("a.", 1, 9);
            server.forget();
            server.a.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                    "2> out 2 a.* too-large",
                    "a memory-s1 RESUMED");
        }
    }

    @Nested
    @DisplayName("§9: subscriptions that the server ends")
    final class ServerEnded {
        private void unsubscribe(String pattern, String code) {
            server.a.tell("memory-s1", new SessionMessage.Unsubscribe(pattern, code));
        }

        @Test
        void receiveNothingMore() {
            Peer client = server.open();
            client.says("sub 1 news", "sub 2 other");
            server.forget();
            unsubscribe("news", "forbidden");
            server.a.publish("news", "one");
            server.a.publish("other", "one");
            server.expect("1> out 3 news forbidden", "1> pub other 1|one");
            client.says("sub 3 news");
            server.expect("1> ok 4 3", "1> at news memory-0 1");
        }

        @Test
        void areNamedAsTheClientNamedThem() {
            server.open().says("sub 1 orders.*");
            server.forget();
            unsubscribe("orders.1", "forbidden");
            unsubscribe(">", "forbidden");
            server.expect("a not taken", "a not taken");
            unsubscribe("orders.*", "orders.closed");
            unsubscribe("orders.*", "orders.closed");
            server.expect("1> out 2 orders.* orders.closed", "a not taken");
        }

        @Test
        void leaveWhatAnotherOneCovers() {
            server.open().says("sub 1 orders.*", "sub 2 orders.1");
            server.forget();
            unsubscribe("orders.1", "forbidden");
            server.a.publish("orders.1", "one");
            server.expect("1> out 3 orders.1 forbidden", "1> pub orders.1 1|one");
        }

        @Test
        void areToldToWhoWasAway() {
            server.open().says("sub 1 news").breaks();
            server.forget();
            unsubscribe("news", "forbidden");
            server.a.publish("news", "one");
            server.b.connect().says("hello\nresume memory-s1 t1 1 1");
            server.expect(
                    "2> welcome|session memory-s1 t1|resumed 1" + ServerHarness.TERMS,
                    "2> out 2 news forbidden",
                    "b memory-s1 RESUMED");
            assertThat(server.b.node.topicCount()).isZero();
        }

        @Test
        void areThoseOfAllOfAUsersSessions() {
            server.openAs("ada").says("sub 1 room presence");
            server.open(server.b, "hello\nauth ada").says("sub 1 room");
            Peer eve = server.openAs("eve");
            eve.says("sub 1 room presence");
            server.forget();
            server.a
                    .node
                    .engine()
                    .bus()
                    .toUser("ada", new UserMessage.Unsubscribe(new SessionMessage.Unsubscribe("room", "forbidden")));
            server.b.goOn();
            server.expect("1> out 2 room forbidden", "2> out 2 room forbidden", "3> leave room ada");
        }
    }
}
