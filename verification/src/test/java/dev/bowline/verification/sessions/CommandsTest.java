package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.HubOptions;
import dev.bowline.session.wire.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Section 4: what becomes of commands; and the codes of section 10.1. */
@Tag("once")
class CommandsTest extends OwnServerClauses {
    @Test
    void eachHasItsGoodResult() {
        SpecClient client = begin("42");
        client.await("ok * " + client.command("sub # open.a"));
        client.await("ok * " + client.command("pub # open.a\nx"));
        client.await("ok * " + client.command("send # note\nx"));
        client.await("res * " + client.command("req # echo\nx"));
        client.await("ok * " + client.command("read # 0"));
        client.await("ok * " + client.command("auth #\n42"));
        client.await("ok * " + client.command("unsub # open.a"));
        server().told.expect("x");
    }

    @Test
    @DisplayName("payloads come back as they were sent, text as text and bytes as bytes")
    void payloadsAreUntouched() {
        SpecClient client = begin();
        for (String text : new String[] {"plain", "first\nsecond\n", "\n", "é中😀", " ", "ping"}) {
            SpecMessage answer = client.await("res * " + client.command("req # echo\n" + text));
            assertThat(answer.isBinary()).isFalse();
            assertThat(answer.text()).isEqualTo(text);
        }
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        long seq = client.session().nextSeq();
        client.sayBinary("req " + seq + " echo", all);
        SpecMessage answer = client.await("res * " + seq);
        assertThat(answer.isBinary()).isTrue();
        assertThat(answer.payload()).isEqualTo(all);
        seq = client.session().nextSeq();
        client.sayBinary("req " + seq + " echo", "text".getBytes(StandardCharsets.US_ASCII));
        assertThat(client.await("res * " + seq).isBinary()).isTrue();
    }

    @Test
    @DisplayName("an empty payload and none are the same, and go out without a line feed")
    void emptyPayloads() {
        SpecClient client = begin();
        for (String command : new String[] {"req # echo", "req # echo\n"}) {
            SpecMessage answer = client.await("res * " + client.command(command));
            assertThat(answer.hasLineFeed()).isFalse();
            assertThat(answer.isBinary()).isFalse();
        }
    }

    @Test
    void resultsComeInAnyOrder() {
        SpecClient client = begin();
        long slow = client.command("req # late");
        long quick = client.command("req # echo\nquick");
        assertThat(client.next("res 1 " + quick).text()).isEqualTo("quick");
        server().late.complete(Payload.text("at last"));
        assertThat(client.next("res 2 " + slow).text()).isEqualTo("at last");
    }

    @Test
    void aCommandThatIsSentAgainIsHandledOnce() {
        SpecClient client = begin();
        client.does("send # note\none");
        client.say("send 1 note\none");
        client.cut();
        SpecClient back = also(client.reconnect());
        assertThat(back.resume().outcome()).isEqualTo("resumed 1");
        back.say("send 1 note\none");
        back.does("send # note\ntwo");
        back.expectNothingElse();
        server().told.expect("one");
        server().told.expect("two");
        server().told.assertEmpty();
    }

    @Test
    @DisplayName("an answer that was given while the client was away comes when it is back")
    void answersWait() {
        SpecClient client = begin();
        long seq = client.command("req # late");
        client.expectNothingElse();
        client.cut();
        server().late.complete(Payload.text("here"));
        SpecClient back = also(client.reconnect());
        assertThat(back.resume().outcome()).isEqualTo("resumed 1");
        assertThat(back.await("res 1 " + seq).text()).isEqualTo("here");
    }

    @Test
    void refusalsSayWhy() {
        SpecClient client = begin();
        client.isRefused("req # nobody", "not-found");
        client.isRefused("send # nobody\nx", "not-found");
        client.isRefused("req # forbidden", "forbidden");
        client.isRefused("send # forbidden", "forbidden");
        client.isRefused("sub # forbidden", "forbidden");
        client.isRefused("pub # forbidden", "forbidden");
        client.isRefused("sub # hidden.a", "forbidden");
        client.isRefused("pub # unseen.a\nx", "forbidden");
        client.isRefused("sub # unseen.a presence", "forbidden");
        client.isRefused("pub # $mailbox\nx", "forbidden");
        client.isRefused("read # 1", "unauthorized");
        client.isRefused("sub # $mailbox", "unauthorized");
        SpecMessage soldOut = client.await("err * " + client.command("req # sold-out\nx") + " orders.sold-out");
        assertThat(soldOut.text()).isEqualTo("no more of it");
        client.does("sub # unseen.a");
    }

    @Test
    void aHandlerThatTakesTooLongIsATimeout() {
        serve(HubOptions.builder().handlerTimeout(Duration.ofMillis(100)));
        begin().isRefused("req # late", "timeout");
    }

    @Test
    void tooManySubscriptionsAreTooLarge() {
        serve(HubOptions.builder().maxSubscriptions(2));
        SpecClient client = begin();
        client.does("sub # open.a");
        client.does("sub # open.b");
        client.does("sub # open.a"); // it has that one
        client.isRefused("sub # open.c", "too-large");
        client.does("unsub # open.b");
        client.does("sub # open.c");
    }

    @Test
    void tooManyWithoutAResultAreAViolation() {
        serve(HubOptions.builder().maxPending(3, 1 << 20));
        SpecClient client = begin();
        for (int i = 0; i < 3; i++) {
            client.command("req # late");
        }
        client.expectNothingElse();
        client.command("req # late");
        client.expectViolation("too-many-pending");
    }

    @Test
    void tooManyBytesWithoutAResultAreAViolation() {
        serve(HubOptions.builder().maxPending(100, 1_000));
        SpecClient client = begin();
        client.command("req # late\n" + "x".repeat(1_000 - "req 1 late\n".length()));
        client.expectNothingElse();
        client.command("unsub # open.a");
        client.expectViolation("too-many-pending");
    }

    @Test
    @DisplayName("one command may be larger, where no other one is without a result")
    void oneMayBeLarger() {
        serve(HubOptions.builder().maxPending(10, 200));
        SpecClient client = begin();
        client.does("send # note\n" + "x".repeat(1_000));
        client.command("req # late");
        client.command("send # note\n" + "x".repeat(1_000));
        client.expectViolation("too-many-pending");
    }

    @Test
    @DisplayName("what has its result makes room")
    void resultsMakeRoom() {
        serve(HubOptions.builder().maxPending(1, 1_000));
        SpecClient client = begin();
        for (int i = 0; i < 10; i++) {
            client.does("send # note\n" + "x".repeat(900));
        }
        server().told.drain();
    }

    @Test
    void aMessageTooLargeIsAViolation() {
        serve(HubOptions.builder().maxMessageBytes(1_000));
        SpecClient client = begin();
        String header = "req 1 echo\n";
        client.command("req # echo\n" + "x".repeat(1_000 - header.length()));
        client.await("res * 1");
        client.command("req # echo\n" + "x".repeat(1_001 - header.length()));
        client.expectViolation("too-big");
    }

    @Test
    void aMessageAsLargeAsTheDefaultIsTaken() {
        SpecClient client = begin();
        client.command("send # note\n" + "x".repeat(1_048_576 - "send 1 note\n".length()));
        client.next("ok 1 1");
        server().told.take();
    }
}
