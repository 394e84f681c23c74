package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.HubOptions;
import dev.bowline.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Section 3: how long sessions last, whose they are, and why one is new. */
@Tag("once")
class LifeTest extends OwnServerClauses {
    @Test
    void whoSaysNoHelloIsClosed() {
        serve(HubOptions.builder().helloTimeout(Duration.ofMillis(200)));
        connect().expectClose(4004);
    }

    @Test
    @DisplayName("a ping before hello is answered, and is no hello")
    void pingsAreNoHello() {
        serve(HubOptions.builder().helloTimeout(Duration.ofMillis(200)));
        SpecClient client = connect();
        client.say("ping");
        client.next("pong");
        client.say("pong");
        client.expectClose(4004);
    }

    @Test
    void aHelloTooLargeIsAViolation() {
        SpecClient client = connect();
        client.say("hello\nlonger " + "x".repeat(65_536 - "hello\nlonger ".length()));
        client.welcome();
        client = connect();
        client.say("hello\nlonger " + "x".repeat(65_537 - "hello\nlonger ".length()));
        client.expectViolation("too-big");
    }

    @Test
    void theTermsAreTheServersOwn() {
        serve(HubOptions.builder()
                .resumeWindow(Duration.ofSeconds(77))
                .heartbeat(Duration.ofMillis(5_001), Duration.ofMillis(2_002))
                .maxMessageBytes(3_003)
                .maxPending(4, 4_004));
        SpecClient client = connect();
        assertThat(client.hello("auth 42"))
                .isEqualTo(new Welcome(
                        client.session().id(),
                        client.session().token(),
                        "42",
                        "new",
                        77_000,
                        5_001,
                        2_002,
                        3_003,
                        4,
                        4_004,
                        List.of()));
    }

    @Test
    void withoutAUserTheWelcomeNamesNone() {
        assertThat(connect().hello().user()).isNull();
    }

    @Test
    void aResumeWithoutATokenKeepsTheUser() {
        SpecClient client = begin("42");
        client.cut();
        SpecClient back = also(client.reconnect());
        assertThat(back.resume().user()).isEqualTo("42");
    }

    @Test
    void aTokenOfTheSameUserResumes() {
        SpecClient client = begin("42");
        client.cut();
        Welcome welcome = also(client.reconnect())
                .hello("auth 42:100000", client.session().resumption().get(0));
        assertThat(welcome.outcome()).isEqualTo("resumed 0");
        assertThat(welcome.user()).isEqualTo("42");
    }

    @Test
    void aTokenOfAnotherUserBeginsANewSession() {
        SpecClient client = begin("42");
        Welcome welcome =
                connect().hello("auth 43", client.session().resumption().get(0));
        assertThat(welcome.outcome()).isEqualTo("new user");
        assertThat(welcome.user()).isEqualTo("43");
        assertThat(welcome.session()).isNotEqualTo(client.session().id());
        client.expectNothingElse(); // the session, and the connection that speaks for it, are left alone
        client.does("sub # open.a");
        assertThat(comeBack(client).session().id()).isEqualTo(client.session().id());
    }

    @Test
    void aSessionThatWasAwayForTooLongHasExpired() {
        serve(HubOptions.builder().resumeWindow(Duration.ofMillis(100)));
        SpecClient client = begin();
        client.cut();
        Await.until("expired", () -> HubUnderTest.get(hub().sessionCount()).equals(0));
        assertThat(also(client.reconnect()).resume().outcome()).isEqualTo("new expired");
    }

    @Test
    void aServerThatBeganAnewHasLostIts() {
        SpecClient client = begin();
        HubUnderTest other = new HubUnderTest(HubOptions.DEFAULT);
        try (SpecClient elsewhere = SpecClient.connect(other.uri())) {
            assertThat(elsewhere.hello(client.session().resumption().get(0)).outcome())
                    .isEqualTo("new lost");
        } finally {
            other.close();
        }
    }

    @Test
    void aNewSessionCountsFromOneAgain() {
        SpecClient client = begin();
        client.does("sub # open.a");
        client.say("bye");
        client.expectClose(1000);
        SpecClient anew = begin();
        assertThat(anew.command("sub # open.a")).isEqualTo(1);
        anew.next("ok 1 1");
    }

    @Test
    void thereMayBeNoRoom() {
        serve(HubOptions.builder().maxSessions(1));
        begin();
        SpecClient second = connect(); // perhaps on the other event loop, which has room for one too
        second.say("hello");
        SpecClient third = connect();
        third.say("hello");
        third.next("retry *");
        third.expectClose(4011);
    }

    @Test
    @DisplayName("commands behind bye are not handled, those before it are")
    void byeIsTheLastWord() {
        SpecClient client = begin();
        client.say("send 1 note\nbefore");
        client.say("bye");
        client.expectClose(1000);
        server().told.expect("before");
        assertThat(also(client.reconnect()).resume().outcome()).isEqualTo("new expired");
    }

    @Test
    @DisplayName("a violation on a connection that speaks for a session ends it")
    void aViolationEndsIt() {
        SpecClient client = begin();
        client.say("unheard");
        client.expectViolation("verb");
        assertThat(also(client.reconnect()).resume().outcome()).isEqualTo("new expired");
    }

    @Test
    @DisplayName("what the old connection still sends behind a take-over is not handled")
    void takeOver() {
        SpecClient old = begin();
        old.does("sub # open.a");
        SpecClient now = also(old.reconnect());
        assertThat(now.resume().outcome()).isEqualTo("resumed 1");
        try {
            old.say("send 2 note\nold");
        } catch (AssertionError closedAlready) {
            assertThat(closedAlready).hasMessageContaining("the connection failed");
        }
        old.expectClose(4503);
        now.does("send # note\nnew");
        server().told.expect("new");
        server().told.assertEmpty();
    }

    @Test
    @DisplayName("dismissed clients are told when to come back")
    void dismissed() {
        SpecClient client = begin();
        client.does("unsub # open.a");
        hub().dismissAll(1234);
        client.next("retry 1234");
        client.expectClose(4003);
        assertThat(also(client.reconnect()).resume().outcome()).isEqualTo("resumed 1");
    }

    @Test
    @DisplayName("an application's end of a session is a code from 4500 on, and the session is over")
    void ended() {
        SpecClient client = begin();
        assertThat(HubUnderTest.get(hub().session(client.session().id()).end(4567, "go")))
                .isTrue();
        assertThat(client.expectClose(4567)).isEqualTo("go");
        assertThat(also(client.reconnect()).resume().outcome()).isEqualTo("new expired");
    }
}
