package dev.bowline.session.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSessionTest {
    private static final Start NOW = new Start.Now();

    @RegisterExtension
    private final ClientHarness client = new ClientHarness();

    private final ClientSession session = client.session();

    private Pending publish(String text) {
        return session.publish("news", Payload.text(text), client.listener(text));
    }

    @Nested
    @DisplayName("§3: life")
    final class Life {
        @Test
        void saysHelloAndIsWelcomed() {
            session.start(client.now());
            client.expect("CONNECTING", "connect");
            session.connected(client.now());
            client.expect("GREETING", "> hello|auth secret|agent test/1");
            client.comes("welcome\nsession s t\nuser ada\nnew" + ClientHarness.TERMS);
            client.expect("OPEN", "welcome s ada new");
        }

        @Test
        void resumesWithAllThatItHasSeen() {
            client.open();
            client.comes("at news e 4");
            session.subscribe("news", NOW, false, client.listener("sub"));
            client.expect("> sub 1 news");
            client.comes("at news e 4");
            client.comes("ok 1 1");
            client.comes("pub news 5\nfive");
            client.expect("sub Done[]", "topic news 5 five");
            assertThat(client.reconnect()).isEqualTo("> hello|auth secret|resume s t 1 1|topic news e 5|agent test/1");
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.comes("at news e 5");
            client.comes("pub news 6\nsix");
            client.expect("OPEN", "welcome s null resumed", "topic news 6 six");
        }

        @Test
        void anAttemptThatDoesNotEndIsGivenUp() {
            session.start(client.now());
            client.pass(9_999);
            client.expect("CONNECTING", "connect");
            client.pass(1);
            client.expect("close 4001 no connection within 10000 ms", "WAITING");
            session.connected(client.now());
            client.pass(998);
            client.expect();
            client.pass(1);
            client.expect("CONNECTING", "connect");
        }

        @Test
        void aServerThatGreetsNobodyIsLeft() {
            session.start(client.now());
            session.connected(client.now());
            client.expect("CONNECTING", "connect", "GREETING", "> hello|auth secret|agent test/1");
            client.pass(9_999);
            client.expect();
            client.pass(1);
            client.expect("close 4001 no welcome within 10000 ms", "WAITING");
        }

        @ParameterizedTest
        @ValueSource(ints = {1000, 1002, 1008, 4500, 4503, 4999})
        void someCodesAreTheEnd(int code) {
            session.subscribe("orders", NOW, false, client.listener("sub"));
            client.open();
            client.comes("ok 1 1");
            client.expect("sub Done[]");
            publish("a");
            publish("b");
            publish("c");
            publish("d");
            client.expect("> pub 2 news|a", "> pub 3 news|b", "> pub 4 news|c");
            session.disconnected(code, "", client.now());
            String why = "the session has ended: " + code;
            client.expect(
                    "ENDED",
                    "a Unknown[reason=" + why + "]",
                    "b Unknown[reason=" + why + "]",
                    "c Unknown[reason=" + why + "]",
                    "d NotSent[reason=" + why + "]",
                    "ended " + code + " ");
            assertThat(session.deadlineMillis()).isEqualTo(ClientSession.NEVER);
            publish("late");
            session.unsubscribe("orders", client.listener("un"));
            client.expect("late NotSent[reason=the session has ended]", "un NotSent[reason=the session has ended]");
        }

        @ParameterizedTest
        @ValueSource(ints = {1001, 1005, 1006, 1011, 1012, 4000, 4007, 4499})
        void othersAreNot(int code) {
            client.open();
            session.disconnected(code, "", client.now());
            client.expect("WAITING");
            client.pass(999);
            client.expect("CONNECTING", "connect");
        }

        @Test
        void whatRefusesConnectionsEndsIt() {
            session.start(client.now());
            publish("a");
            session.refused("404", client.now());
            client.expect(
                    "CONNECTING",
                    "connect",
                    "ENDED",
                    "a NotSent[reason=the session has ended: 1006 404]",
                    "ended 1006 404");
            session.refused("404", client.now());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "CONNECTING",
                    "GREETING",
                    "OPEN",
                    "welcome s ada new",
                    "sub Done[]",
                    "topic news 5 five",
                    "direct hi x",
                    "ai part one",
                    "ai Done[]",
                    "WAITING",
                    "welcome s null resumed",
                    "welcome s2 ada new lost",
                    "a Unknown[reason=the session is new: lost]"
                })
        void byeFromWithinACallbackIsTheLastOfIt(String callback) {
            client.within(callback, () -> session.bye(client.now()));
            session.subscribe("news", NOW, false, client.listener("sub"));
            session.start(client.now());
            session.connected(client.now());
            client.comes("welcome\nsession s t\nuser ada\nnew" + ClientHarness.TERMS);
            client.comes("ok 1 1");
            client.comes("at news e 4");
            client.comes("pub news 5\nfive");
            for (int n = 2; n <= 33; n++) {
                client.comes("msg " + n + " hi\nx");
            }
            session.stream("ai", Payload.NONE, 1, client.listener("ai"));
            client.comes("part 34 2\none");
            publish("a");
            publish("b");
            publish("c");
            client.comes("end 35 2");
            session.disconnected(1006, "", client.now());
            session.hint(client.now());
            session.connected(client.now());
            client.comes("welcome\nsession s t\nresumed 2" + ClientHarness.TERMS);
            session.disconnected(1006, "", client.now());
            publish("old");
            session.hint(client.now());
            session.connected(client.now());
            client.comes("welcome\nsession s2 t\nuser ada\nnew lost" + ClientHarness.TERMS);
            session.disconnected(4000, "", client.now());
            session.hint(client.now());

            List<String> noted = client.drain();
            int last = noted.lastIndexOf(callback);
            List<String> after = new ArrayList<>(noted.subList(last + 1, noted.size()));
            after.removeIf(line -> line.contains(" NotSent[") || line.contains(" Unknown["));
            assertThat(after)
                    .isSubsetOf("> bye", "close 1000 bye", "ENDED", "ended 1000 bye")
                    .endsWith("ENDED", "ended 1000 bye");
            assertThat(session.deadlineMillis()).isEqualTo(ClientSession.NEVER);
            assertThat(session.outboxBytes()).isZero();
        }

        @Test
        void byeEndsIt() {
            client.open();
            session.bye(client.now());
            client.expect("> bye", "close 1000 bye", "ENDED", "ended 1000 bye");
            session.bye(client.now());
        }
    }

    @Nested
    @DisplayName("§4: commands")
    final class Commands {
        @Test
        void areNumberedAndHaveTheirResultsInAnyOrder() {
            client.open();
            session.request("place", Payload.text("x"), client.listener("place"));
            publish("a");
            session.send("hi", Payload.NONE, client.listener("hi"));
            client.expect("> req 1 place|x", "> pub 2 news|a", "> send 3 hi");
            client.comes("ok 1 3");
            client.comes("err 2 2 forbidden\nnot you");
            client.comes("res 3 1\nplaced");
            client.expect(
                    "hi Done[]", "a Refused[code=forbidden, text=not you]", "place Answered[payload=6 bytes of text]");
        }

        @Test
        void waitForASession() {
            publish("early");
            session.start(client.now());
            session.connected(client.now());
            client.comes("welcome\nsession s t\nnew" + ClientHarness.TERMS);
            client.expect(
                    "CONNECTING",
                    "connect",
                    "GREETING",
                    "> hello|auth secret|agent test/1",
                    "OPEN",
                    "welcome s null new",
                    "> pub 1 news|early");
        }

        @Test
        void noMoreAreSentThanTheServerTakes() {
            client.open();
            publish("a");
            publish("b");
            publish("c");
            publish("d");
            client.expect("> pub 1 news|a", "> pub 2 news|b", "> pub 3 news|c");
            client.comes("ok 1 2");
            client.expect("b Done[]", "> pub 4 news|d");
        }

        @Test
        void noMoreBytesAreSentThanTheServerTakes() {
            client.open();
            publish("a".repeat(300));
            publish("b".repeat(300));
            client.expect("> pub 1 news|" + "a".repeat(300));
            client.comes("ok 1 1");
            client.expect("a".repeat(300) + " Done[]", "> pub 2 news|" + "b".repeat(300));
        }

        @Test
        void whatWasNotHandledIsSentAgainWithItsNumber() {
            client.open();
            publish("a");
            publish("b");
            publish("c");
            publish("d");
            client.expect("> pub 1 news|a", "> pub 2 news|b", "> pub 3 news|c");
            client.reconnect();
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.expect("> pub 2 news|b", "> pub 3 news|c", "OPEN", "welcome s null resumed");
            client.comes("ok 1 1");
            client.comes("ok 2 2");
            client.expect("a Done[]", "> pub 4 news|d", "b Done[]");
        }

        @ParameterizedTest
        @ValueSource(strings = {"OPEN", "welcome s null resumed"})
        void whatIsAddedWhenTheSessionGoesOnComesBehindWhatIsSentAgain(String callback) {
            client.open();
            publish("a");
            publish("b");
            client.reconnect();
            client.within(callback, () -> publish("c"));
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            assertThat(client.drain())
                    .containsSubsequence("> pub 2 news|b", "OPEN", "> pub 3 news|c")
                    .contains("welcome s null resumed")
                    .hasSize(4);
        }

        @ParameterizedTest
        @ValueSource(strings = {"OPEN", "welcome s2 null new lost", "a Unknown[reason=the session is new: lost]"})
        void whatIsAddedWhenTheSessionIsNewComesBehindWhatIsRestored(String callback) {
            client.open();
            session.subscribe("orders", NOW, false, client.listener("sub"));
            publish("a");
            client.comes("ok 1 1");
            client.reconnect();
            publish("b");
            client.within(callback, () -> publish("c"));
            client.comes("welcome\nsession s2 t2\nnew lost" + ClientHarness.TERMS);
            assertThat(client.drain())
                    .containsSubsequence("OPEN", "> sub 1 orders", "> pub 2 news|b", "> pub 3 news|c")
                    .containsSubsequence(
                            "OPEN", "welcome s2 null new lost", "a Unknown[reason=the session is new: lost]")
                    .hasSize(6);
        }

        @Test
        void aNewSessionLeavesWhatWasSentUnknownAndSendsTheRest() {
            client.open();
            publish("a");
            publish("b");
            publish("c");
            publish("d");
            client.expect("> pub 1 news|a", "> pub 2 news|b", "> pub 3 news|c");
            client.reconnect();
            client.comes("welcome\nsession s2 t2\nnew expired" + ClientHarness.TERMS);
            client.expect(
                    "OPEN",
                    "welcome s2 null new expired",
                    "a Unknown[reason=the session is new: expired]",
                    "b Unknown[reason=the session is new: expired]",
                    "c Unknown[reason=the session is new: expired]",
                    "> pub 1 news|d");
        }

        @Test
        void theOutboxIsBounded() {
            publish("a".repeat(1_900));
            publish("b".repeat(100));
            client.expect(
                    "b".repeat(100) + " NotSent[reason=the outbox is full: 1968 of 2000 bytes wait for their results]");
            assertThat(session.outboxBytes()).isEqualTo(1_968);
        }

        @Test
        void whatEndsSomethingIsTakenHoweverFullTheOutboxIs() {
            client.open();
            session.subscribe("news", NOW, false, client.listener("sub"));
            client.comes("ok 1 1");
            Pending stream = session.stream("ai", Payload.NONE, 1, client.listener("ai"));
            client.expect("> sub 1 news", "sub Done[]", "> req 2 ai stream 1");
            publish("a".repeat(900)); // of 500 that may be outstanding, so it waits
            publish("b".repeat(830));
            publish("c");
            client.expect("c NotSent[reason=the outbox is full: 1932 of 2000 bytes wait for their results]");
            session.unsubscribe("news", client.listener("un"));
            session.cancel(stream);
            session.cancel(stream);
            client.expect("> cancel 2"); // what waits may wait for the stream's end
            client.comes("err 2 2 cancelled");
            client.comes("ok 3 3");
            client.comes("ok 4 4");
            assertThat(client.drain())
                    .containsSubsequence("> pub 3 news|" + "a".repeat(900), "> unsub 5 news")
                    .hasSize(6);
        }

        @Test
        void aRequestOfTheOldSessionIsNotCancelledInTheNewOne() {
            client.open();
            Pending request = session.request("place", Payload.NONE, client.listener("place"));
            client.expect("> req 1 place");
            client.reconnect();
            session.cancel(request);
            publish("a");
            client.comes("welcome\nsession s2 t2\nnew lost" + ClientHarness.TERMS);
            client.expect(
                    "OPEN",
                    "welcome s2 null new lost",
                    "place Unknown[reason=the session is new: lost]",
                    "> pub 1 news|a");
        }

        @Test
        void whatIsLargerThanAllThatMayBeOutstandingIsSentAlone() {
            client.open();
            String large = "b".repeat(700); // of 500
            publish("a");
            publish(large);
            publish("c");
            client.expect("> pub 1 news|a");
            client.comes("ok 1 1");
            client.expect("a Done[]", "> pub 2 news|" + large);
            client.reconnect();
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.expect("> pub 2 news|" + large, "OPEN", "welcome s null resumed");
            client.comes("ok 2 2");
            client.expect(large + " Done[]", "> pub 3 news|c");
        }

        @Test
        void whatTheServerWouldNotTakeIsNotSent() {
            client.open();
            publish("a".repeat(1_000));
            client.expect(
                    "a".repeat(1_000) + " NotSent[reason=the message has up to 1068 bytes, the server takes 1000]");
        }

        @Test
        void norWhatWaitedBeforeTheServerHadSaidHowMuchItTakes() {
            publish("a".repeat(1_000));
            publish("b");
            session.start(client.now());
            session.connected(client.now());
            client.comes("welcome\nsession s t\nnew" + ClientHarness.TERMS);
            client.expect(
                    "CONNECTING",
                    "connect",
                    "GREETING",
                    "> hello|auth secret|agent test/1",
                    "OPEN",
                    "welcome s null new",
                    "a".repeat(1_000) + " NotSent[reason=the message has up to 1068 bytes, the server takes 1000]",
                    "> pub 1 news|b");
        }

        @Test
        void whatCannotBeSentIsTheCallersMistake() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.publish("a b", Payload.NONE, client.listener("x")));
        }
    }

    @Nested
    @DisplayName("§5: the direct log")
    final class DirectLog {
        @Test
        void whatCameBeforeIsIgnored() {
            client.open();
            client.comes("msg 1 hi\na");
            client.comes("msg 1 hi\na");
            client.comes("msg 2 hi\nb");
            client.expect("direct hi a", "direct hi b");
        }

        @Test
        void aHoleIsAViolation() {
            client.open();
            client.comes("msg 2 hi\nb");
            client.expect("close 4500 number", "WAITING");
            client.pass(999);
            session.connected(client.now());
            client.comes("welcome\nsession s2 t2\nnew" + ClientHarness.TERMS);
            client.expect(
                    "CONNECTING",
                    "connect",
                    "GREETING",
                    "> hello|auth secret|agent test/1",
                    "OPEN",
                    "welcome s2 null new violation by the server: direct message 2 after 0");
        }

        @Test
        void isAcknowledgedByTime() {
            client.open();
            client.comes("msg 1 hi\na");
            client.pass(500);
            client.comes("msg 2 hi\nb");
            client.pass(499);
            client.expect("direct hi a", "direct hi b");
            client.pass(1);
            client.expect("> ack 2");
        }

        @Test
        void isAcknowledgedByNumberOnceItWasHandedOver() {
            client.open();
            for (int n = 1; n <= 32; n++) {
                client.comes("msg " + n + " hi\nx");
                client.expect(n < 32 ? new String[] {"direct hi x"} : new String[] {"direct hi x", "> ack 32"});
            }
        }

        @Test
        void isAcknowledgedBySize() {
            client.open();
            client.comes("msg 1 hi\n" + "é".repeat(32_768));
            assertThat(client.drain()).hasSize(2).endsWith("> ack 1");
        }

        @Test
        void isAcknowledgedByHelloAndAnewInANewSession() {
            client.open();
            client.comes("msg 1 hi\na");
            client.expect("direct hi a");
            assertThat(client.reconnect()).isEqualTo("> hello|auth secret|resume s t 1 1|agent test/1");
            client.comes("welcome\nsession s t\nresumed 0" + ClientHarness.TERMS);
            client.pass(2_000);
            client.expect("OPEN", "welcome s null resumed");
            client.comes("msg 2 hi\nb");
            client.pass(1_000);
            client.expect("direct hi b", "> ack 2");
            client.reconnect();
            client.comes("welcome\nsession s2 t2\nnew lost" + ClientHarness.TERMS);
            client.comes("msg 1 hi\na");
            client.pass(1_000);
            client.expect("OPEN", "welcome s2 null new lost", "direct hi a", "> ack 1");
        }

        @Test
        void aResultThatIsNotDueIsAViolation() {
            client.open();
            client.comes("ok 1 1");
            client.expect("close 4500 number", "WAITING");
        }
    }

    @Nested
    @DisplayName("§6: topics")
    final class Topics {
        private void subscribed() {
            client.open();
            session.subscribe("news", NOW, true, client.listener("sub"));
            client.comes("at news e 4");
            client.comes("ok 1 1");
            client.expect("> sub 1 news presence", "sub Done[]");
        }

        @Test
        void gapsAreTold() {
            subscribed();
            client.comes("pub news 5\nfive");
            client.comes("gap news 6 8 dropped");
            client.comes("pub news 9\nnine");
            client.expect("topic news 5 five", "gap news 6-8 dropped", "topic news 9 nine");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "pub news 6\nx",
                    "pub news 4\nx",
                    "gap news 6 7 dropped",
                    "at news e 5",
                    "at news f 5",
                    "at news f 3"
                })
        void anOffsetThatDoesNotFollowIsAViolation(String message) {
            subscribed();
            client.comes(message);
            client.expect("close 4500 number", "WAITING");
        }

        @Test
        void anotherEpochAtTheSameOffsetIsTheSameLogUnderAnotherName() {
            subscribed();
            client.comes("pub news 5\nfive");
            client.comes("at news f 5");
            client.comes("pub news 6\nsix");
            client.comes("at news g 6");
            client.expect("topic news 5 five", "topic news 6 six");
            assertThat(client.reconnect()).contains("|topic news g 6");
        }

        @Test
        void aTopicGoesOnInAnotherEpochAfterAResume() {
            subscribed();
            client.reconnect();
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.comes("at news e 4");
            client.comes("at news f 4");
            client.comes("pub news 5\nfive");
            client.expect("OPEN", "welcome s null resumed", "topic news 5 five");
        }

        @Test
        void aResetBeginsElsewhere() {
            subscribed();
            client.comes("reset news f 100 lost");
            client.comes("pub news 101\nx");
            client.expect("reset news lost", "topic news 101 x");
        }

        @Test
        void whatKeepsNoLogHasNoOffsets() {
            subscribed();
            client.comes("pub news -\nx");
            client.comes("pub other -\nx");
            client.expect("topic news 0 x");
        }

        @Test
        void whatIsOnItsWayWhenASubscriptionEndsIsIgnored() {
            subscribed();
            session.unsubscribe("news", client.listener("unsub"));
            session.subscribe("news", NOW, false, client.listener("again"));
            client.expect("> unsub 2 news", "> sub 3 news");
            client.comes("pub news 5\nfive");
            client.comes("ok 2 2");
            client.comes("at news e 9");
            client.comes("ok 3 3");
            client.comes("pub news 10\nten");
            client.expect("unsub Done[]", "again Done[]", "topic news 10 ten");
        }

        @Test
        void aNewSessionGoesOnFromTheCursors() {
            subscribed();
            session.subscribe("orders.*", NOW, false, client.listener("orders"));
            client.expect("> sub 2 orders.*");
            client.comes("ok 2 2");
            client.comes("at orders.1 g 0");
            client.comes("pub orders.1 1\nx");
            client.expect("orders Done[]", "topic orders.1 1 x");
            client.reconnect();
            client.comes(
                    "welcome\nsession s2 t2\nnew lost\nwindow 1\nping 20000\ngrace 10000\nmax-message 1000\nmax-pending 9 900");
            client.expect(
                    "OPEN",
                    "welcome s2 null new lost",
                    "> sub 1 news from e 4 presence",
                    "> sub 2 orders.1 from g 1",
                    "> sub 3 orders.*",
                    "> unsub 4 orders.1");
            client.comes("at orders.1 g 1");
            client.comes("pub orders.1 2\ny");
            client.expect("topic orders.1 2 y");
        }

        /** Subscribed to "orders.*", and one message of "orders.1" came. */
        private void coveredByAPattern() {
            client.open();
            session.subscribe("orders.*", NOW, false, client.listener("orders"));
            client.comes("ok 1 1");
            client.comes("at orders.1 g 0");
            client.comes("pub orders.1 1\nx");
            client.expect("> sub 1 orders.*", "orders Done[]", "topic orders.1 1 x");
        }

        private void lostInFavourOfANewSession() {
            client.reconnect();
            client.comes("welcome\nsession s2 t2\nnew lost\nwindow 1\nping 20000\ngrace 10000\nmax-message 1000"
                    + "\nmax-pending 9 900");
        }

        @Test
        void aTopicOfTwoPatternsIsBridgedOnce() {
            coveredByAPattern();
            session.subscribe(">", NOW, false, client.listener("all"));
            client.comes("ok 2 2");
            client.expect("> sub 2 >", "all Done[]");
            lostInFavourOfANewSession();
            client.expect(
                    "OPEN",
                    "welcome s2 null new lost",
                    "> sub 1 orders.1 from g 1",
                    "> sub 2 orders.*",
                    "> sub 3 >",
                    "> unsub 4 orders.1");
        }

        @Test
        void aTopicThatIsWantedByNameTooComesBeforeThePatternAndIsKept() {
            coveredByAPattern();
            session.subscribe("orders.1", NOW, false, client.listener("one"));
            client.comes("ok 2 2");
            client.expect("> sub 2 orders.1", "one Done[]");
            lostInFavourOfANewSession();
            client.expect("OPEN", "welcome s2 null new lost", "> sub 1 orders.1 from g 1", "> sub 2 orders.*");
        }

        @Test
        void whatCanNoLongerBeReachedOfAPatternIsTold() {
            coveredByAPattern();
            lostInFavourOfANewSession();
            client.comes("err 1 1 unavailable");
            client.comes("ok 2 2");
            client.comes("at orders.1 h 7");
            client.comes("pub orders.1 8\ny");
            client.comes("ok 3 3");
            client.expect(
                    "OPEN",
                    "welcome s2 null new lost",
                    "> sub 1 orders.1 from g 1",
                    "> sub 2 orders.*",
                    "> unsub 3 orders.1",
                    "reset orders.1 unavailable",
                    "topic orders.1 8 y");
        }

        @Test
        void aBridgeAnswersNobodyWhoGaveTheTopicUp() {
            coveredByAPattern();
            session.subscribe("orders.1", NOW, false, client.listener("one"));
            session.unsubscribe("orders.1", client.listener("un"));
            client.expect("> sub 2 orders.1", "> unsub 3 orders.1");
            lostInFavourOfANewSession();
            client.expect(
                    "OPEN",
                    "welcome s2 null new lost",
                    "one NotSent[reason=unsubscribed meanwhile]",
                    "un Done[]",
                    "> sub 1 orders.1 from g 1",
                    "> sub 2 orders.*",
                    "> unsub 3 orders.1");
            client.comes("ok 1 1");
        }

        @Test
        void isSaidOnceHoweverOftenItChangedMeanwhile() {
            session.subscribe("news", new Start.Last(3), false, client.listener("first"));
            session.unsubscribe("news", client.listener("un"));
            session.subscribe("news", new Start.Last(2), false, client.listener("second"));
            session.subscribe("old", NOW, false, client.listener("old"));
            session.unsubscribe("old", client.listener("unold"));
            publish("a");
            session.start(client.now());
            session.connected(client.now());
            client.comes("welcome\nsession s t\nnew" + ClientHarness.TERMS);
            client.expect(
                    "CONNECTING",
                    "connect",
                    "GREETING",
                    "> hello|auth secret|agent test/1",
                    "OPEN",
                    "welcome s null new",
                    "old NotSent[reason=unsubscribed meanwhile]",
                    "un Done[]",
                    "unold Done[]",
                    "> sub 1 news last 2",
                    "> pub 2 news|a");
            client.comes("ok 1 1");
            client.comes("ok 2 2");
            client.expect("first Done[]", "second Done[]", "a Done[]");
        }

        @Test
        void aNewSessionAnswersWhatTheOldOneDidNot() {
            client.open();
            session.subscribe("news", NOW, false, client.listener("sub"));
            client.expect("> sub 1 news");
            client.reconnect();
            client.comes("welcome\nsession s2 t2\nnew lost" + ClientHarness.TERMS);
            client.expect("OPEN", "welcome s2 null new lost", "> sub 1 news");
            client.comes("err 1 1 forbidden");
            client.expect("out news forbidden", "sub Refused[code=forbidden, text=]");
        }

        @Test
        void aRefusalEndsIt() {
            client.open();
            session.subscribe("secret", NOW, false, client.listener("sub"));
            client.comes("err 1 1 forbidden");
            client.expect("> sub 1 secret", "out secret forbidden", "sub Refused[code=forbidden, text=]");
            client.reconnect();
            client.comes("welcome\nsession s2 t2\nnew lost" + ClientHarness.TERMS);
            client.expect("OPEN", "welcome s2 null new lost");
        }

        @Test
        void aRefusalLeavesNoPlaceWhereNothingElseWentOn() {
            subscribed();
            session.subscribe(">", NOW, false, client.listener("all"));
            client.comes("ok 2 2");
            session.unsubscribe("news", client.listener("un"));
            session.subscribe("news", NOW, false, client.listener("again"));
            session.unsubscribe(">", client.listener("unall"));
            session.subscribe(">", NOW, false, client.listener("allagain"));
            client.comes("ok 3 3");
            client.comes("err 4 4 timeout"); // so nothing covers it from the end of ">" on
            client.comes("ok 5 5");
            client.comes("ok 6 6");
            client.comes("at news e 9");
            client.comes("pub news 10\nten");
            client.expect(
                    "> sub 2 >",
                    "all Done[]",
                    "> unsub 3 news",
                    "> sub 4 news",
                    "> unsub 5 >",
                    "un Done[]",
                    "> sub 6 >",
                    "out news timeout",
                    "again Refused[code=timeout, text=]",
                    "unall Done[]",
                    "allagain Done[]",
                    "topic news 10 ten");
        }

        @Test
        void whereTheServerEndsItTheTopicGoesOnByWhatHasItsResult() {
            subscribed();
            session.subscribe("*", NOW, false, client.listener("all"));
            client.comes("ok 2 2");
            client.comes("out 3 news forbidden");
            client.comes("pub news 5\nfive");
            client.expect("> sub 2 *", "all Done[]", "out news forbidden", "topic news 5 five");
        }

        @Test
        void andBeginsAnewByWhatHasNoneYet() {
            subscribed();
            session.subscribe("*", NOW, false, client.listener("all"));
            client.comes("out 2 news forbidden");
            client.comes("ok 3 2");
            client.comes("at news e 6");
            client.comes("pub news 7\nseven");
            client.expect("> sub 2 *", "out news forbidden", "all Done[]", "topic news 7 seven");
        }

        @Test
        void orGoesOnByABridge() {
            coveredByAPattern();
            session.subscribe("*.1", NOW, false, client.listener("ones"));
            client.comes("ok 2 2");
            client.expect("> sub 2 *.1", "ones Done[]");
            lostInFavourOfANewSession();
            client.comes("ok 1 1");
            client.comes("at orders.1 g 1");
            client.comes("ok 2 2");
            client.comes("out 3 orders.* forbidden");
            client.comes("pub orders.1 2\ny");
            client.comes("ok 4 3");
            client.comes("ok 5 4");
            client.comes("pub orders.1 3\nz");
            client.expect(
                    "OPEN",
                    "welcome s2 null new lost",
                    "> sub 1 orders.1 from g 1",
                    "> sub 2 orders.*",
                    "> sub 3 *.1",
                    "> unsub 4 orders.1",
                    "out orders.* forbidden",
                    "topic orders.1 2 y",
                    "topic orders.1 3 z");
        }

        @Test
        void theServerMayEndIt() {
            subscribed();
            client.comes("out 2 news forbidden");
            client.comes("pub news 5\nx");
            client.expect("out news forbidden");
        }

        @Test
        void theEndOfASubscriptionIsNotThatOfTheOneBehindIt() {
            subscribed();
            session.unsubscribe("news", client.listener("un"));
            session.subscribe("news", NOW, false, client.listener("again"));
            client.comes("out 2 news forbidden"); // the server has ended it before it had heard any of that
            client.comes("ok 3 2");
            client.comes("ok 4 3");
            client.comes("at news e 7");
            client.comes("pub news 8\nx");
            client.expect("> unsub 2 news", "> sub 3 news", "un Done[]", "again Done[]", "topic news 8 x");
            client.comes("out 5 news forbidden");
            client.expect("out news forbidden");
        }

        @Test
        void whatTheServerHasEndedCarriesNoTopicOn() {
            client.open();
            session.subscribe("*.a", NOW, false, client.listener("first"));
            session.subscribe("news.*", NOW, false, client.listener("second"));
            client.comes("ok 1 1");
            client.comes("ok 2 2");
            session.unsubscribe("*.a", client.listener("un"));
            session.subscribe("*.a", NOW, false, client.listener("again"));
            session.unsubscribe("news.*", client.listener("un"));
            client.drain();
            client.comes("out 3 news.* too-large"); // the server has heard nothing of that yet
            client.comes("at news.a e 0");
            client.comes("pub news.a 1\nx");
            client.comes("ok 4 3");
            client.comes("ok 5 4");
            client.comes("at news.a e 1");
            client.comes("pub news.a 2\ny");
            client.comes("ok 6 5");
            client.expect("un Done[]", "again Done[]", "topic news.a 2 y", "un Done[]");
        }

        @Test
        void anEndBeforeAnotherOneCarriesTheTopicOnIsALoss() {
            client.open();
            session.subscribe("news", NOW, false, client.listener("by name"));
            client.comes("ok 1 1");
            client.comes("at news e 4");
            session.subscribe(">", NOW, false, client.listener("all"));
            session.unsubscribe("news", client.listener("un"));
            client.drain();
            client.comes("out 2 news forbidden"); // before the pattern is in effect
            client.comes("ok 3 2");
            client.comes("ok 4 3");
            client.comes("at news e 7");
            client.comes("pub news 8\nx");
            client.expect("reset news forbidden", "all Done[]", "un Done[]", "topic news 8 x");
        }

        @Test
        void norInANewSessionThatOfTheOneThatIsRestored() {
            subscribed();
            lostInFavourOfANewSession();
            client.comes("out 1 news forbidden");
            client.expect("OPEN", "welcome s2 null new lost", "> sub 1 news from e 4 presence");
            client.comes("ok 2 1");
            client.comes("out 3 news forbidden");
            client.expect("out news forbidden");
        }

        @Test
        void whatTheServerStillHasOfASubscriptionThatEndedMeanwhileIsIgnored() {
            subscribed();
            client.comes("pub news 5\nfive");
            session.disconnected(1006, "", client.now());
            session.unsubscribe("news", client.listener("un"));
            session.subscribe("news", NOW, false, client.listener("again"));
            session.hint(client.now());
            client.expect("topic news 5 five", "WAITING", "CONNECTING", "connect");
            session.connected(client.now());
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.expect(
                    "GREETING",
                    "> hello|auth secret|resume s t 1 1|agent test/1",
                    "OPEN",
                    "welcome s null resumed",
                    "> unsub 2 news",
                    "> sub 3 news");
            client.comes("at news e 2");
            client.comes("here news\nuser ada");
            client.comes("gap news 3 3 trimmed");
            client.comes("pub news 4\nfour");
            client.comes("join news eve");
            client.comes("leave news eve");
            client.comes("reset news f 6 lost");
            client.comes("ok 2 2");
            client.comes("ok 3 3");
            client.comes("at news f 9");
            client.comes("pub news 10\nten");
            client.expect("un Done[]", "again Done[]", "topic news 10 ten");
        }

        @Test
        void presenceIsTold() {
            subscribed();
            client.comes("here news\nuser ada\nuser bob");
            client.comes("join news eve");
            client.comes("leave news bob");
            client.expect("present news [ada, bob]", "joined news eve", "left news bob");
        }
    }

    @Nested
    @DisplayName("§3.1: cursors that a hello has no room for")
    final class CursorsLeftOut {
        private String topic(int i) {
            return "t" + i + "." + "x".repeat(240);
        }

        /** Of 300 topics there are two messages each, and of the second there is a third one. */
        private void leavesOut() {
            client.open();
            session.subscribe(">", NOW, false, client.listener("all"));
            client.comes("ok 1 1");
            for (int i = 0; i < 300; i++) {
                client.comes("at " + topic(i) + " e 0");
                client.comes("pub " + topic(i) + " 1\nx");
                client.comes("pub " + topic(i) + " 2\nx");
            }
            client.comes("pub " + topic(1) + " 3\nx");
            String hello = client.reconnect().substring(2);
            assertThat(hello.length()).isBetween(65_536 - 300, 65_536);
            assertThat(hello)
                    .contains("|topic " + topic(1) + " e 3|", "|topic " + topic(299) + " e 2|")
                    .doesNotContain(topic(0), topic(2))
                    .endsWith("|agent test/1");
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.expect("OPEN", "welcome s null resumed");
        }

        @Test
        void whatComesTwiceIsDropped() {
            leavesOut();
            client.comes("at " + topic(0) + " e 0");
            client.comes("pub " + topic(0) + " 1\nx");
            client.comes("pub " + topic(0) + " 2\nx");
            client.expect();
            client.comes("pub " + topic(0) + " 3\nnew");
            client.expect("topic " + topic(0) + " 3 new");
            client.comes("pub " + topic(0) + " 3\nnew");
            client.expect("close 4500 number", "WAITING");
        }

        @Test
        void ofAGapWhatCameIsLeftOut() {
            leavesOut();
            client.comes("at " + topic(0) + " e 0");
            client.comes("gap " + topic(0) + " 1 5 trimmed");
            client.comes("at " + topic(2) + " e 0");
            client.comes("gap " + topic(2) + " 1 2 trimmed");
            client.comes("pub " + topic(2) + " 3\nnew");
            client.expect("gap " + topic(0) + " 3-5 trimmed", "topic " + topic(2) + " 3 new");
        }

        @Test
        void itMayGoOnWhereItWas() {
            leavesOut();
            client.comes("at " + topic(0) + " e 2");
            client.comes("pub " + topic(0) + " 3\nnew");
            client.expect("topic " + topic(0) + " 3 new");
        }

        @Test
        void anotherLogIsTold() {
            leavesOut();
            client.comes("at " + topic(0) + " e 0");
            client.comes("reset " + topic(0) + " f 7 lost");
            client.comes("pub " + topic(0) + " 8\nnew");
            client.expect("reset " + topic(0) + " lost", "topic " + topic(0) + " 8 new");
        }

        @Test
        void theOneThatItWasInIsNot() {
            leavesOut();
            client.comes("at " + topic(0) + " d 9"); // of which the reset to this epoch was told
            client.comes("reset " + topic(0) + " e 1 lost");
            client.comes("pub " + topic(0) + " 2\nx");
            client.comes("pub " + topic(0) + " 3\nnew");
            client.expect("topic " + topic(0) + " 3 new");
        }

        @Test
        void theEpochThatItIsInMayBeTheNameOfTheOneWhereItBegan() {
            leavesOut();
            client.comes("at " + topic(0) + " d 0");
            client.comes("at " + topic(0) + " e 0"); // of which it was told before its last message
            client.comes("pub " + topic(0) + " 1\nx");
            client.comes("pub " + topic(0) + " 2\nx");
            client.comes("pub " + topic(0) + " 3\nnew");
            client.comes("at " + topic(2) + " d 2");
            client.comes("at " + topic(2) + " e 2");
            client.comes("pub " + topic(2) + " 3\nnew");
            client.expect("topic " + topic(0) + " 3 new", "topic " + topic(2) + " 3 new");
        }

        @Test
        void whetherAnotherEpochHasWhatCameIsNotKnown() {
            leavesOut();
            client.comes("at " + topic(0) + " e 0");
            client.comes("pub " + topic(0) + " 1\nx");
            client.expect();
            client.comes("at " + topic(0) + " f 1");
            client.comes("pub " + topic(0) + " 2\nother");
            client.expect("reset " + topic(0) + " lost", "topic " + topic(0) + " 2 other");
            client.comes("at " + topic(0) + " g 2");
            client.comes("pub " + topic(0) + " 3\nx");
            client.expect("topic " + topic(0) + " 3 x");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "at T e 3",
                    "at T d 9\nat T e 9",
                    "at T e 0\nat T f 1",
                    "at T e 0\npub T 2",
                    "at T e 0\nat T e 2",
                    "at T d 9\npub T 10",
                    "at T d 9\nat T d 9\npub T 3",
                    "pub T 4"
                })
        void everythingElseWouldBeALoss(String messages) {
            leavesOut();
            messages.replace("T", topic(0)).lines().forEach(client::comes);
            client.expect("close 4500 number", "WAITING");
        }

        @Test
        void aNewSessionNamesThemAll() {
            client.open();
            session.subscribe(">", NOW, false, client.listener("all"));
            client.comes("ok 1 1");
            for (int i = 0; i < 300; i++) {
                client.comes("at " + topic(i) + " e 0");
            }
            assertThat(client.reconnect()).doesNotContain(topic(0));
            client.comes("welcome\nsession s2 t2\nnew lost" + ClientHarness.TERMS);
            assertThat(client.drain()).contains("> sub 1 " + topic(0) + " from e 0");
            client.comes("at " + topic(0) + " e 0");
            client.comes("pub " + topic(0) + " 2\nx");
            client.expect("close 4500 number", "WAITING");
        }
    }

    @Nested
    @DisplayName("§7: streams")
    final class Streams {
        @Test
        void haveCreditAndAnEnd() {
            client.open();
            Pending stream = session.stream("ai", Payload.text("Once"), 2, client.listener("ai"));
            client.comes("part 1 1\na");
            client.comes("part 2 1\nb");
            session.grant(stream, 4);
            session.grant(stream, 3);
            client.comes("part 3 1\nc");
            client.comes("end 4 1");
            client.expect("> req 1 ai stream 2|Once", "ai part a", "ai part b", "> more 1 4", "ai part c", "ai Done[]");
            session.grant(stream, 9);
        }

        @Test
        void goOnAfterACut() {
            client.open();
            Pending stream = session.stream("ai", Payload.text("Once"), 2, client.listener("ai"));
            client.comes("part 1 1\na");
            session.grant(stream, 6);
            client.expect("> req 1 ai stream 2|Once", "ai part a", "> more 1 6");
            client.reconnect();
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.comes("part 1 1\na");
            client.comes("part 2 1\nb");
            client.expect("> more 1 6", "OPEN", "welcome s null resumed", "ai part b");
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 2})
        void aPartWithoutCreditIsAViolation(long credit) {
            client.open();
            if (credit == 0) {
                session.request("ai", Payload.NONE, client.listener("ai"));
            } else {
                session.stream("ai", Payload.NONE, credit, client.listener("ai"));
            }
            client.expect(credit == 0 ? "> req 1 ai" : "> req 1 ai stream 2");
            for (long n = 1; n <= credit; n++) {
                client.comes("part " + n + " 1\nx");
                client.expect("ai part x");
            }
            client.comes("part " + (credit + 1) + " 1\nx");
            client.expect("close 4500 number", "WAITING");
        }

        @Test
        void canBeCancelled() {
            client.open();
            Pending stream = session.stream("ai", Payload.NONE, 2, client.listener("ai"));
            session.cancel(stream);
            client.comes("err 1 1 cancelled");
            client.expect("> req 1 ai stream 2", "> cancel 1", "ai Refused[code=cancelled, text=]");
            session.cancel(stream);
        }

        @Test
        void isCancelledAgainAfterAResume() {
            client.open();
            Pending stream = session.stream("ai", Payload.NONE, 2, client.listener("ai"));
            client.reconnect();
            session.cancel(stream);
            client.comes("welcome\nsession s t\nresumed 0" + ClientHarness.TERMS);
            client.expect("> req 1 ai stream 2", "> cancel 1", "OPEN", "welcome s null resumed");
            client.reconnect();
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.expect("> cancel 1", "OPEN", "welcome s null resumed");
        }

        @Test
        void whatWasNotSentIsJustWithdrawn() {
            Pending request = session.request("place", Payload.NONE, client.listener("place"));
            session.cancel(request);
            client.expect("place NotSent[reason=cancelled]");
            assertThat(session.outboxBytes()).isZero();
        }
    }

    @Nested
    @DisplayName("§8: liveness")
    final class Liveness {
        @Test
        void pingsAreAnswered() {
            client.open();
            client.comes("ping");
            client.expect("> pong");
        }

        @Test
        void silenceEndsAConnection() {
            client.open();
            client.pass(29_999);
            client.expect();
            client.pass(1);
            client.expect("close 4001 nothing heard", "WAITING");
        }

        @Test
        void aControlFrameIsASignOfLife() {
            client.open();
            client.pass(29_999);
            session.heard(client.now());
            client.pass(29_999);
            client.expect();
            client.pass(1);
            client.expect("close 4001 nothing heard", "WAITING");
        }

        @Test
        void aSleepOfItsOwnIsNoSilenceOfTheLine() {
            client.open();
            client.pass(600_000);
            client.expect("> ping");
            client.pass(5_000);
            client.comes("pong");
            client.pass(29_999);
            client.expect();
            client.pass(1);
            client.expect("close 4001 nothing heard", "WAITING");
        }

        @Test
        void aSleepWhileAPingIsOutGivesASecondChanceNotAThird() {
            client.open();
            session.hint(client.now());
            client.pass(600_000);
            client.expect("> ping", "> ping");
            client.pass(600_000);
            client.expect("close 4001 no answer to a ping", "WAITING");
        }

        @Test
        void whoAnswersHasAllChancesAnew() {
            client.open();
            for (int i = 0; i < 3; i++) {
                client.pass(600_000);
                client.pass(600_000);
                client.expect("> ping", "> ping");
                client.comes("pong");
            }
        }

        @Test
        void aProbeThatBringsNothingEndsIt() {
            client.open();
            session.hint(client.now());
            session.hint(client.now());
            client.pass(9_999);
            client.expect("> ping");
            client.pass(1);
            client.expect("close 4001 no answer to a ping", "WAITING");
        }

        @Test
        void aHintEndsTheWait() {
            client.open();
            session.disconnected(1006, "", client.now());
            session.hint(client.now());
            client.expect("WAITING", "CONNECTING", "connect");
        }

        @Test
        void waitsGrowAndAreCapped() {
            session.start(client.now());
            client.expect("CONNECTING", "connect");
            for (long bound : new long[] {1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000}) {
                session.disconnected(1006, "", client.now());
                client.pass(bound - 2);
                client.expect("WAITING");
                client.pass(1);
                client.expect("CONNECTING", "connect");
            }
        }

        @Test
        void theServersAdviceIsFollowed() {
            client.open();
            client.comes("retry 5000");
            session.disconnected(4003, "", client.now());
            client.pass(9_999);
            client.expect("WAITING");
            client.pass(1);
            client.expect("CONNECTING", "connect");
        }

        @Test
        void afterASteadyConnectionTheNextComesAtOnce() {
            client.open();
            for (int i = 0; i < 6; i++) {
                client.pass(10_000);
                client.comes("ping");
                client.expect("> pong");
            }
            session.disconnected(1006, "", client.now());
            client.pass(0);
            client.expect("WAITING", "CONNECTING", "connect");
        }
    }

    @Nested
    @DisplayName("§9: authentication")
    final class Authentication {
        @Test
        void canBeAnotherOneForTheNextConnection() {
            client.open();
            session.auth("fresh");
            client.expect();
            assertThat(client.reconnect()).isEqualTo("> hello|auth fresh|resume s t 0 1|agent test/1");
        }

        @Test
        void isRenewedHereAndOnTheNextConnection() {
            client.open();
            client.comes("expiring 30000");
            session.authenticate("fresh", client.listener("auth"));
            client.comes("ok 1 1");
            client.expect("expiring 30000", "> auth 1|fresh", "auth Done[]");
            assertThat(client.reconnect()).isEqualTo("> hello|auth fresh|resume s t 1 1|agent test/1");
        }
    }

    @Nested
    @DisplayName("§10: what the server may not do")
    final class Violations {
        @ParameterizedTest
        @ValueSource(strings = {"fly", "ok 1", "welcome", "PING"})
        void isRefused(String message) {
            client.open();
            client.comes(message);
            client.expect(
                    "close 4500 " + (message.equals("fly") ? "verb" : message.equals("welcome") ? "hello" : "header"),
                    "WAITING");
        }

        @Test
        void nothingComesBeforeTheWelcome() {
            session.start(client.now());
            session.connected(client.now());
            client.comes("ping");
            client.comes("msg 1 hi");
            client.expect(
                    "CONNECTING",
                    "connect",
                    "GREETING",
                    "> hello|auth secret|agent test/1",
                    "> pong",
                    "close 4500 hello",
                    "WAITING");
        }

        @Test
        void anotherSessionIsNotResumed() {
            client.open();
            client.reconnect();
            client.comes("welcome\nsession x y\nresumed 0" + ClientHarness.TERMS);
            client.expect("close 4500 hello", "WAITING");
        }

        @Test
        void moreIsNotHandledThanWasSent() {
            client.open();
            client.reconnect();
            client.comes("welcome\nsession s t\nresumed 1" + ClientHarness.TERMS);
            client.expect("close 4500 number", "WAITING");
        }
    }
}
