package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.HubOptions;
import dev.bowline.session.wire.Payload;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Section 7: answers in parts. */
@Tag("once")
class StreamsTest extends OwnServerClauses {
    private static void parts(SpecClient client, long seq, int from, int to) {
        for (int i = from; i <= to; i++) {
            assertThat(client.next("part * " + seq).text()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void noMorePartsComeThanWereGranted() {
        SpecClient client = begin();
        long seq = client.command("req # count stream 2\n5");
        parts(client, seq, 1, 2);
        client.expectNothingElse();
        client.say("more " + seq + " 4");
        parts(client, seq, 3, 4);
        client.expectNothingElse();
        client.say("more " + seq + " 5");
        parts(client, seq, 5, 5);
        client.next("end * " + seq);
        client.expectNothingElse();
    }

    @Test
    @DisplayName("more names a total: twice, or too late, does no harm")
    void totals() {
        SpecClient client = begin();
        long seq = client.command("req # count stream 0\n3");
        client.expectNothingElse();
        client.say("more " + seq + " 2");
        client.say("more " + seq + " 2");
        client.say("more " + seq + " 1");
        parts(client, seq, 1, 2);
        client.expectNothingElse();
        client.say("more " + seq + " 100");
        parts(client, seq, 3, 3);
        client.next("end * " + seq);
        client.say("more " + seq + " 200");
        client.say("more 99 1");
        client.expectNothingElse();
    }

    @Test
    void partsThatDidNotComeComeAfterAResume() {
        SpecClient client = begin();
        long seq = client.command("req # count stream 3\n5");
        parts(client, seq, 1, 3);
        client.session().forgetBehind(1);
        SpecClient back = comeBack(client);
        parts(back, seq, 2, 3);
        back.expectNothingElse();
        back.say("more " + seq + " 5");
        parts(back, seq, 4, 5);
        back.next("end * " + seq);
    }

    @Test
    void cancelEndsIt() {
        SpecClient client = begin();
        long seq = client.command("req # endless stream 1");
        parts(client, seq, 1, 1);
        client.say("cancel " + seq);
        client.await("err * " + seq + " cancelled");
        server().told.expect("given up");
        client.say("more " + seq + " 9");
        client.expectNothingElse();
    }

    @Test
    void aRequestCanBeCancelledToo() {
        SpecClient client = begin();
        long seq = client.command("req # late");
        client.say("cancel " + seq);
        client.await("err * " + seq + " cancelled");
        server().late.complete(Payload.text("too late"));
        client.expectNothingElse();
    }

    @Test
    @DisplayName("cancel is no command: it makes room where no more of those may be sent")
    void cancelNeedsNoRoom() {
        serve(HubOptions.builder().maxPending(1, 1_000));
        SpecClient client = begin();
        long seq = client.command("req # endless stream 0");
        client.say("cancel " + seq);
        client.await("err * " + seq + " cancelled");
        client.does("send # note\nx");
    }

    @Test
    void cancellingWhatHasItsResultChangesNothing() {
        SpecClient client = begin();
        client.await("res * " + client.command("req # echo\nx"));
        client.say("cancel 1");
        client.say("cancel 99");
        client.expectNothingElse();
    }

    @Test
    @DisplayName("a request without stream is never answered by a part; one with it may be answered at once")
    void streamOrNot() {
        SpecClient client = begin();
        client.await("err * " + client.command("req # count\n3") + " *");
        assertThat(client.await("res * " + client.command("req # echo stream 0\nx"))
                        .text())
                .isEqualTo("x");
        client.expectNothingElse();
    }
}
