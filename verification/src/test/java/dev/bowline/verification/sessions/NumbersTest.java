package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sections 4.1 and 5, as far as every server has to keep to them: the numbers in both directions. */
@Tag("once")
class NumbersTest extends AnyServerClauses {
    private static final String COMMAND = "unsub # conformance.never";

    private static void done(SpecClient client) {
        client.awaitResult(client.command(COMMAND));
    }

    @Test
    void everyCommandHasOneResult() {
        SpecClient client = begin();
        for (int i = 0; i < 20; i++) {
            client.command(COMMAND);
        }
        for (int seq = 1; seq <= 20; seq++) {
            client.awaitResult(seq);
        }
        client.expectNothingElse();
        assertThat(client.session().seen()).isEqualTo(20);
    }

    @Test
    void aCommandThatCameBeforeIsIgnored() {
        SpecClient client = begin();
        done(client);
        done(client);
        client.say("unsub 1 conformance.never");
        client.say("pub 2 conformance.other\nx");
        client.expectNothingElse();
    }

    @Test
    void aHoleIsAViolation() {
        SpecClient client = begin();
        client.say("unsub 2 conformance.never");
        client.expectViolation("number");
    }

    @Test
    void aHoleAfterAResumeIsAViolation() {
        SpecClient client = begin();
        done(client);
        client.cut();
        SpecClient back = also(client.reconnect());
        assertThat(back.resume().outcome()).isEqualTo("resumed 1");
        back.say("unsub 3 conformance.never");
        back.expectViolation("number");
    }

    @Test
    @DisplayName("what was not acknowledged comes again after a resume, in order, behind what the client has seen")
    void sendsAgain() {
        SpecClient client = begin();
        for (int i = 0; i < 5; i++) {
            done(client);
        }
        client.cut();
        client.session().forgetBehind(2);
        SpecClient back = also(client.reconnect());
        assertThat(back.resume().outcome()).isEqualTo("resumed 5");
        back.next("ok 3 3");
        back.next("ok 4 4");
        back.next("ok 5 5");
        back.expectNothingElse();
    }

    @Test
    void whatWasAcknowledgedDoesNotComeAgain() {
        SpecClient client = begin();
        done(client);
        done(client);
        client.say("ack 2");
        client.say("ack 1"); // says nothing new
        client.expectNothingElse();
        client.cut();
        SpecClient back = also(client.reconnect());
        assertThat(back.resume().outcome()).isEqualTo("resumed 2");
        back.expectNothingElse();
    }

    @Test
    void whatTheServerNeverSaidCantBeAcknowledged() {
        SpecClient client = begin();
        done(client);
        client.say("ack 2");
        client.expectViolation("number");
    }

    @Test
    void noMoreThanEverWasSentCanHaveBeenSeen() {
        SpecClient client = begin();
        done(client);
        client.cut();
        client.session().forgetBehind(7);
        SpecClient back = also(client.reconnect());
        assertThat(back.resume().outcome()).isEqualTo("new lost");
    }

    @Test
    void whoForgotWhatItAcknowledgedHasLostTheSession() {
        SpecClient client = begin();
        done(client);
        done(client);
        client.say("ack 2");
        client.expectNothingElse();
        client.cut();
        client.session().forgetBehind(1);
        SpecClient back = also(client.reconnect());
        assertThat(back.resume().outcome()).isEqualTo("new lost");
    }
}
