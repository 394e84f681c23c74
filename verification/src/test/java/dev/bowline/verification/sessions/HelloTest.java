package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3 and 11, as far as every server has to keep to them: how sessions begin, go on and end. */
@Tag("once")
class HelloTest extends AnyServerClauses {
    @Test
    void aWelcomeHasEveryLineThatMustBeThere() {
        Welcome welcome = connect().hello(authenticated("agent conformance/1"));
        assertThat(welcome.outcome()).isEqualTo("new");
        assertThat(welcome.maxPending()).isPositive();
        assertThat(welcome.features()).isEmpty(); // it was told of none
    }

    @Test
    void everySessionHasANameAndASecretOfItsOwn() {
        SpecClient one = begin();
        SpecClient other = begin();
        assertThat(one.session().id()).isNotEqualTo(other.session().id());
        assertThat(one.session().token()).isNotEqualTo(other.session().token());
    }

    @Test
    @DisplayName("features that the server does not know, it does not answer with")
    void unknownFeatures() {
        Welcome welcome = connect().hello(authenticated("feature conformance-1", "feature conformance-2"));
        assertThat(welcome.features()).isEmpty();
    }

    @Test
    void linesWithAKeyThatIsNotKnownAreIgnored() {
        SpecClient client = connect();
        client.hello(authenticated("unheard-of", "unheard-of 1 2 3", "x y"));
        client.expectNothingElse();
    }

    @Test
    void theLastLineMayHaveALineFeed() {
        SpecClient client = connect();
        client.say("hello\n" + String.join("\n", authenticated("agent conformance")) + "\n");
        client.welcome();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth",
                "auth a b",
                "auth a\nauth b",
                "auth tökens",
                "resume",
                "resume a b",
                "resume a b 1",
                "resume a b -1 1",
                "resume a b 01 1",
                "resume a b 1 0",
                "resume a b 1 1 1",
                "resume a! b 1 1",
                "resume a b! 1 1",
                "resume a b 1 1\nresume a b 1 1",
                "resume a b 1 1\ntopic a",
                "resume a b 1 1\ntopic a e",
                "resume a b 1 1\ntopic a e x",
                "resume a b 1 1\ntopic a..b e 1",
                "resume a b 1 1\ntopic a e! 1",
                "resume a b 1 1\ntopic a.* e 1",
                "agent",
                "agent two words",
                "agent café",
                "Upper case",
                "key  twice",
                " key",
                "\nagent a",
                "agent a\n\n",
                "abcdefghijabcdefghijabcdefghijabc x", // a key of 33
            })
    void linesOutsideTheGrammarAreAViolation(String lines) {
        SpecClient client = connect();
        client.say("hello\n" + lines);
        client.expectViolation("hello");
    }

    @Test
    @DisplayName("names and secrets have 1 to 128 characters, an agent at most 128")
    void longFields() {
        String longest = "a".repeat(128);
        SpecClient client = connect();
        assertThat(client.hello(authenticated("resume " + longest + " " + longest + " 0 1", "agent " + longest))
                        .outcome())
                .isIn("new unknown", "new lost");
        for (String line :
                new String[] {"resume " + longest + "a b 0 1", "resume a " + longest + "a 0 1", "agent " + longest + "a"
                }) {
            client = connect();
            client.say("hello\n" + line);
            client.expectViolation("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub 1 a", "ack 0", "bye", "more 1 1", "unsub 1 a"})
    void helloComesFirst(String message) {
        SpecClient client = connect();
        client.say(message);
        client.expectViolation("hello");
    }

    @Test
    void helloComesOnce() {
        SpecClient client = begin();
        client.say("hello");
        client.expectViolation("hello");
    }

    @Test
    void aViolationEndsTheSession() {
        SpecClient client = begin();
        client.say("fly");
        client.expectViolation("verb");
        SpecClient back = also(client.reconnect());
        assertThat(back.hello(authenticated(client.session().resumption().get(0)))
                        .outcome())
                .isIn("new unknown", "new expired");
    }

    @Test
    void byeEndsTheSession() {
        SpecClient client = begin();
        client.say("bye");
        client.expectClose(1000);
        SpecClient back = also(client.reconnect());
        assertThat(back.hello(authenticated(client.session().resumption().get(0)))
                        .outcome())
                .isIn("new unknown", "new expired");
    }

    @Test
    @DisplayName("a session outlives its connection, whether that was cut or closed")
    void resumes() {
        SpecClient client = begin();
        Welcome first = resumed(client, true);
        Welcome second = resumed(client, false);
        assertThat(first.session()).isEqualTo(second.session());
    }

    private Welcome resumed(SpecClient client, boolean cut) {
        String id = client.session().id();
        String token = client.session().token();
        SpecClient before = also(client.reconnect());
        before.hello(client.session().resumption().toArray(String[]::new));
        if (cut) {
            before.cut();
        } else {
            before.closeHandshake();
            before.expectClose(1000);
        }
        SpecClient back = also(client.reconnect());
        Welcome welcome = back.resume();
        assertThat(welcome.outcome()).isEqualTo("resumed 0");
        assertThat(welcome.session()).isEqualTo(id);
        assertThat(welcome.token()).isEqualTo(token);
        back.expectNothingElse();
        return welcome;
    }

    @Test
    void whoDoesNotKnowTheSecretGetsAnotherSession() {
        SpecClient client = begin();
        SpecClient thief = connect();
        Welcome welcome = thief.hello(authenticated("resume " + client.session().id() + " guessed 0 1"));
        assertThat(welcome.outcome()).isEqualTo("new token");
        assertThat(welcome.session()).isNotEqualTo(client.session().id());
        assertThat(welcome.token()).isNotEqualTo(client.session().token());
        client.expectNothingElse(); // it goes on as if nothing had been
    }

    @Test
    void aSessionThatThereNeverWasIsUnknown() {
        assertThat(connect()
                        .hello(authenticated("resume never-was guessed 0 1"))
                        .outcome())
                .isIn("new unknown", "new lost"); // a server that keeps nothing can't tell which
    }

    @Test
    @DisplayName("a resume takes a session over whose connection looks alive, and that one loses its say")
    void takesOver() {
        SpecClient old = begin();
        SpecClient now = also(old.reconnect());
        assertThat(now.resume().outcome()).isEqualTo("resumed 0");
        old.expectClose(4503);
        now.awaitResult(now.command("unsub # conformance.never"));
        SpecClient third = also(now.reconnect());
        assertThat(third.resume().outcome()).isEqualTo("resumed 1");
        now.expectClose(4503);
    }

    @Test
    @DisplayName("a hello that was given up, and arrives behind a later one, changes nothing")
    void aLateAttemptIsClosed() {
        SpecClient client = begin();
        String[] first = authenticated(client.session().resumption().toArray(String[]::new));
        SpecClient now = also(client.reconnect());
        assertThat(now.resume().outcome()).isEqualTo("resumed 0"); // the second attempt
        for (String[] late :
                new String[][] {first, authenticated(client.session().sameAttempt())}) {
            SpecClient behind = connect();
            behind.say("hello\n" + String.join("\n", late));
            behind.expectClose(4503);
        }
        now.expectNothingElse();
        now.awaitResult(now.command("unsub # conformance.never"));
    }
}
