package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import dev.bowline.verification.sessions.SpecSession.Cursor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sections 6.1, 6.2 and 6.6: subscriptions, positions, and topics without a log. */
@Tag("once")
class TopicsTest extends OwnServerClauses {
    private static void comes(SpecClient client, String topic, long offset, String text) {
        assertThat(client.next("pub " + topic + " " + offset).text()).isEqualTo(text);
    }

    @Test
    void aSubscriptionBeginsWithWhatComesNext() {
        publish("open.a", "old");
        SpecClient client = begin();
        client.does("sub # open.a");
        publish("open.a", "new", "newer");
        client.next("at open.a * 1");
        comes(client, "open.a", 2, "new");
        comes(client, "open.a", 3, "newer");
        client.expectNothingElse();
    }

    @Test
    void itMayBeginWithTheLastMessages() {
        publish("open.a", "1", "2", "3");
        SpecClient client = begin();
        client.does("sub # open.a last 2");
        client.next("at open.a * 1");
        comes(client, "open.a", 2, "2");
        comes(client, "open.a", 3, "3");
        client.does("sub # open.b last 5"); // there are none
        client.next("at open.b * 0");
    }

    @Test
    void itMayGoOnBehindAnOffset() {
        publish("open.a", "1", "2", "3");
        String epoch = epochOf("open.a");
        SpecClient client = begin();
        client.does("sub # open.a from " + epoch + " 1");
        client.next("at open.a " + epoch + " 1");
        comes(client, "open.a", 2, "2");
        comes(client, "open.a", 3, "3");
        client.expectNothingElse();
    }

    private String epochOf(String topic) {
        SpecClient client = begin();
        client.does("sub # " + topic);
        return client.await("at " + topic + " * *").field(2);
    }

    @Test
    @DisplayName("a subscription that the server ends is told by out, in the direct log")
    void theServerEndsOne() {
        SpecClient client = begin();
        client.does("sub # open.a");
        client.does("sub # open.>");
        client.next("at open.a * 0");
        assertThat(HubUnderTest.get(hub().session(client.session().id()).unsubscribe("open.>", "forbidden")))
                .isTrue();
        client.next("out * open.> forbidden");
        publish("open.b", "not for this one");
        publish("open.a", "1");
        comes(client, "open.a", 1, "1"); // it is subscribed to by its name
        client.cut();
        assertThat(HubUnderTest.get(hub().session(client.session().id()).unsubscribe("open.a", "conformance.why")))
                .isTrue();
        publish("open.a", "2");
        SpecClient back = also(client.reconnect());
        back.resume();
        back.next("out * open.a conformance.why");
        back.expectNothingElse();
        assertThat(HubUnderTest.get(hub().session(client.session().id()).unsubscribe("open.a", "again")))
                .isFalse();
    }

    @Test
    @DisplayName("where the log begins later, the gap is told: once, and exactly")
    void trimmed() {
        publish("short.a", "1", "2", "3", "4", "5", "6");
        String epoch = epochOf("short.a");
        SpecClient client = begin();
        client.does("sub # short.a from " + epoch + " 1");
        client.next("at short.a " + epoch + " 1");
        client.next("gap short.a 2 3 trimmed");
        comes(client, "short.a", 4, "4");
        comes(client, "short.a", 5, "5");
        comes(client, "short.a", 6, "6");
        client.expectNothingElse();
    }

    @Test
    @DisplayName("where the epoch is another, or the log ends before the cursor, the loss is told")
    void lost() {
        publish("open.a", "1", "2");
        String epoch = epochOf("open.a");
        SpecClient client = begin();
        client.does("sub # open.a from other 1");
        client.next("at open.a other 1");
        SpecMessage reset = client.next("reset open.a " + epoch + " * lost");
        for (long offset = reset.number(3) + 1; offset <= 2; offset++) {
            comes(client, "open.a", offset, Long.toString(offset));
        }
        publish("open.a", "3");
        comes(client, "open.a", 3, "3");

        SpecClient ahead = begin();
        ahead.does("sub # open.a from " + epoch + " 77");
        ahead.next("at open.a " + epoch + " 77");
        ahead.next("reset open.a " + epoch + " * lost");
    }

    @Test
    @DisplayName("where the log goes on in another epoch, with all that it had, that is told, and no loss")
    void another() {
        SpecClient client = begin();
        client.does("sub # open.a");
        client.next("at open.a * 0");
        publish("open.a", "1");
        comes(client, "open.a", 1, "1");
        Cursor first = client.session().cursor("open.a");
        server().renameLogs();
        publish("open.a", "2");
        String second = client.next("at open.a * 1").field(2);
        assertThat(second).isNotEqualTo(first.epoch());
        comes(client, "open.a", 2, "2");
        client.cut();
        server().renameLogs();
        publish("open.a", "3");
        SpecClient back = comeBack(client);
        back.next("at open.a " + second + " 2");
        String third = back.next("at open.a * 2").field(2);
        assertThat(third).isNotEqualTo(second);
        comes(back, "open.a", 3, "3");

        SpecClient later = begin();
        later.does("sub # open.a from " + first.epoch() + " " + first.offset());
        later.next("at open.a " + first.epoch() + " 1");
        later.next("at open.a " + third + " 1");
        comes(later, "open.a", 2, "2");
        comes(later, "open.a", 3, "3");
    }

    @Test
    void aResumeGoesOnFromTheCursor() {
        SpecClient client = begin();
        client.does("sub # open.a");
        client.does("sub # open.b");
        publish("open.a", "1", "2");
        client.await("pub open.a 1");
        client.await("pub open.a 2");
        client.cut();
        publish("open.a", "3");
        publish("open.b", "1");
        SpecClient back = comeBack(client);
        back.await("at open.a * 2");
        assertThat(back.await("pub open.a 3").text()).isEqualTo("3");
        back.await("at open.b * 0");
        assertThat(back.await("pub open.b 1").text()).isEqualTo("1");
        publish("open.a", "4");
        back.await("pub open.a 4");
        back.expectNothingElse();
    }

    @Test
    void aTopicThatTheClientNamesNoCursorForGoesOnFromItsBegin() {
        publish("open.a", "1");
        SpecClient client = begin();
        client.does("sub # open.a");
        publish("open.a", "2", "3");
        client.await("pub open.a 3");
        client.session().forgetCursors();
        SpecClient back = comeBack(client);
        back.next("at open.a * 1");
        comes(back, "open.a", 2, "2");
        comes(back, "open.a", 3, "3");
    }

    @Test
    void aResumeIsToldOfGapsAndOtherEpochs() {
        SpecClient client = begin();
        client.does("sub # short.a");
        client.does("sub # open.a");
        publish("short.a", "1");
        publish("open.a", "1");
        client.await("pub short.a 1");
        client.await("pub open.a 1");
        client.cut();
        publish("short.a", "2", "3", "4", "5");
        client.session().setCursor("open.a", new Cursor("other", 1));
        SpecClient back = comeBack(client);
        back.await("gap short.a 2 2 trimmed");
        assertThat(back.await("pub short.a 3").text()).isEqualTo("3");
        back.await("at open.a other 1");
        back.await("reset open.a * * lost");
    }

    @Test
    @DisplayName("after a resume: welcome, the direct log, then the topics")
    void order() {
        SpecClient client = begin();
        client.does("sub # open.a");
        client.cut();
        publish("open.a", "1");
        HubUnderTest.get(
                hub().session(client.session().id()).send("note", "direct").stored());
        SpecClient back = comeBack(client);
        back.next("msg 2 note");
        back.next("at open.a * 0");
        back.next("pub open.a 1");
    }

    @Test
    void subscribingTwiceChangesNothing() {
        publish("open.a", "1");
        SpecClient client = begin();
        client.does("sub # open.a");
        client.await("at open.a * 1");
        client.does("sub # open.a last 1");
        publish("open.a", "2");
        comes(client, "open.a", 2, "2");
        client.expectNothingElse();
    }

    @Test
    void whatIsNoLongerSubscribedToDoesNotCome() {
        SpecClient client = begin();
        client.does("sub # open.a");
        client.await("at open.a * 0");
        client.does("unsub # open.a");
        client.does("unsub # open.a"); // nor is this an error
        publish("open.a", "1");
        client.expectNothingElse();
        client.does("sub # open.a");
        publish("open.a", "2");
        client.next("at open.a * 1");
        comes(client, "open.a", 2, "2");
    }

    @Test
    void patternsCoverWhatTheySay() {
        SpecClient client = begin();
        client.does("sub # open.*.x");
        client.does("sub # open.b.>");
        publish("open.x", "no");
        publish("open.b", "no");
        publish("open.a.y", "no");
        publish("open.a.x.x", "no");
        publish("open.a.x", "one segment");
        publish("open.b.c", "one or more");
        publish("open.b.c.d", "one or more");
        assertThat(client.await("pub open.a.x 1").text()).isEqualTo("one segment");
        client.await("pub open.b.c 1");
        client.await("pub open.b.c.d 1");
        client.await("at open.a.x * 0");
        client.await("at open.b.c * 0");
        client.await("at open.b.c.d * 0");
        client.expectNothingElse();
    }

    @Test
    void aMessageComesOnceHoweverManyMatch() {
        SpecClient client = begin();
        client.does("sub # open.>");
        client.does("sub # open.*");
        client.does("sub # open.a");
        publish("open.a", "1");
        client.await("pub open.a 1");
        client.does("unsub # open.a");
        publish("open.a", "2"); // the patterns still cover it
        client.await("pub open.a 2");
        client.await("at open.a * *");
        client.does("unsub # open.>");
        client.does("unsub # open.*");
        publish("open.a", "3");
        client.expectNothingElse();
    }

    @Test
    @DisplayName("a pattern does not cover what the session may not have, nor the protocol's own topics")
    void patternsAreNoWayIn() {
        SpecClient client = begin("42");
        client.does("sub # >");
        publish("hidden.a", "secret");
        HubUnderTest.get(hub().user("42").send("letter").stored());
        publish("open.a", "1");
        client.await("pub open.a 1");
        client.await("at open.a * 0");
        client.expectNothingElse();
    }

    @Test
    void aPatternHasNeitherAStartNorPresence() {
        SpecClient client = begin();
        client.isRefused("sub # open.* presence", "bad-request");
        client.expectNothingElse();
    }

    @Test
    void whatClientsPublishComesToAll() {
        SpecClient one = begin();
        SpecClient other = begin();
        one.does("sub # open.a");
        other.does("sub # open.a");
        other.does("pub # open.a\nhi");
        assertThat(one.await("pub open.a 1").text()).isEqualTo("hi");
        assertThat(other.await("pub open.a 1").text()).isEqualTo("hi");
    }

    @Test
    void textStaysTextAndBytesStayBytes() {
        SpecClient client = begin();
        client.does("sub # open.a");
        client.does("pub # open.a\nfirst\n\nthird é");
        client.sayBinary("pub " + client.session().nextSeq() + " open.a", (byte) 0, (byte) '\n', (byte) 0xff);
        client.does("pub # open.a\n");
        SpecMessage text = client.await("pub open.a 1");
        assertThat(text.text()).isEqualTo("first\n\nthird é");
        assertThat(text.isBinary()).isFalse();
        SpecMessage binary = client.await("pub open.a 2");
        assertThat(binary.payload()).containsExactly(0, '\n', 0xff);
        assertThat(binary.isBinary()).isTrue();
        assertThat(client.await("pub open.a 3").hasLineFeed()).isFalse();
    }

    @Test
    void theFrameIsTheSameForEverySubscriber() {
        RawPeer one = subscriber("sub 1 open.a");
        RawPeer other = subscriber("sub 1 open.>");
        publish("open.a", "to all");
        assertThat(frameOf(one)).isEqualTo(frameOf(other)).isEqualTo(RawFrame.text("pub open.a 1\nto all"));
        one.close();
        other.close();
    }

    private RawPeer subscriber(String command) {
        RawPeer peer = RawPeer.connect(server().port());
        peer.handshakeAsClient("/", "Sec-WebSocket-Protocol: " + SpecClient.SUBPROTOCOL);
        peer.send(RawFrame.text("hello").withMask(1), RawFrame.text(command).withMask(2));
        assertThat(peer.readFrame().text()).startsWith("welcome\n");
        RawFrame ok = peer.readFrame();
        assertThat(ok.text()).isEqualTo("ok 1 1");
        return peer;
    }

    private static RawFrame frameOf(RawPeer peer) {
        RawFrame frame = peer.readFrame();
        while (!frame.text().startsWith("pub ")) {
            assertThat(frame.text()).startsWith("at ");
            frame = peer.readFrame();
        }
        return frame;
    }

    @Test
    void topicsWithoutALogHaveNoPositions() {
        SpecClient client = begin();
        client.does("sub # fleeting.a");
        client.does("pub # fleeting.a\n1");
        assertThat(client.await("pub fleeting.a -").text()).isEqualTo("1");
        client.isRefused("sub # fleeting.b last 1", "bad-request");
        client.isRefused("sub # fleeting.b from e 1", "bad-request");
        client.expectNothingElse();
        client.cut();
        publish("fleeting.a", "missed");
        SpecClient back = comeBack(client);
        publish("fleeting.a", "3");
        assertThat(back.next("pub fleeting.a -").text()).isEqualTo("3");
        back.expectNothingElse();
    }
}
